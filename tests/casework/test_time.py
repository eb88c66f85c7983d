"""What time does to a case: silence, overdue, holiday notices, late paper, corrected times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from support.cases import (
    CLERK,
    LEAD,
    OFFICER,
    SUPERVISOR,
    WHO,
    application,
    carry,
    journey,
    submit,
)
from support.situations import data_for
from tongdian.law.calendar import SHANGHAI, WorkCalendar, default_calendar
from tongdian.law.holidays import HolidayPeriod, Notice, YearNotice
from tongdian.service.casework import clock, planning, timeline
from tongdian.service.casework.errors import CaseNotFound, Forbidden, InvalidInput, NotAllowed
from tongdian.service.casework.models import Case, Event, row_of
from tongdian.service.casework.perform import Performed
from tongdian.service.casework.planning import cached_columns, fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.connection import actions, jobs
from tongdian.service.connection.actions import (
    act,
    deem_accepted,
    recompute_for_calendar,
    record_overdue,
    submit_application,
)
from tongdian.service.identity.actors import Actor

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    """Shanghai time, for example `2026-11-02 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@contextmanager
def on(text: str) -> Iterator[None]:
    with clock.moved_to(at(text)):
        yield


def submitted_on(text: str, track: str = "resident") -> str:
    with on(text):
        return str(submit(track).case.number)


def take(number: str, text: str, kind: str, role: str, **data: Any) -> Performed:
    """One event on a day, with good data."""
    with on(text):
        case = Case.objects.get(number=number)
        return act(number, kind, {**data_for(kind, case.folded), **data}, actor=WHO[role])


def kinds(number: str) -> list[str]:
    return list(
        Event.objects.filter(case__number=number).order_by("seq").values_list("kind", flat=True)
    )


def stored_equals_refolded(number: str) -> None:
    case = Case.objects.get(number=number)
    events = list(case.events.order_by("seq"))
    definition = definition_of(case.process)
    state = fold_events(definition, events)
    assert state.to_json() == case.state
    for name, value in cached_columns(definition, state, events[-1].recorded_at).items():
        assert getattr(case, name) == value, name


# --- silence ----------------------------------------------------------------------------------


def test_silence_accepts_after_five_working_days_as_of_the_day_of_receipt() -> None:
    """行政许可法 art. 32. Filed on Monday 2 November: the last day to answer is Monday the 9th."""
    number = submitted_on("2026-11-02 10:00", "low_voltage")
    for day in ("2026-11-03 00:00", "2026-11-09 23:59"):
        with on(day):
            assert deem_accepted(number) is None
    with on("2026-11-10 00:00"):
        done = deem_accepted(number)
        assert done is not None
        assert deem_accepted(number) is None
    assert (done.case.stage, done.case.lane) == ("survey", "utility")
    assert done.event.payload == {"clause": "行政许可法 第三十二条"}
    assert done.event.actor["role"] == "system"
    survey = done.case.folded.holds[-1]
    assert (survey.stage, survey.start) == ("survey", at("2026-11-02 10:00"))
    # The period for the scheme, 8 working days by statute, has run since the 2nd.
    assert done.case.statutory_due_on == date(2026, 11, 12)
    stored_equals_refolded(number)


def test_silence_counts_around_holidays() -> None:
    """Filed on 29 September: the 30th, then the 8th to the 10th (a Saturday worked), the 12th."""
    number = submitted_on("2026-09-29 16:00")
    assert default_calendar().add(date(2026, 9, 29), 5) == date(2026, 10, 12)
    with on("2026-10-12 23:59"):
        assert deem_accepted(number) is None
    with on("2026-10-13 00:00"):
        assert deem_accepted(number) is not None


def test_a_list_or_a_decision_in_time_leaves_nothing_to_silence() -> None:
    listed = submitted_on("2026-11-02 10:00")
    accepted = submitted_on("2026-11-02 10:00")
    take(listed, "2026-11-05 10:00", "deficiency_listed", "clerk")
    take(accepted, "2026-11-05 10:00", "application_accepted", "clerk")
    with on("2026-12-24 10:00"):
        assert deem_accepted(listed) is None
        assert deem_accepted(accepted) is None
        assert deem_accepted("GY000000000000X") is None


def test_after_the_answer_to_a_list_silence_runs_anew() -> None:
    number = submitted_on("2026-11-02 10:00")
    take(number, "2026-11-03 10:00", "deficiency_listed", "clerk")
    take(number, "2026-11-16 10:00", "deficiency_answered", "applicant")
    with on("2026-11-23 20:00"):
        assert deem_accepted(number) is None
    with on("2026-11-24 00:01"):
        assert deem_accepted(number) is not None
    assert Case.objects.get(number=number).folded.holds[-1].start == at("2026-11-16 10:00")


def test_a_pause_stops_silence_too() -> None:
    number = submitted_on("2026-11-02 10:00")
    take(number, "2026-11-03 10:00", "clock_paused", "lead")
    with on("2026-12-01 10:00"):
        assert deem_accepted(number) is None
    take(number, "2026-12-01 10:00", "clock_resumed", "lead")
    with on("2026-12-07 23:00"):
        assert deem_accepted(number) is None
    with on("2026-12-08 00:00"):
        assert deem_accepted(number) is not None


def test_a_short_pause_gives_no_new_period_to_answer() -> None:
    """Paused and resumed on the last day: the period of five days ends on that day all the same."""
    number = submitted_on("2026-11-02 10:00")
    take(number, "2026-11-09 16:00", "clock_paused", "lead")
    take(number, "2026-11-09 16:01", "clock_resumed", "lead")
    with on("2026-11-10 00:00"):
        assert deem_accepted(number) is not None


@pytest.mark.parametrize(
    "kind", ["deficiency_listed", "application_not_accepted", "application_accepted"]
)
def test_nobody_answers_after_the_period_though_the_worker_slept(kind: str) -> None:
    """A list would stop the clock, a refusal end the case, a late acceptance let the period for the
    scheme start late; the law has accepted already."""
    number = submitted_on("2026-11-02 10:00", "low_voltage")
    with pytest.raises(NotAllowed) as refused:
        take(number, "2026-11-10 00:01", kind, "clerk")
    assert "第三十二条" in refused.value.refusal.clause
    assert kind not in refused.value.allowed
    assert kinds(number) == ["application_submitted"]
    with on("2026-11-10 00:02"):
        assert deem_accepted(number) is not None
    on_time = submitted_on("2026-11-02 10:00", "low_voltage")
    assert take(on_time, "2026-11-09 23:59", kind, "clerk").event.kind == kind


def test_the_job_deems_all_that_were_left_lying_once() -> None:
    lying = [submitted_on("2026-11-02 10:00") for _ in range(3)]
    fresh = submitted_on("2026-11-09 10:00")
    with on("2026-11-10 08:00"):
        assert jobs.deem_accepted_silence(0) == 3
        assert jobs.deem_accepted_silence(0) == 0
    assert [kinds(number)[-1] for number in lying] == ["acceptance_deemed"] * 3
    assert kinds(fresh) == ["application_submitted"]


# --- overdue ----------------------------------------------------------------------------------


def test_overdue_is_recorded_once_for_each_limit() -> None:
    """A resident: three working days in all by the plan, three for the scheme by statute."""
    number = submitted_on("2026-11-02 10:00")
    take(number, "2026-11-03 10:00", "application_accepted", "clerk")
    with on("2026-11-05 23:59"):
        assert record_overdue(number) is None
    with on("2026-11-06 00:00"):
        first = record_overdue(number)
        assert record_overdue(number) is None
    assert first is not None
    assert first.event.payload == {"limits": ["promise"], "escalated_to": [first.case.office]}
    with on("2026-11-09 00:00"):
        second = record_overdue(number)
        assert record_overdue(number) is None
    assert second is not None
    assert second.event.payload == {
        "limits": ["promise", "statute:scheme"],
        "escalated_to": ["GY-FGW", second.case.office],
    }
    with on("2026-12-24 00:00"):
        assert record_overdue(number) is None
    assert kinds(number).count("overdue_recorded") == 2
    stored_equals_refolded(number)


def test_a_second_round_of_a_step_does_not_record_the_same_again() -> None:
    number = submitted_on("2026-11-02 10:00", "low_voltage")
    with on("2026-11-02 10:00"):
        carry(number, journey("low_voltage")[:1])
    with on("2026-11-16 10:00"):
        first = record_overdue(number)
    assert first is not None
    assert first.event.payload["limits"] == ["promise", "statute:scheme"]
    take(number, "2026-11-16 11:00", "survey_completed", "fieldworker")
    take(number, "2026-11-16 12:00", "scheme_replied", "engineer")
    take(number, "2026-11-17 10:00", "scheme_disputed", "applicant")
    with on("2026-11-18 10:00"):
        assert record_overdue(number) is None
    done = take(number, "2026-11-18 12:00", "withdrawn", "applicant").case
    assert (done.late, done.breached) == (True, True)
    stored_equals_refolded(number)


@pytest.mark.parametrize(("changed", "late"), [("2026-11-10", False), ("2026-11-11", True)])
def test_a_longer_limit_does_not_make_undone_that_the_shorter_was_exceeded(
    changed: str, late: bool
) -> None:
    """三零: six working days, the last Tuesday 10 November; ten once external works are found."""
    number = submitted_on("2026-11-02 10:00", "zero_lv")
    take(number, "2026-11-03 10:00", "application_accepted", "clerk")
    take(number, f"{changed} 09:00", "track_reclassified", "engineer")
    with on(f"{changed} 10:00"):
        done = record_overdue(number)
    if late:
        assert done is not None
        assert "promise:zero_lv" in done.event.payload["limits"]
        assert "promise" not in done.event.payload["limits"]
    closed = take(number, f"{changed} 12:00", "withdrawn", "applicant").case
    assert closed.late is late
    stored_equals_refolded(number)


def test_what_waits_for_the_applicant_or_is_paused_is_not_overdue() -> None:
    waiting = submitted_on("2026-11-02 10:00", "low_voltage")
    take(waiting, "2026-11-03 10:00", "deficiency_listed", "clerk")
    paused = submitted_on("2026-11-02 10:00")
    take(paused, "2026-11-03 10:00", "clock_paused", "lead")
    with on("2026-12-24 10:00"):
        assert record_overdue(waiting) is None
        assert record_overdue(paused) is None
        assert jobs.record_overdue_cases(0) == 0


def test_a_pause_right_after_the_limit_hides_nothing() -> None:
    number = submitted_on("2026-11-02 10:00")
    take(number, "2026-11-06 00:01", "clock_paused", "lead")
    with on("2026-11-06 09:00"):
        assert Case.objects.get(number=number).due_on is None
        assert jobs.record_overdue_cases(0) == 1
        assert jobs.record_overdue_cases(0) == 0
    assert kinds(number)[-1] == "overdue_recorded"
    assert Case.objects.get(number=number).pause_ground == "force_majeure"
    stored_equals_refolded(number)


def test_handing_on_right_after_the_limit_hides_nothing() -> None:
    number = submitted_on("2026-11-02 10:00", "low_voltage")
    take(number, "2026-11-03 10:00", "application_accepted", "clerk")
    take(number, "2026-11-05 10:00", "survey_completed", "fieldworker")
    take(number, "2026-11-16 00:01", "scheme_replied", "engineer")
    case = Case.objects.get(number=number)
    assert (case.lane, case.due_on) == ("applicant", None)
    with on("2026-11-16 09:00"):
        assert jobs.record_overdue_cases(0) == 1
    assert kinds(number)[-1] == "overdue_recorded"


def test_the_job_finds_what_is_late() -> None:
    number = submitted_on("2026-11-02 10:00")
    with on("2026-11-06 09:00"):
        assert jobs.record_overdue_cases(0) == 1
        assert jobs.record_overdue_cases(0) == 0
    assert kinds(number)[-1] == "overdue_recorded"


def test_departments_that_are_silent_are_overdue_and_nothing_is_granted() -> None:
    number = submitted_on("2026-11-02 10:00", "zero_lv_external")
    with on("2026-11-02 11:00"):
        carry(number, journey("zero_lv_external")[:4])
    with on("2026-11-10 00:00"):
        done = record_overdue(number)
    assert done is not None
    assert done.event.payload == {
        "limits": ["item:municipal", "joint_approval"],
        "escalated_to": ["GY-FGW", "GY-ZHZF", "GY-ZWZX"],
    }
    assert (done.case.stage, done.case.lane) == ("permits", "government")


# --- a new holiday notice ---------------------------------------------------------------------

# As if the State Council had bridged the Monday after New Year 2027 and had a Saturday worked.
NOTICE_2027 = YearNotice(
    2027,
    (Notice("关于2027年部分节假日安排的通知", "示例〔2026〕1号"),),
    (
        HolidayPeriod(
            "new_year",
            "示例〔2026〕1号",
            date(2027, 1, 1),
            date(2027, 1, 4),
            (date(2027, 1, 9),),
        ),
    ),
)


@pytest.fixture
def announce(monkeypatch: pytest.MonkeyPatch) -> Callable[[], WorkCalendar]:
    """Put the notice for 2027 in force everywhere that a case is measured."""

    def put() -> WorkCalendar:
        calendar = default_calendar().with_year(NOTICE_2027)
        for module in (planning, timeline, actions, jobs):
            monkeypatch.setattr(module, "default_calendar", lambda: calendar)
        return calendar

    return put


def test_a_notice_that_moves_the_due_date_is_an_event(
    announce: Callable[[], WorkCalendar],
) -> None:
    number = submitted_on("2026-12-30 10:00")
    before = Case.objects.get(number=number)
    assert (before.due_on, before.due_provisional) == (date(2027, 1, 5), True)
    calendar = announce()
    with on("2026-12-31 10:00"):
        done = recompute_for_calendar(number)
        assert done is not None
        assert recompute_for_calendar(number) is None
    assert (done.case.due_on, done.case.due_provisional) == (date(2027, 1, 6), False)
    assert done.event.payload == {
        "calendar": calendar.version,
        "due_before": "2027-01-05",
        "due_after": "2027-01-06",
    }
    assert done.event.actor["role"] == "system"
    assert done.case.folded.holds == before.folded.holds
    assert done.case.calendar_version == calendar.version != before.calendar_version
    stored_equals_refolded(number)


def test_a_notice_that_only_confirms_the_date_makes_it_certain(
    announce: Callable[[], WorkCalendar],
) -> None:
    """Due late in January either way: the worked Saturday makes up for the Monday."""
    number = submitted_on("2026-12-30 10:00", "high_voltage_single")
    before = Case.objects.get(number=number)
    assert before.due_provisional
    announce()
    with on("2026-12-31 10:00"):
        done = recompute_for_calendar(number)
    assert done is not None
    assert (done.case.due_on, done.case.due_provisional) == (before.due_on, False)
    assert done.event.payload["due_before"] == done.event.payload["due_after"]
    stored_equals_refolded(number)


def test_a_notice_that_moves_nothing_writes_no_event(
    announce: Callable[[], WorkCalendar],
) -> None:
    number = submitted_on("2026-11-02 10:00")
    calendar = announce()
    with on("2026-11-03 10:00"):
        assert recompute_for_calendar(number) is None
    assert kinds(number) == ["application_submitted"]
    assert Case.objects.get(number=number).calendar_version == calendar.version
    stored_equals_refolded(number)


def test_a_statutory_date_that_alone_moves_is_kept_right(
    announce: Callable[[], WorkCalendar],
) -> None:
    """The promise ends on 31 December, the statute's eight days in January."""
    number = submitted_on("2026-12-23 10:00", "low_voltage")
    with on("2026-12-23 11:00"):
        carry(number, journey("low_voltage")[:1])
    case = Case.objects.get(number=number)
    assert (case.due_on, case.statutory_due_on) == (date(2026, 12, 31), date(2027, 1, 5))
    announce()
    with on("2026-12-24 10:00"):
        assert recompute_for_calendar(number) is None
    assert Case.objects.get(number=number).statutory_due_on == date(2027, 1, 6)
    stored_equals_refolded(number)


def test_the_job_recomputes_open_cases_and_leaves_closed_ones(
    announce: Callable[[], WorkCalendar],
) -> None:
    moved, closed = submitted_on("2026-12-30 10:00"), submitted_on("2026-12-30 10:00")
    take(closed, "2026-12-30 11:00", "withdrawn", "applicant")
    announce()
    with on("2026-12-31 10:00"):
        assert jobs.recompute_open_clocks(0) == 1
        assert jobs.recompute_open_clocks(0) == 0
    assert kinds(moved)[-1] == "clock_recomputed"
    assert kinds(closed)[-1] == "withdrawn"


# --- a paper form typed in late ---------------------------------------------------------------


def paper(filed: str | datetime, typed: str) -> Case:
    """An application handed in at a window at one time and typed in at another."""
    filed_at = at(filed) if isinstance(filed, str) else filed
    with on(typed):
        wish = application("resident", channel="window")
        return submit_application(wish, actor=WHO["applicant"], at=filed_at).performed.case


def test_paper_typed_in_late_starts_the_clock_when_it_was_handed_in() -> None:
    case = paper("2026-11-02 17:00", "2026-11-04 09:00")
    event = case.events.get()
    assert (event.occurred_at, event.recorded_at) == (
        at("2026-11-02 17:00"),
        at("2026-11-04 09:00"),
    )
    assert case.folded.holds[0].start == case.submitted_at == at("2026-11-02 17:00")
    assert case.opened_at == at("2026-11-04 09:00")
    assert case.due_on == date(2026, 11, 5)
    stored_equals_refolded(case.number)


def test_no_other_event_gains_time_by_a_claim() -> None:
    """Only the opening counts from its claim; what is done late is late, whatever is said."""
    number = submitted_on("2026-11-02 10:00")
    with on("2026-11-09 10:00"):
        act(number, "application_accepted", {}, actor=CLERK, at=at("2026-11-03 10:00"))
    case = Case.objects.get(number=number)
    assert case.folded.holds[0].end == at("2026-11-09 10:00")
    assert case.events.get(seq=2).occurred_at == at("2026-11-03 10:00")


@pytest.mark.parametrize(
    "claim",
    [
        at("2026-11-04 09:03"),
        at("2027-11-04 09:00"),
        at("1999-12-31 10:00"),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 3, 9),  # noqa: DTZ001 - an instant without a zone is what is tried
    ],
)
def test_a_claim_that_cannot_be_is_refused(claim: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        paper(claim, "2026-11-04 09:00")
    assert [error.field for error in refused.value.errors] == ["occurred_at"]
    assert not Case.objects.exists()
    assert not Event.objects.exists()


def test_nothing_can_be_said_to_have_happened_before_the_application() -> None:
    number = submitted_on("2026-11-02 10:00")
    before = row_of(Case.objects.get(number=number))
    with on("2026-11-03 10:00"), pytest.raises(InvalidInput):
        act(number, "application_accepted", {}, actor=CLERK, at=at("2026-11-02 09:59"))
    assert row_of(Case.objects.get(number=number)) == before
    assert kinds(number) == ["application_submitted"]


def test_a_server_whose_clock_stepped_back_never_records_before_the_last_event() -> None:
    number = submitted_on("2026-11-03 00:00:01")
    done = take(number, "2026-11-02 23:59:59", "application_accepted", "clerk")
    assert done.event.recorded_at == at("2026-11-03 00:00:01")
    stored_equals_refolded(number)


# --- corrected times --------------------------------------------------------------------------


def correct(number: str, now: str, seq: int, instant: str, actor: Actor = SUPERVISOR) -> Performed:
    data = {"seq": seq, "instant": instant, "reason": "录入时间有误", "evidence": "现场照片"}
    with on(now):
        return act(number, "event_time_corrected", data, actor=actor)


@pytest.fixture
def surveyed() -> str:
    """Submitted on the 2nd, accepted on the 3rd, surveyed on the 6th of November."""
    number = submitted_on("2026-11-02 10:00", "low_voltage")
    take(number, "2026-11-03 10:00", "application_accepted", "clerk")
    take(number, "2026-11-06 10:00", "survey_completed", "fieldworker")
    return number


def test_a_correction_moves_the_clock_and_leaves_the_record(surveyed: str) -> None:
    original = Event.objects.get(case__number=surveyed, seq=3)
    done = correct(surveyed, "2026-11-09 10:00", 3, "2026-11-04T10:00:00+08:00")
    untouched = Event.objects.get(case__number=surveyed, seq=3)
    assert untouched.recorded_at == original.recorded_at == at("2026-11-06 10:00")
    assert bytes(untouched.hash) == bytes(original.hash)
    assert [hold.start for hold in done.case.folded.holds] == [
        at("2026-11-02 10:00"),
        at("2026-11-03 10:00"),
        at("2026-11-04 10:00"),
    ]
    assert done.event.payload["reason"] == "录入时间有误"
    stored_equals_refolded(surveyed)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-11-03T09:59:59+08:00",
        "2026-11-09T10:00:01+08:00",
        "2026-11-01T10:00:00+08:00",
        "2027-11-04T10:00:00+08:00",
        "1900-01-01T00:00:00+08:00",
        "2026-02-31T10:00:00+08:00",
        "2026-11-04T25:00:00+08:00",
        "2026-11-04T10:00:00",
        "2026-11-04",
        "yesterday",
    ],
)
def test_a_time_outside_the_neighbours_is_refused(surveyed: str, instant: str) -> None:
    before, events = row_of(Case.objects.get(number=surveyed)), Event.objects.count()
    with pytest.raises(InvalidInput) as refused:
        correct(surveyed, "2026-11-09 10:00", 3, instant)
    assert [error.field for error in refused.value.errors] == ["instant"]
    assert row_of(Case.objects.get(number=surveyed)) == before
    assert Event.objects.count() == events


@pytest.mark.parametrize("instant", ["2026-11-03T10:00:00+08:00", "2026-11-09T10:00:00+08:00"])
def test_the_neighbours_own_times_are_still_possible(surveyed: str, instant: str) -> None:
    correct(surveyed, "2026-11-09 10:00", 3, instant)
    stored_equals_refolded(surveyed)


def test_corrections_cannot_cross_each_other(surveyed: str) -> None:
    """Where an event was corrected to is where its neighbours' room ends."""
    correct(surveyed, "2026-11-09 10:00", 2, "2026-11-05T10:00:00+08:00")
    with pytest.raises(InvalidInput):
        correct(surveyed, "2026-11-09 11:00", 3, "2026-11-04T10:00:00+08:00")
    correct(surveyed, "2026-11-09 12:00", 3, "2026-11-05T11:00:00+08:00")
    with pytest.raises(InvalidInput):
        correct(surveyed, "2026-11-09 13:00", 2, "2026-11-05T12:00:00+08:00")
    stored_equals_refolded(surveyed)


def test_the_last_correction_holds(surveyed: str) -> None:
    correct(surveyed, "2026-11-09 10:00", 2, "2026-11-05T10:00:00+08:00")
    done = correct(surveyed, "2026-11-09 11:00", 2, "2026-11-04T10:00:00+08:00")
    assert done.case.folded.holds[1].start == at("2026-11-04 10:00")
    stored_equals_refolded(surveyed)


def test_the_application_itself_cannot_be_moved_out_of_the_calendar(surveyed: str) -> None:
    with pytest.raises(InvalidInput):
        correct(surveyed, "2026-11-09 10:00", 1, "2001-01-01T00:00:00+08:00")
    done = correct(surveyed, "2026-11-09 10:00", 1, "2026-10-30T10:00:00+08:00")
    assert done.case.submitted_at == at("2026-10-30 10:00")
    stored_equals_refolded(surveyed)


@pytest.mark.parametrize("seq", [4, 99])
def test_an_event_that_does_not_exist_cannot_be_corrected(surveyed: str, seq: int) -> None:
    with pytest.raises(InvalidInput):
        correct(surveyed, "2026-11-09 10:00", seq, "2026-11-06T10:00:00+08:00")


def test_only_a_supervisor_corrects_and_strangers_learn_nothing(surveyed: str) -> None:
    before = Event.objects.count()
    for actor in (LEAD, CLERK, WHO["applicant"]):
        for instant in ("2026-11-04T10:00:00+08:00", "1999-01-01T10:00:00+08:00"):
            with pytest.raises(Forbidden):
                correct(surveyed, "2026-11-09 10:00", 3, instant, actor)
    with pytest.raises(CaseNotFound):
        correct(surveyed, "2026-11-09 10:00", 99, "2026-11-04T10:00:00+08:00", OFFICER)
    assert Event.objects.count() == before


def test_power_on_corrected_changes_the_days_of_the_closed_case() -> None:
    number = submitted_on("2026-11-02 10:00")
    with on("2026-11-02 11:00"):
        carry(number, journey("resident")[:-1])
    late = take(number, "2026-11-12 10:00", "energised", "fieldworker").case
    assert (late.whole_process_days, late.late) == (8, True)
    seq = late.seq
    done = correct(number, "2026-11-13 10:00", seq, "2026-11-04T10:00:00+08:00").case
    assert (done.whole_process_days, done.late) == (2, False)
    assert done.closed_at == at("2026-11-04 10:00")
    assert done.outcome == "energised"
    stored_equals_refolded(number)
