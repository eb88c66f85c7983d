"""What the public pages read: the promise kept, the cases behind it, a party's own cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Avg, Count, Q, QuerySet

from tongdian.law.calendar import SHANGHAI, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.connection.process import CONNECTION, ENERGISED
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import Organisation
from tongdian.service.portal.words import pick

MONTHS_BACK = 24


@dataclass(frozen=True)
class Month:
    """A calendar month in Asia/Shanghai."""

    year: int
    month: int

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def following(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return month_of(self.first - timedelta(days=1))

    @property
    def text(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def bounds(self) -> tuple[datetime, datetime]:
        """First instant of the month and of the next, UTC."""
        return _midnight(self.first), _midnight(self.following.first)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def parse_month(text: str, today: date) -> Month:
    """`2026-11`; anything else, or a month outside the last two years, is the present one."""
    head, _dash, tail = text.partition("-")
    present = month_of(today)
    digits = text.isascii() and head.isdigit() and tail.isdigit() and len(tail) <= 2
    if not (digits and len(head) == 4 and 1 <= int(tail) <= 12):
        return present
    wanted = Month(int(head), int(tail))
    age = (present.year - wanted.year) * 12 + present.month - wanted.month
    return wanted if 0 <= age <= MONTHS_BACK else present


@dataclass(frozen=True)
class Promise:
    """How the promise of one track was kept in one month. Averages are None without a case."""

    track: str
    month: Month
    cases: int
    on_time: int
    average_working_days: float | None

    @property
    def share_on_time(self) -> float | None:
        return None if not self.cases else 100 * self.on_time / self.cases


def energised_in(track: str, month: Month) -> QuerySet[Case]:
    """The cases of a track that were energised within a month."""
    start, end = month.bounds()
    return Case.objects.filter(
        process=CONNECTION.id,
        track=track,
        outcome=ENERGISED,
        closed_at__gte=start,
        closed_at__lt=end,
    )


def promise_kept(track: str, month: Month) -> Promise:
    """One query over the cases energised in the month."""
    found = energised_in(track, month).aggregate(
        cases=Count("id"), on_time=Count("id", Q(late=False)), mean=Avg("whole_process_days")
    )
    mean = found["mean"]
    return Promise(
        track, month, found["cases"], found["on_time"], None if mean is None else float(mean)
    )


def latest_promise(track: str = "resident") -> Promise:
    """The promise kept this month; early in a month without a case, that of the month before."""
    month = month_of(local_date(clock.now()))
    found = promise_kept(track, month)
    return found if found.cases else promise_kept(track, month.previous)


def promise_cases(track: str, month: Month) -> QuerySet[Case]:
    """The cases behind the promise, without the columns that name anybody."""
    return (
        energised_in(track, month)
        .order_by("-closed_at", "-id")
        .only(
            "number", "district", "submitted_at", "closed_at", "whole_process_days",
            "utility_days", "late", "load_kw",
        )
    )  # fmt: skip


def masked_number(number: str) -> str:
    """`GY2611240000123X` → `GY261124…23X`: enough for its owner to find the line."""
    return f"{number[:8]}…{number[-3:]}"


def own_cases(actor: Actor) -> QuerySet[Case]:
    """The cases a party may open, newest first. Staff have a desk; nothing is listed for them."""
    if "applicant" not in actor.roles:
        return Case.objects.none()
    return visible_to(actor).order_by("-id")


def office_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of organisations by code, in the reader's language."""
    wanted = sorted({code for code in codes if code})
    found = Organisation.objects.filter(code__in=wanted)
    return {item.code: pick(item.name_zh, item.name_en) for item in found}
