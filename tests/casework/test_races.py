"""Races, raced: processes of their own against PostgreSQL, many rounds. Nothing lost or doubled."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.cases import CLERK, LEAD, TRACK_FACTS, WHO, carry, journey, person, submit
from support.log import check_cases, check_log
from support.processes import FORK, PATIENCE_SECONDS, race
from support.situations import data_for, situation
from tongdian.service.casework import clock
from tongdian.service.casework.errors import NotAllowed, Superseded
from tongdian.service.casework.models import Case, Event, LogLeaf, TreeHead
from tongdian.service.casework.sequencer import sequence_all, sequence_once
from tongdian.service.connection.actions import act, deem_accepted, record_overdue

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Report = Callable[[Any], None]
REFUSAL = {
    "reason_code": "not_supply_area",
    "clause": "电力法 第二十六条",
    "remedy": "请向所在地供电企业申请",
}


def attempt(report: Report, number: str, kind: str, actor: Any, **more: Any) -> None:
    """Try it once and report how it ended."""
    case = Case.objects.get(number=number)
    data = REFUSAL if kind == "application_not_accepted" else data_for(kind, case.folded)
    try:
        act(number, kind, data, actor=actor, **more)
    except NotAllowed as error:
        report([number, "not allowed", error.stage])
    except Superseded as error:
        report([number, "superseded", [event["kind"] for event in error.happened]])
    else:
        report([number, "won", kind])


@pytest.mark.parametrize("seen", [1, None], ids=["having seen the case", "blindly"])
def test_of_many_who_decide_one_case_at_once_one_wins(seen: int | None) -> None:
    """Half accept and half refuse; the others are told what happened."""
    rounds, deciders = 25, 4
    numbers = [submit("low_voltage").case.number for _ in range(rounds)]
    gate = FORK.Barrier(deciders)

    def decide(kind: str, actor: Any) -> Callable[[Report], None]:
        def run(report: Report) -> None:
            for number in numbers:
                gate.wait(PATIENCE_SECONDS)
                attempt(report, number, kind, actor, expected_seq=seen)

        return run

    kinds = ("application_accepted", "application_not_accepted")
    reports = race([decide(kind, actor) for kind in kinds for actor in (CLERK, LEAD)])
    by_case: dict[str, list[Any]] = {number: [] for number in numbers}
    for line in (line for lines in reports for line in lines):
        by_case[line[0]].append(line[1:])
    for number, outcomes in by_case.items():
        won = [kind for how, kind in outcomes if how == "won"]
        assert len(won) == 1, outcomes
        case = Case.objects.get(number=number)
        events = list(case.events.order_by("seq").values_list("kind", flat=True))
        assert events == ["application_submitted", won[0]]
        for how, what in outcomes:
            if how == "superseded":
                assert what == won
            elif how == "not allowed":
                assert what == case.stage
        counts = Counter(how for how, _ in outcomes)
        assert counts["superseded" if seen else "not allowed"] == deciders - 1
    check_cases()


def test_events_that_do_not_exclude_each_other_all_happen() -> None:
    """Four people add to one case at once: nothing is lost, and each follows the one before."""
    number = situation("scheme_accepted")
    start = Case.objects.get(number=number).seq
    each = 12

    def assign(name: str) -> Callable[[Report], None]:
        def run(report: Report) -> None:
            for turn in range(each):
                done = act(number, "assigned", {"assignee": f"{name}-{turn}"}, actor=LEAD)
                report(done.event.seq)

        return run

    reports = race([assign(name) for name in ("a", "b", "c", "d")])
    seqs = sorted(seq for lines in reports for seq in lines)
    assert seqs == list(range(start + 1, start + 1 + 4 * each))
    for lines in reports:
        assert lines == sorted(lines)
    check_cases()


def test_contract_meter_and_power_at_once_keep_their_order() -> None:
    """Power is asked for at the same time as what it needs: it comes last, or not at all."""
    numbers = []
    for _ in range(12):
        number = submit("resident").case.number
        carry(number, journey("resident")[:3])
        numbers.append(number)
    gate = FORK.Barrier(3)

    def repeat(kind: str, role: str) -> Callable[[Report], None]:
        def run(report: Report) -> None:
            for number in numbers:
                gate.wait(PATIENCE_SECONDS)
                attempt(report, number, kind, WHO[role])

        return run

    tasks = [("contract_recorded", "clerk"), ("meter_installed", "fieldworker")]
    race([repeat(*task) for task in (*tasks, ("energised", "fieldworker"))])
    for number in numbers:
        kinds = list(
            Event.objects.filter(case__number=number).order_by("seq").values_list("kind", flat=True)
        )
        assert {"contract_recorded", "meter_installed"} <= set(kinds)
        assert "energised" not in kinds or kinds[-1] == "energised"
    check_cases()


def test_two_workers_record_silence_and_overdue_once() -> None:
    numbers = [submit("resident").case.number for _ in range(10)]
    later = clock.now() + timedelta(days=40)
    gate = FORK.Barrier(3)

    def work(report: Report) -> None:
        with clock.moved_to(later):
            for number in numbers:
                gate.wait(PATIENCE_SECONDS)
                report(deem_accepted(number) is not None)
                report(record_overdue(number) is not None)

    reports = race([work, work, work])
    assert sum(line for lines in reports for line in lines) == 2 * len(numbers)
    for number in numbers:
        kinds = list(Case.objects.get(number=number).events.values_list("kind", flat=True))
        assert Counter(kinds) == Counter(
            ["application_submitted", "acceptance_deemed", "overdue_recorded"]
        )
    check_cases()


def test_many_cases_in_parallel_keep_their_chains_and_numbers() -> None:
    tracks = list(TRACK_FACTS)

    def write(seed: int) -> Callable[[Report], None]:
        def run(report: Report) -> None:
            chance = random.Random(seed)
            for _ in range(6):
                track = chance.choice(tracks)
                number = submit(track, person("person-1")).case.number
                carry(number, journey(track)[: chance.randint(1, 9)])
                report(number)

        return run

    reports = race([write(seed) for seed in range(4)])
    numbers = [number for lines in reports for number in lines]
    assert len(set(numbers)) == len(numbers) == 24
    check_cases()
    sequence_all()
    assert check_log() == Event.objects.count()


def test_sequencers_and_writers_together_give_every_event_one_leaf() -> None:
    writers, sequencers, cases = 3, 3, 8
    expected = writers * cases * (1 + len(journey("resident")))

    def write(report: Report) -> None:
        for _ in range(cases):
            number = submit("resident").case.number
            carry(number, journey("resident"))

    def sequence(report: Report) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while LogLeaf.objects.count() < expected and time.monotonic() < end:
            report(sequence_once(random.choice([1, 3, 20])))

    reports = race([write] * writers + [sequence] * sequencers)
    placed = sum(line for lines in reports[writers:] for line in lines)
    assert placed == Event.objects.count() == expected
    assert check_log() == placed
    batches = [line for lines in reports[writers:] for line in lines if line]
    assert TreeHead.objects.count() == len(batches)
    check_cases()
