"""并联审批: one packet in, every department at once, one joint document out."""

from collections.abc import Mapping
from typing import Final

from tongdian.city.casefile import CaseFile
from tongdian.city.organisations import PERMIT_DEPARTMENTS, joint_department
from tongdian.city.staff import Events

ITEM_SHARES: Final[Mapping[str, float]] = {
    "municipal": 0.75,
    "green": 0.35,
    "traffic": 0.4,
    "forest": 0.05,
}
FOREST_SHARE_RURAL: Final = 0.3
REVIEW_WORKING_DAYS: Final[Mapping[str, float]] = {
    "municipal": 1.4,
    "green": 1.5,
    "traffic": 1.2,
    "forest": 2.1,
}
PAUSE_SHARE: Final = 0.04
PAUSE_GROUNDS: Final = ("expert_review", "testing", "hearing")
COUNTIES: Final = frozenset({"520121", "520122", "520123", "520181"})


def permits(case: CaseFile, role: str) -> Events:
    """Filed by the applicant or an engineer; decided when the last department has decided."""
    items = _items(case)
    case.note("permits_filed", role, items)
    department = joint_department(items)
    if case.happens(PAUSE_SHARE):
        yield from case.office_time(0.8)
        ground = case.source.choices(PAUSE_GROUNDS, (6, 3, 1))[0]
        case.note("clock_paused", "officer", ground, organisation=department)
        yield from case.office_time(5)
        case.note("clock_resumed", "officer", organisation=department)
    reviews = [case.environment.process(_review(case, item)) for item in items]
    yield case.environment.all_of(reviews)
    officer = yield from case.job(case.world.departments[department], 0.02)
    case.note("permits_decided", "officer", organisation=department, person=officer)


def _items(case: CaseFile) -> tuple[str, ...]:
    shares = dict(ITEM_SHARES)
    if case.division in COUNTIES:
        shares["forest"] = FOREST_SHARE_RURAL
    return tuple(item for item, share in shares.items() if case.happens(share)) or ("municipal",)


def _review(case: CaseFile, item: str) -> Events:
    """One department's part."""
    yield from case.office_time(REVIEW_WORKING_DAYS[item])
    yield from case.job(case.world.departments[PERMIT_DEPARTMENTS[item]])
