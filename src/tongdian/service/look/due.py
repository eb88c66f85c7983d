"""Why a due date is this date: the day it starts, the days counted, the days skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdian.law.calendar import Deadline, Skipped
from tongdian.service.look import dates
from tongdian.service.look.context import short_language


@dataclass(frozen=True, slots=True)
class SkippedRun:
    """Adjacent days not worked, for the same reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation, ready for the page."""

    sentence: str
    skipped: list[SkippedRun]
    skipped_text: str
    made_up: list[SkippedRun]


def why_due(deadline: Deadline, *, this_year: int | None = None) -> Why:
    """A deadline's explanation in words. The start is not counted (民法典 art. 201)."""
    language = short_language()
    sentence = _("从%(start)s算起，当天不计，数满 %(days)s。") % {
        "start": dates.day_in_full(deadline.start, this_year=this_year),
        "days": dates.working_days_text(deadline.working_days),
    }
    count = len(deadline.skipped)
    return Why(
        sentence,
        _runs(deadline.skipped, language),
        ngettext("其中 %(n)s 天不计：", "其中 %(n)s 天不计：", count) % {"n": count},
        _runs(deadline.counted_makeup, language),
    )


def _runs(days: Sequence[Skipped], language: str) -> list[SkippedRun]:
    """Holidays of several days in one line; weekend days one by one."""
    runs: list[tuple[date, date, str]] = []
    for skipped in days:
        reason = skipped.reason_en if language == "en" else skipped.reason_zh
        day = skipped.date
        if runs and runs[-1][2] == reason and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day, reason)
        else:
            runs.append((day, day, reason))
    return [SkippedRun(_span(first, last, language), reason) for first, last, reason in runs]


def _span(first: date, last: date, language: str) -> str:
    start = dates.short_day(first, language)
    return start if first == last else f"{start} – {dates.short_day(last, language)}"
