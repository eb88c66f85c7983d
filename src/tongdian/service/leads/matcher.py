"""The follower of the log that ties leads to applications, whichever comes first.

One sure match alone is tied at once. Several, or none but hints, are put before an engineer.
"""

import logging
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from tongdian.law.identifiers import IdentifierError, parse_project_code
from tongdian.law.plan import load_plan
from tongdian.service.casework.errors import CaseworkError
from tongdian.service.casework.models import Case, applicant_digest
from tongdian.service.connection.process import CONNECTION
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.leads import actions
from tongdian.service.leads.matching import Described, Match, compare
from tongdian.service.leads.models import Lead, unit_digest, uscc_digest
from tongdian.service.leads.process import LAPSED
from tongdian.service.leads.reading import permit_of

RADIUS = "early_start.match_m"
MOST = 20
DEGREES_PER_M = Decimal(1) / Decimal(90_000)  # more than a metre either way, in these latitudes
APPLICATIONS = frozenset({"application_submitted", "owner_confirmed"})
PERMITS = frozenset({"permit_pushed", "permit_updated", "permit_reinstated"})
logger = logging.getLogger(__name__)


def follow(event: CaseEvent) -> None:
    """Look for the lead of an application, or for the applications of a lead."""
    if event.process == CONNECTION.id and event.kind in APPLICATIONS:
        match_application(event.case)
    elif event.kind in PERMITS:
        match_lead(event.case)


def match_application(number: str) -> None:
    """Find the lead that a connection belongs to, unless it has one."""
    case = Case.objects.get(number=number)
    if case.outcome or is_tied(case):
        return
    request = request_of(case)
    _settle((lead, case, compare(described(lead), request, _radius(case))) for lead in
            _leads_near(request, _radius(case)))  # fmt: skip


def match_lead(number: str) -> None:
    """Find the open application that a lead belongs to: its builder's, filed before the push. Each
    is compared with all leads, so that it does not go to the one that happened to come first."""
    lead = Lead.objects.select_related("case").get(case__number=number)
    if lead.connection or lead.case.outcome:
        return
    said = described(lead)
    digest = applicant_digest("uscc", said.uscc)
    cases = Case.objects.filter(process=CONNECTION.id, outcome="", applicant_digest=digest)
    open_ones = [case for case in cases.order_by("-id")[:MOST] if digest and not is_tied(case)]
    pairs = [(case, compare(said, request_of(case), _radius(lead.case))) for case in open_ones]
    found = [(case, match) for case, match in pairs if match is not None]
    if sum(match.is_certain for _case, match in found) > 1:
        for case, match in found:
            _try(actions.suggest, lead, case, match)
        return
    for case, _match in found:
        match_application(case.number)


def _settle(pairs: Iterable[tuple[Lead, Case, Match | None]]) -> None:
    """Tie the one that is sure; else put what there is before an engineer."""
    found = [(lead, case, match) for lead, case, match in pairs if match is not None]
    sure = [(lead, case, match) for lead, case, match in found if match.is_certain]
    free = [(lead, case, match) for lead, case, match in sure if not lead.connection]
    if len(sure) == len(free) == 1:
        lead, case, match = free[0]
        _try(actions.tie, lead, case, match)
        return
    for lead, case, match in found:
        _try(actions.suggest, lead, case, match)


def _try(action: Any, lead: Lead, case: Case, match: Match) -> None:
    """What is refused because somebody else was first is left as it is."""
    try:
        with transaction.atomic():
            action(lead.case.number, case.number, match.ground, actor=SYSTEM,
                   distance_m=match.distance_m)  # fmt: skip
    except CaseworkError as error:
        logger.info("lead %s, connection %s: %s", lead.case.number, case.number, error)


def _radius(case: Case) -> float:
    return float(str(load_plan(case.plan).value(RADIUS).value))


def is_tied(case: Case) -> bool:
    """Whether a connection is tied to a lead now."""
    done = case.folded.done
    return done.get("lead_matched", 0) > done.get("lead_untied", 0)


def request_of(case: Case) -> Described:
    """A connection as its application describes it."""
    opening = case.events.get(seq=1)
    said: Mapping[str, Any] = opening.personal or {}
    uscc = said.get("id_number", "") if said.get("id_type") == "uscc" else ""
    return Described(
        permit=str(said.get("construction_permit", "")),
        project_code=_project(str(said.get("project_code", ""))),
        unit=str(said.get("real_estate_unit", "")),
        uscc=str(uscc),
        address=str(said.get("address", "")),
        lon=_degrees(said.get("lon")),
        lat=_degrees(said.get("lat")),
        load_kw=case.load_kw,
    )


def described(lead: Lead) -> Described:
    """A lead as the newest message about its permit describes it."""
    said = permit_of(lead.case).personal
    return Described(
        permit=lead.permit,
        project_code=lead.project_code,
        unit=str(said.get("real_estate_unit", "")),
        uscc=str(said.get("id_number", "")),
        address=str(said.get("address", "")),
        lon=_degrees(said.get("lon")),
        lat=_degrees(said.get("lat")),
        load_kw=lead.expected_kw,
    )


def _project(code: str) -> str:
    """A project code as leads hold it; what is none stays as it was typed."""
    try:
        return parse_project_code(code).text
    except IdentifierError:
        return code


def _degrees(text: Any) -> float | None:
    return float(text) if text else None


def _leads_near(request: Described, within_m: float) -> list[Lead]:
    """Leads that share anything with an application, the latest first."""
    wanted = Q()
    for name, value in (
        ("permit", request.permit),
        ("project_code", request.project_code),
        ("unit_digest", unit_digest(request.unit)),
        ("uscc_digest", uscc_digest(request.uscc)),
    ):
        if value:
            wanted |= Q(**{name: value})
    if request.lon is not None and request.lat is not None:
        reach = Decimal(str(within_m)) * DEGREES_PER_M
        lon, lat = Decimal(str(request.lon)), Decimal(str(request.lat))
        wanted |= Q(lon__range=(lon - reach, lon + reach), lat__range=(lat - reach, lat + reach))
    if not wanted:
        return []
    leads = Lead.objects.filter(wanted).exclude(case__outcome=LAPSED).select_related("case")
    return list(leads.order_by("-case_id")[:MOST])


MATCHER = Consumer("leads", APPLICATIONS | PERMITS, follow)
