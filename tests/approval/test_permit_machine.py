"""Any department, the window and those who file do anything to any item, in any order, while time
passes: what must hold whatever they do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from support.cases import WHO, carry, journey, staff, submit
from support.situations import data_for
from tongdian.law.process import CaseState
from tongdian.service.approval.process import (
    AT_PERMITS,
    AUTHORITIES,
    DECIDED,
    ISSUE,
    ITEM_CORRECTION,
    ITEM_SPECIAL,
    ITEM_TABLE,
    PERMITS,
    REVOKED,
    WORKING,
)
from tongdian.service.casework import clock
from tongdian.service.casework.errors import CaseNotFound, Forbidden, InvalidInput, NotAllowed
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.planning import cached_branches, fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.connection.actions import act, record_overdue

ITEMS = tuple(AUTHORITIES)
PEOPLE = {
    **{code: staff("officer", code) for code in sorted(set(AUTHORITIES.values()))},
    "window": WHO["window"],
    "engineer": WHO["engineer"],
    "applicant": WHO["applicant"],
}
OF_ITEM = (
    "item_accepted",
    "item_correction_listed",
    "item_corrected",
    "item_special_started",
    "item_special_ended",
    "item_decided",
    "item_not_accepted",
    "item_withdrawn",
    "permit_revoked",
)
OF_ALL = ("permits_filed", "items_resubmitted", "permits_received", "permits_decided")
REFUSED = {"result": "refused", "reason": "穿越泄洪通道", "clause": "条例 第三十三条",
           "remedy": "改线后重新申报"}  # fmt: skip
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


class PermitMachine(RuleBasedStateMachine):
    """A case with its external works before it, and the time its server believes it is."""

    number: str = ""
    now: datetime = START

    @initialize(items=st.sets(st.sampled_from(ITEMS), min_size=1))
    def file(self, items: set[str]) -> None:
        self.now = START
        with clock.moved_to(self.now):
            self.number = submit("zero_lv_external").case.number
            carry(self.number, journey("zero_lv_external")[:3])
            data = {"items": sorted(items)}
            act(self.number, "permits_filed", data, actor=WHO["engineer"])

    @property
    def case(self) -> Case:
        return Case.objects.get(number=self.number)

    @rule(hours=st.integers(0, 90))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        kind=st.sampled_from(OF_ITEM),
        item=st.sampled_from(ITEMS),
        who=st.sampled_from(sorted(PEOPLE)),
        refuse=st.booleans(),
    )
    def move_an_item(self, kind: str, item: str, who: str, refuse: bool) -> None:
        data = {**data_for(kind, self.case.folded), "item": item}
        if kind == "item_decided" and refuse:
            data |= REFUSED
        before = self.case
        happened = self.attempt(kind, data, who)
        if happened and who.startswith("GY-"):
            assert AUTHORITIES[item] == who
        if happened:
            self.others_stand(before.folded, item)

    @rule(
        kind=st.sampled_from(OF_ALL),
        items=st.sets(st.sampled_from(ITEMS), min_size=1),
        who=st.sampled_from(sorted(PEOPLE)),
    )
    def move_all(self, kind: str, items: set[str], who: str) -> None:
        data = data_for(kind, self.case.folded)
        if "items" in data:
            data |= {"items": sorted(items)}
        if self.attempt(kind, data, who) and kind in ("permits_received", "permits_decided"):
            assert who == "window"

    @rule(item=st.sampled_from(ITEMS), refuse=st.booleans())
    def its_department_goes_on(self, item: str, refuse: bool) -> None:
        """What a department would do next, so that cases get somewhere."""
        for kind in ("item_accepted", "item_special_ended", "item_decided"):
            data = {**data_for(kind, self.case.folded), "item": item}
            if kind == "item_decided" and refuse:
                data |= REFUSED
            self.attempt(kind, data, AUTHORITIES[item])

    @rule()
    def the_worker_comes_by(self) -> None:
        with clock.moved_to(self.now):
            record_overdue(self.number)
            assert record_overdue(self.number) is None

    def attempt(self, kind: str, data: dict[str, Any], who: str) -> bool:
        """Do it, or be refused without a trace."""
        before = self.case.seq
        try:
            with clock.moved_to(self.now):
                act(self.number, kind, data, actor=PEOPLE[who])
        except (CaseNotFound, Forbidden, NotAllowed, InvalidInput):
            assert self.case.seq == before
            return False
        return True

    def others_stand(self, before: CaseState, item: str) -> None:
        """A department never moves what is another's: its stage, its holds, its facts."""
        after = self.case.folded.branches
        for name, branch in before.branches.items():
            if name != item:
                assert after[name] == branch

    @invariant()
    def the_case_stands_where_its_items_say(self) -> None:
        """The joint stage is over exactly when the last item is; waiting needs all to wait."""
        state = self.case.folded
        stages = {branch.stage for branch in state.branches.values()}
        if stages & WORKING:
            assert state.stage == PERMITS
        elif ITEM_CORRECTION in stages:
            assert state.stage == "permits_amending"
        elif ITEM_SPECIAL in stages:
            assert state.stage == "permits_special"
        else:
            unissued = any(
                b.stage in DECIDED and not b.done.get("permits_decided")
                for b in state.branches.values()
            )
            assert state.stage == (ISSUE if unissued else "external_works")

    @invariant()
    def nothing_is_granted_but_by_its_department(self) -> None:
        events = list(self.case.events.order_by("seq"))
        for name, branch in self.case.folded.branches.items():
            if branch.stage not in ("granted", "refused", REVOKED):
                continue
            decided = [e for e in events if e.kind == "item_decided" and e.payload["item"] == name]
            assert decided
            assert all(e.actor["organisation"] == AUTHORITIES[name] for e in decided)

    @invariant()
    def what_is_stored_follows_from_the_events(self) -> None:
        case = self.case
        definition = definition_of(case.process)
        events = list(case.events.order_by("seq"))
        state = fold_events(definition, events)
        assert state.to_json() == case.state
        last = max(e.recorded_at for e in events)
        rows = {row["name"]: row for row in cached_branches(definition, state, last)}
        stored = CaseBranch.objects.filter(case=case)
        assert set(rows) == set(stored.values_list("name", flat=True))
        for row in stored:
            assert row.stage == rows[row.name]["stage"]
            assert row.organisation == AUTHORITIES[row.name]

    @invariant()
    def holds_of_an_item_leave_no_gap_while_it_is_open(self) -> None:
        for branch in self.case.folded.branches.values():
            closed = branch.holds[-1].end is not None
            assert closed == (ITEM_TABLE[branch.stage].lane is None)
            for earlier, later in zip(branch.holds, branch.holds[1:], strict=False):
                assert earlier.end is not None
                assert earlier.end <= later.start

    @invariant()
    def the_joint_clock_runs_while_a_department_works(self) -> None:
        case = self.case
        if case.stage in AT_PERMITS and case.stage == PERMITS:
            assert case.lane == "government"


@pytest.mark.django_db
def test_whatever_they_do_items_stay_apart_and_the_join_holds() -> None:
    run_state_machine_as_test(
        PermitMachine,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, database=None),
    )
