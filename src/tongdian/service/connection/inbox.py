"""The desk's inbox: open cases by promised working time left, page by page, at any size."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet

from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.casework.timeline import CaseView, view_of
from tongdian.service.connection.labels import TRACKS
from tongdian.service.connection.process import STAGE_TABLE
from tongdian.service.identity.actors import Actor

PAGE = 50
SOON_WORKING_DAYS = 1
STATES = ("open", "late", "soon", "paused", "applicant", "closed")


@dataclass(frozen=True)
class InboxFilter:
    """What the desk is asked to show; unknown values are ignored rather than refused."""

    state: str = "open"
    stage: str = ""
    track: str = ""
    district: str = ""
    mine: bool = False
    text: str = ""
    after: tuple[str, int] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: Any) -> "InboxFilter":
        state = query.get("state", "open")
        stage, track = query.get("stage", ""), query.get("track", "")
        return cls(
            state=state if state in STATES else "open",
            stage=stage if stage in STAGE_TABLE else "",
            track=track if track in TRACKS else "",
            district=query.get("district", "")[:16],
            mine=query.get("mine") == "1",
            text=query.get("q", "").strip().replace("\x00", "")[:40],
            after=_cursor(query.get("after", "")),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this filter with some parts changed and the page reset."""
        parts = {
            "state": self.state,
            "stage": self.stage,
            "track": self.track,
            "district": self.district,
            "mine": "1" if self.mine else "",
            "q": self.text,
        }
        parts.update({name: str(value) for name, value in changes.items()})
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class InboxPage:
    """Up to fifty cases, each measured now, and where the next page starts."""

    rows: Sequence[CaseView]
    next_after: str


def _cursor(text: str) -> tuple[str, int] | None:
    """`2026-11-24.123` or `never.123`, the due date and id of the last row seen."""
    day, _dot, number = text.partition(".")
    if not number.isdigit() or len(number) > 18:
        return None
    if day != "never":
        try:
            date.fromisoformat(day)
        except ValueError:
            return None
    return day, int(number)


def inbox(actor: Actor, wanted: InboxFilter) -> InboxPage:
    """One page of the inbox. Two statements at most, whatever the number of cases."""
    cases = _filtered(visible_to(actor), actor, wanted)
    if wanted.after:
        day, number = wanted.after
        if day == "never":
            cases = cases.filter(due_on__isnull=True, id__gt=number)
        else:
            last = date.fromisoformat(day)
            cases = cases.filter(
                Q(due_on__gt=last) | Q(due_on=last, id__gt=number) | Q(due_on__isnull=True)
            )
    found = list(cases.order_by(F("due_on").asc(nulls_last=True), "id")[: PAGE + 1])
    now = clock.now()
    rows = [view_of(case, now) for case in found[:PAGE]]
    following = ""
    if len(found) > PAGE:
        last_case = found[PAGE - 1]
        day = last_case.due_on.isoformat() if last_case.due_on else "never"
        following = f"{day}.{last_case.pk}"
    return InboxPage(rows, following)


def _filtered(cases: QuerySet[Case], actor: Actor, wanted: InboxFilter) -> QuerySet[Case]:
    today = local_date(clock.now())
    if wanted.state == "closed":
        cases = cases.exclude(outcome="")
    else:
        cases = cases.filter(outcome="")
    if wanted.state == "late":
        cases = cases.filter(due_on__lt=today)
    elif wanted.state == "soon":
        soon = default_calendar().add(today, SOON_WORKING_DAYS)
        cases = cases.filter(due_on__gte=today, due_on__lte=max(soon, today + timedelta(days=1)))
    elif wanted.state == "paused":
        cases = cases.exclude(pause_ground="")
    elif wanted.state == "applicant":
        cases = cases.filter(lane="applicant")
    for name in ("stage", "track", "district"):
        if value := getattr(wanted, name):
            cases = cases.filter(**{name: value})
    if wanted.mine:
        cases = cases.filter(assignee=actor.pseudonym)
    if wanted.text:
        text = wanted.text.upper().replace(" ", "").replace("-", "")
        cases = cases.filter(Q(number__startswith=text) | Q(address_masked__contains=wanted.text))
    return cases


def inbox_counts(actor: Actor) -> dict[str, int]:
    """How many open cases are late, due soon, paused; capped, so that it stays quick."""
    cases = visible_to(actor)
    return {
        state: _filtered(cases, actor, InboxFilter(state=state)).order_by()[:1000].count()
        for state in ("late", "soon", "paused")
    }
