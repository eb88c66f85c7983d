"""Findings: what the city hides is found, plain work is not suspected, evidence leads to events."""

from datetime import timedelta

import pytest
from django.test import Client

from support.cases import LEAD, SUPERVISOR
from tongdian.city import habits
from tongdian.service.casework.models import Case, Event
from tongdian.service.supervision.findings import (
    counts_by_district,
    counts_by_kind,
    evidence_of,
    heaps,
    stored_findings,
)
from tongdian.service.supervision.inspection import inspect, inspected
from tongdian.service.supervision.models import Finding
from tongdian.service.supervision.patterns import KINDS
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import board_for


def kinds_of(district: str) -> set[str]:
    found = stored_findings(SUPERVISOR, BoardFilter(district=district))
    return set(found.values_list("kind", flat=True))


@pytest.mark.usefixtures("at_now")
class TestCity:
    def test_every_habit_is_found_where_it_is(self) -> None:
        assert "burst" in kinds_of(habits.SITTING_DIVISION)
        assert "early" in kinds_of(habits.EARLY_POWER_DIVISION)
        assert "backdated" in kinds_of(habits.BACKDATING_DIVISION)
        assert "copied" in kinds_of(habits.MODEL_CONTRACT_DIVISION)
        heaped = heaps(board_for(SUPERVISOR, BoardFilter()))
        assert [(heap.district, heap.track) for heap in heaped] == [
            (habits.HEAPING_DIVISION, "resident")
        ]

    def test_bursts_gather_in_the_office_with_the_habit(self) -> None:
        found = stored_findings(SUPERVISOR, BoardFilter()).filter(kind="burst")
        by_district = counts_by_district(found)
        most = max(by_district, key=lambda code: by_district[code])
        assert most == habits.SITTING_DIVISION
        assert by_district[most] > 2 * sum(n for code, n in by_district.items() if code != most)

    def test_findings_are_few(self) -> None:
        cases = stored_findings(SUPERVISOR, BoardFilter()).values("case").distinct().count()
        assert 5 < cases < 0.08 * Case.objects.count()

    def test_evidence_is_what_the_events_say(self) -> None:
        for finding in stored_findings(SUPERVISOR, BoardFilter()):
            events = {e.seq: e for e in finding.case.events.all()}
            last, first = events[finding.seq], events[finding.first_seq]
            assert finding.recorded_at == last.recorded_at
            numbers = finding.numbers
            if finding.kind == "burst":
                took = (last.recorded_at - first.recorded_at).total_seconds()
                assert numbers["seconds"] == pytest.approx(took, abs=0.51)
                assert finding.seq - finding.first_seq >= 2
            elif finding.kind == "backdated":
                assert last.recorded_at - last.occurred_at > timedelta(hours=24)
            elif finding.kind == "early":
                assert last.kind == "energised"
                assert last.occurred_at < first.recorded_at
                assert first.kind in ("application_accepted", "acceptance_deemed")
            else:
                assert finding.other is not None
                other = finding.other.events.get(seq=numbers["other_seq"])
                assert other.payload["contract_number"] == last.payload["contract_number"]
            assert evidence_of(finding)

    def test_looking_again_finds_nothing_new(self) -> None:
        before = Finding.objects.count()
        assert inspected() == Event.objects.count()
        assert inspect() == 0
        assert Finding.objects.count() == before

    def test_portions_find_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tongdian.service.supervision import inspection

        def all_found() -> list[tuple[object, ...]]:
            rows = Finding.objects.exclude(kind="burst").order_by("case", "kind", "seq")
            return list(rows.values_list("case", "kind", "first_seq", "seq", "other"))

        at_once = all_found()
        bursts = set(Finding.objects.filter(kind="burst").values_list("case", flat=True))
        Finding.objects.all().delete()
        inspection.Inspection.objects.update(leaves=0)
        monkeypatch.setattr(inspection, "PORTION", 700)
        assert inspect() == len(at_once) + len(bursts)
        assert all_found() == at_once
        again = Finding.objects.filter(kind="burst")
        assert sorted(again.values_list("case", flat=True)) == sorted(bursts), "once a case"

    def test_the_head_of_an_office_sees_its_own_alone(self) -> None:
        codes = set(stored_findings(LEAD, BoardFilter()).values_list("case__district", flat=True))
        assert codes <= {"520102"}

    def test_the_page_leads_to_each_event(self, supervisor: Client) -> None:
        response = supervisor.get("/board/findings/")
        page = response.content.decode()
        counts = counts_by_kind(
            stored_findings(SUPERVISOR, BoardFilter()),
            heaps(board_for(SUPERVISOR, BoardFilter())),
        )
        assert list(counts) == list(KINDS)
        assert f"{sum(counts.values())} 条线索" in page
        finding = stored_findings(SUPERVISOR, BoardFilter()).first()
        assert finding is not None
        address = f"/desk/cases/{finding.case.number}/"
        assert f"{address}#event-{finding.first_seq}" in page
        assert f'id="event-{finding.first_seq}"' in supervisor.get(address).content.decode()
        assert "线索不是结论" in page

    @pytest.mark.parametrize("kind", KINDS)
    def test_kinds_can_be_looked_at_alone(self, supervisor: Client, kind: str) -> None:
        response = supervisor.get("/board/findings/", {"kind": kind})
        shown = {one.kind for one, _name, _evidence in response.context["rows"]}
        assert shown <= {kind}
        assert bool(response.context["heaps"]) == (kind == "heaping")
        assert shown or kind == "heaping"
