"""The desk's inbox: open cases by promised working time left, page by page, at any size.

Every filter is answered from an index that already lies in the order of the page (see
`Case.Meta.indexes`), pages go on from the last row seen, and counts stop at a bound: a page costs
the same in a city of a thousand cases and of a million.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.casework.timeline import CaseView, view_of
from tongdian.service.connection.definition import office_of
from tongdian.service.connection.inbox_filter import MINE, NOBODY, Cursor, InboxFilter
from tongdian.service.connection.next_actions import stages_of
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

PAGE = 50
COUNT_BOUND = 1000
SOON_WORKING_DAYS = 1
CLOSED_DAYS = 365
COUNTED = ("todo", "late", "soon", "paused")
_NUMBER = re.compile(r"^GY\d{2,}[0-9A-Z]*$")
_EVERYWHERE = re.compile("|".join(["贵阳市", *(place.zh for place in GUIYANG_DIVISIONS.values())]))


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Up to fifty cases, each measured now, and where the next page starts (empty: nowhere)."""

    rows: Sequence[CaseView]
    next_after: str


def inbox(actor: Actor, wanted: InboxFilter) -> InboxPage:
    """One page of the inbox. Two statements at most, whatever the number of cases."""
    cases = _filtered(visible_to(actor), actor, wanted)
    found = _closed(cases, wanted) if wanted.state == "closed" else _by_due_day(cases, wanted)
    now = clock.now()
    rows = [view_of(case, now) for case in found[:PAGE]]
    if len(found) <= PAGE:
        return InboxPage(rows, "")
    last = found[PAGE - 1]
    return InboxPage(rows, str(Cursor(None if wanted.state == "closed" else last.due_on, last.pk)))


def _by_due_day(cases: QuerySet[Case], wanted: InboxFilter) -> list[Case]:
    """Those with a due day in its order, then those that no clock charges now."""
    after = wanted.after
    found: list[Case] = []
    if after is None or after.day is not None:
        timed = cases.filter(due_on__isnull=False)
        if after is not None and after.day is not None:
            timed = timed.filter(_beyond("due_on", ">", after.day, after.pk))
        found = list(timed.order_by("due_on", "id")[: PAGE + 1])
        after = None
    if len(found) <= PAGE:
        untimed = cases.filter(due_on__isnull=True)
        if after is not None:
            untimed = untimed.filter(id__gt=after.pk)
        found += untimed.order_by("id")[: PAGE + 1 - len(found)]
    return found


def _closed(cases: QuerySet[Case], wanted: InboxFilter) -> list[Case]:
    """The latest first, those of the last year."""
    cases = cases.filter(closed_at__gte=clock.now() - timedelta(days=CLOSED_DAYS))
    if wanted.after is not None:
        last = cases.filter(pk=wanted.after.pk).values_list("closed_at", flat=True).first()
        if last is not None:
            cases = cases.filter(_beyond("closed_at", "<", last, wanted.after.pk))
    return list(cases.order_by("-closed_at", "-id")[: PAGE + 1])


def _beyond(column: str, way: str, value: date | datetime, pk: int) -> RawSQL:
    """A row comparison, which the database answers by entering the index at that row."""
    comparison = f"(casework_case.{column}, casework_case.id) {way} (%s, %s)"
    return RawSQL(comparison, [value, pk], BooleanField())


def _filtered(cases: QuerySet[Case], actor: Actor, wanted: InboxFilter) -> QuerySet[Case]:
    text = wanted.text.upper().replace(" ", "").replace("-", "")
    if _NUMBER.match(text):
        return cases.filter(number__startswith=text)
    cases = _in_state(cases, actor, wanted.state)
    for name in ("stage", "track", "lane"):
        if value := getattr(wanted, name):
            cases = cases.filter(**{name: value})
    if wanted.district:
        cases = cases.filter(office=office_of(wanted.district))
    if wanted.assignee:
        names = {MINE: actor.pseudonym, NOBODY: ""}
        cases = cases.filter(assignee=names.get(wanted.assignee, wanted.assignee))
    return _at_address(cases, wanted.text) if wanted.text else cases


def _at_address(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Cases whose address holds `text`: found by its pairs of letters, then checked. City and
    districts stand in too many addresses to find anything by."""
    rare = _EVERYWHERE.sub(" ", text)
    pairs = {rare[i : i + 2] for i in range(len(rare) - 1)}
    pairs = {pair for pair in pairs if " " not in pair}
    if pairs:
        holds = "casework_bigrams(casework_case.address_masked) @> %s::text[]"
        cases = cases.filter(RawSQL(holds, [sorted(pairs)], BooleanField()))
    return cases.filter(address_masked__contains=text)


def _in_state(cases: QuerySet[Case], actor: Actor, state: str) -> QuerySet[Case]:
    if state == "closed":
        return cases.exclude(outcome="")
    cases = cases.filter(outcome="")
    today = local_date(clock.now())
    match state:
        case "todo":
            return _todo(cases, actor)
        case "late":
            return cases.filter(due_on__lt=today)
        case "soon":
            last = default_calendar().add(today, SOON_WORKING_DAYS)
            return cases.filter(due_on__gte=today, due_on__lte=last)
        case "paused":
            return cases.exclude(pause_ground="")
        case "applicant":
            return cases.filter(lane="applicant")
    return cases


def _todo(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """What waits for this person's roles. What is paused waits only for those who may resume; at
    the last stage a case waits for a clerk only as long as it has no contract."""
    cases = cases.filter(stage__in=stages_of(actor.roles))
    if not actor.has(*CONNECTION.rules["energised"].roles):
        cases = cases.exclude(stage="metering", state__done__has_key="contract_recorded")
    return cases if actor.has("lead", "officer") else cases.filter(pause_ground="")


def inbox_counts(actor: Actor) -> dict[str, int]:
    """How many cases wait, are late, are due soon, are paused; never counted beyond the bound."""
    cases = visible_to(actor)
    return {
        state: _in_state(cases, actor, state).order_by()[:COUNT_BOUND].count() for state in COUNTED
    }
