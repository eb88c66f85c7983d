"""Filing and intake: accepted at once, after completion, by silence, or not at all."""

from collections.abc import Generator
from typing import Any, Final

import simpy

from tongdian.city import habits
from tongdian.city.casefile import WAITS, CaseFile
from tongdian.city.ratings import rate
from tongdian.city.staff import Events
from tongdian.city.workclock import MINUTE, at_hour, day_of

Decided = Generator[simpy.Event, Any, bool]

CONTRACTOR_SHARE: Final = {"high_voltage_single": 0.18, "high_voltage_dual": 0.2}
PAPER_SHARE: Final = 0.05
SILENCE_SHARE: Final = 0.002
REFUSAL_SHARE: Final = 0.006
DEFICIENCY_SHARE: Final = {"resident": 0.03, "zero_lv": 0.08, "zero_lv_external": 0.09}
DEFICIENCY_SHARE_OTHERS: Final = 0.16
UNANSWERED_SHARE: Final = 0.06
EARLY_WITHDRAWAL_SHARE: Final = 0.008


def file_application(case: CaseFile, *, at_window: bool) -> Events:
    """The owner applies, or a contractor files for an owner who then confirms."""
    if case.happens(CONTRACTOR_SHARE.get(case.track, 0)):
        case.note("application_filed", "applicant", person=1)
        yield from case.own_time(0.6)
        case.note("owner_confirmed", "applicant")
        case.submitted = case.now
        return
    received = None
    case.submitted = case.now
    if at_window and case.happens(PAPER_SHARE):
        # A paper form is typed in later; the clock starts when it was handed in.
        received = case.now
        yield from case.until_instant(case.world.work.after(case.now, case.source.uniform(0.3, 2)))
    case.note("application_submitted", "applicant", occurred_at=received)


def intake(case: CaseFile) -> Decided:
    """Accepted at once, after completion, or by silence. False when the case ends here."""
    if case.happens(EARLY_WITHDRAWAL_SHARE):
        yield from case.own_time(0.05)
        case.note("withdrawn", "applicant")
        return False
    deadline = intake_deadline(case, case.submitted)
    if is_last_hour(case):
        opening = case.world.work.calendar.add(day_of(case.submitted), limit_days(case))
        yield from case.until_instant(at_hour(opening, case.source.uniform(16, 16.95)))
        return (yield from complete(case, 1))
    clerk = yield from look_at(case, deadline)
    if not clerk:
        return True
    if case.happens(REFUSAL_SHARE):
        case.note("application_not_accepted", "clerk", person=clerk)
        return False
    if case.happens(DEFICIENCY_SHARE.get(case.track, DEFICIENCY_SHARE_OTHERS)):
        return (yield from complete(case, clerk))
    accept(case, clerk)
    return True


def intake_deadline(case: CaseFile, started: int) -> int:
    """Midnight after the last day on which something may be asked for (行政许可法 art. 32)."""
    last = case.world.work.calendar.add(day_of(started), limit_days(case))
    return at_hour(last, 24)


def limit_days(case: CaseFile) -> int:
    return case.world.plan.limit("intake.deficiency_working_days")


def is_last_hour(case: CaseFile) -> bool:
    mine = case.division == habits.LAST_HOUR_DIVISION and case.track in habits.LAST_HOUR_TRACKS
    return mine and case.happens(habits.LAST_HOUR_SHARE)


def look_at(case: CaseFile, deadline: int) -> Generator[simpy.Event, Any, int]:
    """A clerk reads the application. 0 when nobody did in time and it counts as accepted."""
    if not case.happens(SILENCE_SHARE):
        yield from case.office_time(WAITS[case.track]["accept"])
        clerk = 0
        if case.now < deadline:
            clerk = yield from case.job_before(case.office.crews["clerk"], deadline)
        if clerk and case.now < deadline:
            return clerk
    yield from case.until_instant(deadline + 10 * MINUTE)
    case.note("acceptance_deemed", "system")
    return 0


def complete(case: CaseFile, clerk: int) -> Decided:
    """One list of what is missing; then accepted. False when the applicant gives up."""
    case.note("deficiency_listed", "clerk", person=clerk)
    if case.happens(UNANSWERED_SHARE):
        yield from case.own_time(24)
        if case.happens(0.7):
            case.note("withdrawn", "applicant")
        return False
    yield from case.own_time(1.4, 0.7)
    case.note("deficiency_answered", "applicant")
    clerk = yield from look_at(case, intake_deadline(case, case.now))
    if clerk:
        accept(case, clerk)
    return True


def accept(case: CaseFile, clerk: int) -> None:
    """Accepted; some habits and side steps begin here."""
    case.note("application_accepted", "clerk", person=clerk)
    case.accepted = case.now
    rate(case, "application")
    here = case.division == habits.SITTING_DIVISION
    share = habits.SITTING_SHARE if here else habits.SITTING_SHARE_ELSEWHERE
    case.sitting = case.track in habits.SITTING_TRACKS and case.happens(share)
