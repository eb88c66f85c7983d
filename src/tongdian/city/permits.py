"""并联审批: one packet in, every department at once, one joint document out."""

from collections.abc import Mapping
from typing import Any, Final

from tongdian.city.casefile import CaseFile
from tongdian.city.organisations import PERMIT_DEPARTMENTS, WINDOW
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
SPECIAL_SHARE: Final = 0.03
SPECIAL_GROUNDS: Final = ("expert_review", "testing", "hearing")
CORRECTION_SHARE: Final = 0.06
REFUSAL_SHARE: Final = 0.015
COUNTIES: Final = frozenset({"520121", "520122", "520123", "520181"})


def permits(case: CaseFile, role: str) -> Events:
    """Filed by the applicant or an engineer, received by the window, decided by every department on
    its own, issued by the window as one document. A refused item is mended and filed again."""
    items = _items(case)
    case.note("permits_filed", role, items)
    while items:
        yield from _at_window(case, "permits_received", 0.15)
        refused: list[str] = []
        reviews = [case.environment.process(_review(case, item, role, refused)) for item in items]
        yield case.environment.all_of(reviews)
        yield from _at_window(case, "permits_decided", 0.1)
        items = tuple(refused)
        if items:
            yield from _mending(case, role, 2)
            case.note("items_resubmitted", role, items)


def _mending(case: CaseFile, role: str, days: float) -> Events:
    """Whoever filed completes the packet: staff in office hours, people outside when they can."""
    yield from case.own_time(days) if role == "applicant" else case.office_time(days)


def _at_window(case: CaseFile, kind: str, wait: float) -> Events:
    yield from case.office_time(wait)
    window = case.world.departments[WINDOW]
    officer = yield from case.job(window, 0.02)
    case.note(kind, "officer", organisation=WINDOW, person=officer)


def _items(case: CaseFile) -> tuple[str, ...]:
    shares = dict(ITEM_SHARES)
    if case.division in COUNTIES:
        shares["forest"] = FOREST_SHARE_RURAL
    return tuple(item for item, share in shares.items() if case.happens(share)) or ("municipal",)


def _review(case: CaseFile, item: str, role: str, refused: list[str]) -> Events:
    """One department's part: now and then a list of what is missing, or a special procedure."""
    department = PERMIT_DEPARTMENTS[item]
    crew = case.world.departments[department]

    def note(kind: str, detail: tuple[Any, ...], person: int) -> None:
        case.note(kind, "officer", (item, *detail), organisation=department, person=person)

    yield from case.office_time(REVIEW_WORKING_DAYS[item] * 0.4)
    officer = yield from case.job(crew, 0.02)
    if case.happens(CORRECTION_SHARE):
        note("item_correction_listed", (), officer)
        yield from _mending(case, role, 1)
        case.note("item_corrected", role, (item,))
    elif case.happens(SPECIAL_SHARE):
        note("item_special_started", (case.source.choices(SPECIAL_GROUNDS, (6, 3, 1))[0],), officer)
        yield from case.office_time(5)
        note("item_special_ended", (), officer)
    yield from case.office_time(REVIEW_WORKING_DAYS[item] * 0.6)
    officer = yield from case.job(crew)
    # Once is enough: a department that refused looks kindly at what was mended.
    again = case.noted("items_resubmitted")
    result = "refused" if not again and case.happens(REFUSAL_SHARE) else "granted"
    if result == "refused":
        refused.append(item)
    note("item_decided", (result,), officer)
