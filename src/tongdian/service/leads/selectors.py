"""What pages read of leads: lists, sums by month and place, one lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from tongdian.law.calendar import local_date
from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor
from tongdian.service.leads.labels import STATES
from tongdian.service.leads.models import Lead, uscc_digest
from tongdian.service.leads.process import ANNOUNCED, LEAD_PROCESS, PREPARED, PREPARING
from tongdian.service.leads.reading import permit_of

MONTHS = 12


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """One view of the list, from and to a query string. Unknown values are ignored."""

    state: str = "open"
    district: str = ""
    month: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "LeadFilter":
        def one_of(name: str, known: Any, default: str = "") -> str:
            value = str(query.get(name, ""))
            return value if value in known else default

        month = str(query.get("month", ""))
        text = str(query.get("q", "")).replace("\x00", "").strip()[:40]
        return cls(
            one_of("state", STATES, "open"),
            one_of("district", GUIYANG_DIVISIONS),
            month if first_of(month) else "",
            text,
        )

    def query(self, **changes: str) -> str:
        """The query string with some parts changed, from the first page."""
        parts = {"state": self.state, "district": self.district, "month": self.month,
                 "q": self.text} | changes  # fmt: skip
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.district or self.month or self.text)


def first_of(month: str) -> date | None:
    """The first day of `2027-06`; None for anything else."""
    try:
        return date.fromisoformat(f"{month}-01") if len(month) == 7 else None
    except ValueError:
        return None


def leads_of(actor: Actor) -> QuerySet[Lead]:
    """The leads that `actor` may read."""
    cases = visible_to(actor, LEAD_PROCESS.id)
    return Lead.objects.filter(case__in=cases).select_related("case")


def listed(actor: Actor, wanted: LeadFilter) -> QuerySet[Lead]:
    """The leads of a view: those to prepare by their due day, then the rest; ended ones latest
    first."""
    found = _in_state(_narrowed(leads_of(actor), wanted), wanted.state)
    if wanted.state == "ended":
        return found.order_by("-case__closed_at", "-case_id")
    return found.order_by(F("case__due_on").asc(nulls_last=True), "expected_on", "case_id")


def _narrowed(leads: QuerySet[Lead], wanted: LeadFilter) -> QuerySet[Lead]:
    if wanted.district:
        leads = leads.filter(case__district=wanted.district)
    if start := first_of(wanted.month):
        leads = leads.filter(expected_on__year=start.year, expected_on__month=start.month)
    if wanted.text:
        text = wanted.text.replace(" ", "")
        leads = leads.filter(
            Q(case__number__istartswith=text)
            | Q(permit__startswith=text)
            | Q(project_code__startswith=text)
            | Q(case__address_masked__contains=wanted.text)
            | Q(case__applicant_masked__contains=wanted.text)
        )
    return leads


def _in_state(leads: QuerySet[Lead], state: str) -> QuerySet[Lead]:
    if state == "ended":
        return leads.exclude(case__outcome="")
    if state == "suggested":
        return leads.filter(suggested=True)
    leads = leads.filter(case__outcome="")
    match state:
        case "todo":
            return leads.filter(case__stage__in=(ANNOUNCED, PREPARING))
        case "late":
            return leads.filter(case__due_on__lt=local_date(clock.now()))
        case "prepared":
            return leads.filter(case__stage=PREPARED)
    return leads


def counts(actor: Actor) -> dict[str, int]:
    """How many leads each view but the last holds."""
    leads = leads_of(actor)
    return {
        state: _in_state(leads, state).order_by().count() for state in STATES if state != "ended"
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """Load expected in a month or a district: kW, and of how many buildings."""

    key: str
    load_kw: Decimal
    n: int


def expected_by_month(actor: Actor, wanted: LeadFilter) -> list[Expected]:
    """The open leads of what is chosen by the month of their planned completion: the next twelve
    months, those without any as well."""
    today = local_date(clock.now())
    months = [_month_after(today, ahead) for ahead in range(MONTHS)]
    rows = (
        _open_ones(actor, LeadFilter(district=wanted.district))
        .annotate(at=TruncMonth("expected_on"))
        .values_list("at")
        .annotate(load=Sum("expected_kw"), n=Count("pk"))
        .order_by()
    )
    found = {at.strftime("%Y-%m"): (load, n) for at, load, n in rows}
    return [Expected(month, *found.get(month, (Decimal(0), 0))) for month in months]


def _month_after(day: date, ahead: int) -> str:
    months = day.year * 12 + day.month - 1 + ahead
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def expected_by_district(actor: Actor) -> list[Expected]:
    """The open leads by district."""
    rows = (
        _open_ones(actor, LeadFilter())
        .values_list("case__district")
        .annotate(load=Sum("expected_kw"), n=Count("pk"))
        .order_by()
    )
    return [Expected(district, load, n) for district, load, n in rows]


def _open_ones(actor: Actor, wanted: LeadFilter) -> QuerySet[Lead]:
    return _in_state(_narrowed(leads_of(actor), wanted), "open")


def lead_for(actor: Actor, number: str) -> Lead | None:
    """The lead, or None alike for one that does not exist and one that is not the actor's."""
    return leads_of(actor).filter(case__number=number).first()


@dataclass(frozen=True, slots=True)
class Building:
    """What a builder's application need not ask again: the permitted building as it was pushed."""

    permit: str
    project_code: str
    pushed_at: datetime
    case: Case
    district: str
    address: str
    lon: str
    lat: str
    purpose: str
    load_kw: str


def building_for(permit: str, uscc: str) -> Building | None:
    """The open lead of a permit for whoever names it and its builder; None alike for no lead and
    for another builder's. No telephone and no name come with it."""
    digest = uscc_digest(uscc)
    found = Lead.objects.filter(permit=permit.strip(), case__outcome="").select_related("case")
    lead = found.exclude(uscc_digest="").filter(uscc_digest=digest).first() if digest else None
    if lead is None:
        return None
    personal = permit_of(lead.case).personal
    return Building(
        lead.permit,
        lead.project_code,
        lead.pushed_at,
        lead.case,
        lead.case.district,
        str(personal.get("address", "")),
        str(lead.lon or ""),
        str(lead.lat or ""),
        lead.use,
        f"{lead.expected_kw.normalize():f}",
    )
