"""`/desk/leads/`: the list, one lead, and what can be done with it. Rules live in `actions`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.casework.errors import CaseworkError, InvalidInput
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.selectors import HEADQUARTERS, READ_ALL_ROLES, at_headquarters
from tongdian.service.casework.timeline import view_of
from tongdian.service.identity.actors import STAFF_ROLES, Actor, actor_of
from tongdian.service.identity.selectors import colleagues_of, staff_names
from tongdian.service.leads import lead_page, pictures
from tongdian.service.leads.actions import act
from tongdian.service.leads.definition import READERS
from tongdian.service.leads.forms import FORMS, AssignForm, LeadForm
from tongdian.service.leads.models import Lead
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.leads.selectors import (
    LeadFilter,
    counts,
    expected_by_district,
    expected_by_month,
    lead_for,
    listed,
)

PAGE = 30


def reader_of(request: HttpRequest) -> Actor:
    """Somebody of the utility's desk, or of oversight."""
    actor = actor_of(request)
    if not frozenset(actor.roles) & (READERS | {"supervisor", "auditor"}) & STAFF_ROLES:
        raise PermissionDenied(_("接入准备由供电企业办理。"))
    return actor


def sees_the_city(actor: Actor) -> bool:
    return at_headquarters(actor) or actor.has(*READ_ALL_ROLES)


@never_cache
@require_safe
def list_view(request: HttpRequest) -> HttpResponse:
    """What will need power, by when it has to be prepared."""
    actor = reader_of(request)
    wanted = LeadFilter.from_query(request.GET)
    page = Paginator(listed(actor, wanted), PAGE).get_page(request.GET.get("page"))
    leads = list(page.object_list)
    whole = sees_the_city(actor)
    context = {
        "actor": actor,
        "room": "leads",
        "wanted": wanted,
        "sheet": page,
        "rows": [(lead, view_of(lead.case)) for lead in leads],
        "people": staff_names({lead.case.assignee for lead in leads} - {""}),
        "counts": counts(actor),
        "districts": list(GUIYANG_DIVISIONS) if whole else [],
        "months": pictures.months_picture(
            expected_by_month(actor, wanted), lambda month: f"?{wanted.query(month=month)}"
        ),
        "map": pictures.districts_picture(
            expected_by_district(actor), lambda code: f"?{wanted.query(district=code)}"
        ) if whole else "",
        "month_name": pictures.month_name(wanted.month) if wanted.month else "",
    }  # fmt: skip
    return render(request, "leads/list.html", context)


@never_cache
@require_safe
def lead_view(request: HttpRequest, number: str) -> HttpResponse:
    """One lead: what will be built, how far the preparation is, which application it is."""
    actor = reader_of(request)
    return _page(request, actor, _lead(actor, number))


def _lead(actor: Actor, number: str) -> Lead:
    lead = lead_for(actor, number)
    if lead is None:
        raise Http404
    return lead


def _page(
    request: HttpRequest,
    actor: Actor,
    lead: Lead,
    problem: CaseworkError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = lead_page.context_of(actor, lead) | {"problem": problem}
    return render(request, "leads/lead.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_view(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The form of an action, and doing it."""
    actor = reader_of(request)
    lead = _lead(actor, number)
    rule = LEAD_PROCESS.rules.get(kind)
    if rule is None or kind not in FORMS:
        raise Http404
    if not roles_for_rules(actor) & rule.roles:
        raise PermissionDenied(_("您的角色不能办理这一步。"))
    refusal = LEAD_PROCESS.refusal(lead.case.folded, kind)
    if request.method == "POST":
        return _act(request, actor, lead, kind)
    if refusal is not None or kind == "match_dismissed":
        return redirect("lead", number=number)
    return _form_page(request, actor, lead, kind, _form(actor, lead, kind))


def _act(request: HttpRequest, actor: Actor, lead: Lead, kind: str) -> HttpResponse:
    form = _form(actor, lead, kind, request.POST)
    seen = request.POST.get("expected_seq", "")
    expected_seq = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    if not form.is_valid():
        return _form_page(request, actor, lead, kind, form, status=422)
    try:
        act(lead.case.number, kind, form.data_for_action(), actor=actor, expected_seq=expected_seq)
    except InvalidInput as error:
        form.add_refusals(error.errors, lead_page.chinese())
        return _form_page(request, actor, lead, kind, form, status=422)
    except CaseworkError as error:
        fresh = _lead(actor, lead.case.number)
        return _page(request, actor, fresh, problem=error, status=409)
    messages.success(request, _("已记录：%(what)s") % {
        "what": lead_page.names(LEAD_PROCESS.rules[kind]),
    })  # fmt: skip
    return redirect("lead", number=lead.case.number)


def _form(actor: Actor, lead: Lead, kind: str, data: Any = None) -> LeadForm:
    if kind == "assigned":
        places = (lead.case.office, HEADQUARTERS)
        fit = [one for one in colleagues_of(actor) if one.organisation in places]
        return AssignForm(data, colleagues=fit)
    return FORMS[kind](data)


def _form_page(
    request: HttpRequest, actor: Actor, lead: Lead, kind: str, form: LeadForm, status: int = 200
) -> HttpResponse:
    context = {
        "actor": actor,
        "lead": lead,
        "case": lead.case,
        "rule": LEAD_PROCESS.rules[kind],
        "form": form,
        "back": reverse("lead", args=[lead.case.number]),
    }
    return render(request, "leads/action.html", context, status=status)
