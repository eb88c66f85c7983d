"""What is past its term: listed by kind and count, and destroyed when that is wanted."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongdian.service.casework import clock
from tongdian.service.privacy.erasing import ErasureRefused, erase_by_term
from tongdian.service.privacy.holdings import holdings
from tongdian.service.privacy.keeping import past_term

CASES = ("closed_cases", "期满的办结办件（事件与材料）", "closed cases past their term")
CASES_TERM = ("办结三年，供用电合同有效的除外", "three years after closing, unless under contract")


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of data: what it is, its term, and how much is past it."""

    name: str
    zh: str
    en: str
    term_zh: str
    term_en: str
    count: int


def due(now: datetime | None = None) -> list[Line]:
    """What would go. Changes nothing."""
    at = now or clock.now()
    lines = [
        Line(h.name, h.zh, h.en, h.term_zh, h.term_en, h.expired(at))
        for h in holdings()
        if h.term_zh
    ]
    return [Line(*CASES, *CASES_TERM, past_term(at).count()), *lines]


def apply(now: datetime | None = None) -> list[Line]:
    """Destroy what is past its term, each case and each kind in a transaction of its own. The
    answer says how much went."""
    at = now or clock.now()
    gone = 0
    for number in list(past_term(at).values_list("number", flat=True)):
        try:
            gone += erase_by_term(number).seq is not None
        except ErasureRefused:
            continue
    lines = [Line(*CASES, *CASES_TERM, gone)]
    for holding in holdings():
        if holding.term_zh:
            with transaction.atomic():
                count = holding.expire(at)
            lines.append(
                Line(
                    holding.name,
                    holding.zh,
                    holding.en,
                    holding.term_zh,
                    holding.term_en,
                    count,
                )
            )
    return lines
