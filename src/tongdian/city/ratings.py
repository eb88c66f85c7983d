"""好差评: applicants rate a finished step in five levels, some of them, some time later."""

from typing import Final

from tongdian.city.casefile import CaseFile
from tongdian.city.staff import Events

RATING_SHARE: Final = {"application": 0.12, "scheme": 0.2, "energisation": 0.45}
RATING_DAYS: Final = {"application": 0.1, "scheme": 0.4, "energisation": 0.8}
STARS: Final = (5, 4, 3, 2, 1)
STAR_WEIGHTS_IN_TIME: Final = (76, 18, 4, 1, 1)
STAR_WEIGHTS_LATE: Final = (18, 22, 24, 20, 16)
ENDED_WITHOUT_POWER: Final = frozenset({"withdrawn", "application_not_accepted"})


def rate(case: CaseFile, step: str) -> None:
    """Perhaps a rating of the step follows; it runs beside the case."""
    if case.happens(RATING_SHARE[step]):
        case.environment.process(_rate_later(case, step))


def _rate_later(case: CaseFile, step: str) -> Events:
    yield from case.own_time(RATING_DAYS[step], 0.9)
    if case.last_kind in ENDED_WITHOUT_POWER:
        return
    weights = STAR_WEIGHTS_LATE if _took_long(case) else STAR_WEIGHTS_IN_TIME
    stars = case.source.choices(STARS, weights)[0]
    case.note("step_rated", "applicant", (step, stars))


def _took_long(case: CaseFile) -> bool:
    """What an applicant feels: the promise of the whole way, or a case that drags on."""
    track = case.world.plan.tracks[case.track]
    if track.promise_clock == "whole_process":
        return case.used_days() > track.promise_working_days
    return case.slow > 1
