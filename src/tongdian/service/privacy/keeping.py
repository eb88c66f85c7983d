"""Whether the law still needs a case's personal data, and until when it is kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongdian.law.calendar import local_date
from tongdian.service.casework.models import Case, Event

# 民法典 第一百八十八条: three years in which claims from the case can be brought.
AFTER_CLOSING = timedelta(days=3 * 365 + 1)
CLAUSE = "个人信息保护法 第四十七条"


@dataclass(frozen=True, slots=True)
class Needed:
    """Why personal data has to stay: the rule in words and its clause."""

    zh: str
    en: str
    clause: str


OPEN = Needed(
    "办件还没有办结，办理它需要这些信息",
    "The case is open and cannot be handled without them",
    "个人信息保护法 第四十七条第一款第（一）项",
)
CONTRACT = Needed(
    "供用电合同仍然有效，履行合同需要这些信息",
    "The supply contract is in force and cannot be performed without them",
    "个人信息保护法 第十三条第一款第（二）项",
)


def _no_duty(case: Case) -> Needed | None:
    return None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a process says of its closed cases: the outcomes with which a contract is in force, and
    any duty that outlives the case."""

    process: str
    contract_outcomes: frozenset[str] = field(default_factory=frozenset)
    duty: Callable[[Case], Needed | None] = _no_duty


_keepings: dict[str, Keeping] = {}


def register_keeping(keeping: Keeping) -> None:
    """Called once by each app that has a process."""
    _keepings[keeping.process] = keeping


def needed(case: Case) -> Needed | None:
    """Why the personal data of `case` cannot go yet; None when it can, on request."""
    if case.closed_at is None:
        return OPEN
    keeping = _keepings.get(case.process)
    if keeping is not None and case.outcome in keeping.contract_outcomes:
        return CONTRACT
    return keeping.duty(case) if keeping is not None else None


def kept_until(case: Case) -> date | None:
    """The day on which it goes by itself; None while the end is not known."""
    if needed(case) is not None:
        return None
    assert case.closed_at is not None
    return local_date(case.closed_at + AFTER_CLOSING)


def past_term(now: datetime) -> QuerySet[Case]:
    """Closed cases whose term is over and whose events still hold personal data."""
    under_contract = Q()
    for condition in _contracts():
        under_contract |= condition
    cases = Case.objects.filter(closed_at__lte=now - AFTER_CLOSING)
    if under_contract:
        cases = cases.exclude(under_contract)
    held = Event.objects.filter(case=OuterRef("pk"), personal__isnull=False)
    return cases.filter(Exists(held)).order_by("pk")


def _contracts() -> Iterator[Q]:
    for keeping in _keepings.values():
        if keeping.contract_outcomes:
            yield Q(process=keeping.process, outcome__in=sorted(keeping.contract_outcomes))
