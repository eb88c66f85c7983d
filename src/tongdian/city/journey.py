"""From application to power on: what happens to a case, and when. A SimPy process for each case.

The order of steps is that of the connection process; nothing here can energise a case without a
contract on record and a meter in place.
"""

from typing import Final

from tongdian.city import habits
from tongdian.city.casefile import CaseFile
from tongdian.city.intake import Decided, file_application, intake
from tongdian.city.permits import permits
from tongdian.city.ratings import rate
from tongdian.city.staff import Events
from tongdian.city.workclock import DAY, HOUR, at_hour

ZERO_INVESTMENT: Final = frozenset({"resident", "zero_lv", "zero_lv_external"})
ASSIGNED_SHARE: Final = {
    "resident": 0.05, "zero_lv": 0.15, "zero_lv_external": 0.3, "low_voltage": 0.35,
    "high_voltage_single": 0.7, "high_voltage_dual": 0.9,
}  # fmt: skip
SURVEY_WITHDRAWAL_SHARE: Final = 0.003
RECLASSIFIED_SHARE: Final = 0.04
PAUSE_SHARE: Final = 0.015
DISPUTE_SHARE: Final = 0.07
LATE_WITHDRAWAL_SHARE: Final = 0.03
UNDECIDED_SHARE: Final = 0.02
INSPECTION_FAILURE_SHARE: Final = 0.09
PERMIT_SHARE: Final = {
    "zero_lv_external": 0.45, "low_voltage": 0.15, "high_voltage_single": 0.5,
    "high_voltage_dual": 0.75,
}  # fmt: skip
DECISION_DAYS: Final = {"low_voltage": 1.5, "high_voltage_single": 4, "high_voltage_dual": 7}
OWN_WORKS_DAYS: Final = {"low_voltage": 6, "high_voltage_single": 20, "high_voltage_dual": 38}
METER_JOB_DAYS: Final = 0.12
REINSPECTION_JOB_DAYS: Final = 0.06


def travel(case: CaseFile, *, at_window: bool) -> Events:
    """The whole way of a case, from now on."""
    yield from file_application(case, at_window=at_window)
    if (yield from intake(case)) and (yield from until_metering(case)):
        yield from metering(case)
        rate(case, "energisation")


def until_metering(case: CaseFile) -> Decided:
    """Survey, scheme and works. False when the applicant leaves."""
    if not (yield from survey(case)):
        return False
    yield from scheme(case, "scheme")
    if case.track not in ZERO_INVESTMENT:
        rate(case, "scheme")
        return (yield from decide(case)) and (yield from own_works(case))
    if case.track == "zero_lv_external":
        yield from external_works(case)
    return True


def survey(case: CaseFile) -> Decided:
    """Assigned, looked at on the spot, and perhaps found to need external works."""
    if case.happens(ASSIGNED_SHARE[case.track]):
        yield from case.until_instant(
            case.world.work.after(case.now, case.source.uniform(0.01, 0.06))
        )
        role = "engineer" if case.track.startswith("high") else "fieldworker"
        assignee = case.source.randint(1, case.office.crews[role].size)
        case.note("assigned", "lead", (role, assignee))
    if case.happens(SURVEY_WITHDRAWAL_SHARE):
        yield from case.own_time(0.4)
        case.note("withdrawn", "applicant")
        return False
    person = yield from case.work("fieldworker", "survey")
    yield from perhaps_paused(case)
    if case.track == "zero_lv" and case.happens(RECLASSIFIED_SHARE) and not case.sitting:
        engineer = yield from case.job(case.office.crews["engineer"], 0.03)
        case.note("track_reclassified", "engineer", person=engineer)
        case.track = "zero_lv_external"
    claimed = None
    if case.happens(habits.LATE_SURVEY_SHARE):
        earlier = case.now - round(case.source.uniform(26, 60) * HOUR)
        claimed = earlier if earlier > case.last_at else None
    case.note("survey_completed", "fieldworker", case.track, person=person, occurred_at=claimed)
    return True


def perhaps_paused(case: CaseFile) -> Events:
    """A few clocks stand still, with ground and evidence; most of them in freezing rain."""
    if case.sitting:
        return
    in_ice = case.division in habits.ICE_DIVISIONS and habits.is_ice(case.today, case.world.work)
    if in_ice and case.happens(habits.ICE_PAUSE_SHARE):
        yield from paused(case, "force_majeure", habits.ICE_WORKING_DAYS / 2)
    elif case.happens(PAUSE_SHARE):
        ground = "applicant_request" if case.happens(0.35) else "site_not_ready"
        yield from paused(case, ground, 2.5)


def paused(case: CaseFile, ground: str, median_working_days: float) -> Events:
    """The clock stands still and runs on; a case may be left standing at the end."""
    case.note("clock_paused", "lead", ground)
    yield from case.office_time(median_working_days)
    case.note("clock_resumed", "lead")
    yield from case.job(case.office.crews["fieldworker"], 0.05)


def scheme(case: CaseFile, wait: str) -> Events:
    engineer = yield from case.work("engineer", wait)
    case.note("scheme_replied", "engineer", person=engineer)


def decide(case: CaseFile) -> Decided:
    """The customer thinks about the scheme; disputes it, leaves, or agrees."""
    for _ in range(2):
        yield from case.own_time(DECISION_DAYS[case.track])
        if not case.happens(DISPUTE_SHARE):
            break
        case.note("scheme_disputed", "applicant")
        yield from scheme(case, "inspection")
    if case.happens(LATE_WITHDRAWAL_SHARE):
        case.note("withdrawn", "applicant")
        return False
    if case.happens(UNDECIDED_SHARE):
        return False
    case.note("scheme_accepted", "applicant")
    return True


def own_works(case: CaseFile) -> Decided:
    """The customer builds, with permits where needed, reports, and is inspected."""
    if case.happens(PERMIT_SHARE[case.track]):
        yield from case.own_time(2)
        yield from permits(case, "applicant")
    yield from case.own_time(OWN_WORKS_DAYS[case.track])
    case.note("completion_reported", "applicant")
    engineer = yield from case.work("engineer", "inspection")
    while case.happens(INSPECTION_FAILURE_SHARE):
        case.note("inspection_failed", "engineer", person=engineer)
        yield from case.own_time(4)
        case.note("completion_reported", "applicant")
        engineer = yield from case.work("engineer", "accept", REINSPECTION_JOB_DAYS)
    case.note("inspection_passed", "engineer", person=engineer)
    return True


def external_works(case: CaseFile) -> Events:
    """The utility builds the line, with permits where the plan's commitment does not do."""
    if case.happens(PERMIT_SHARE[case.track]):
        yield from case.office_time(0.2)
        yield from permits(case, "engineer")
    fieldworker = yield from case.work("fieldworker", "works", 0.4)
    case.note("external_works_completed", "fieldworker", person=fieldworker)


def metering(case: CaseFile) -> Events:
    """Contract and meter in either order, then power."""
    contract_first = case.happens(0.85)
    if contract_first:
        yield from contract(case)
    fieldworker = yield from case.work("fieldworker", "meter", METER_JOB_DAYS)
    yield from wait_for_the_last_day(case)
    case.note("meter_installed", "fieldworker", person=fieldworker)
    if not contract_first:
        yield from contract(case)
    minutes = case.source.uniform(8, 40)
    yield from case.until_instant(case.world.work.after(case.now, minutes / 480))
    case.note("energised", "fieldworker", person=fieldworker, occurred_at=claimed_instant(case))


def contract(case: CaseFile) -> Events:
    clerk = yield from case.work("clerk", "contract")
    case.note("contract_recorded", "clerk", person=clerk)


def wait_for_the_last_day(case: CaseFile) -> Events:
    """An office that finishes residents' cases on the last day of the promise."""
    mine = case.division == habits.HEAPING_DIVISION and case.track == "resident"
    if mine and case.happens(habits.HEAPING_SHARE):
        afternoon = at_hour(case.due_day(), case.source.uniform(14.5, 16.0))
        if afternoon > case.now:
            yield from case.until_instant(afternoon)


def claimed_instant(case: CaseFile) -> int | None:
    """Offices that say another time than now: in time when late, or before anybody had accepted."""
    early = case.division == habits.EARLY_POWER_DIVISION
    if early and case.track in habits.EARLY_POWER_TRACKS and case.accepted:
        if not case.happens(habits.EARLY_POWER_SHARE):
            return None
        return case.submitted + (case.accepted - case.submitted) // 2
    mine = case.division == habits.BACKDATING_DIVISION and case.track in ZERO_INVESTMENT
    claimed = at_hour(case.due_day(), 16.5) if mine else case.now
    late = case.now - claimed > DAY // 2
    return claimed if late and case.happens(habits.BACKDATING_SHARE) else None
