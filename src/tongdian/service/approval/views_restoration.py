"""Restoring road and green: reported from the spot with photographs, checked by the department."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.packet_form import words_of
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.approval.restoration_form import RestorationForm
from tongdian.service.approval.restoration_state import (
    RESTORED,
    SHOWN,
    missing_restorations,
    restorations_of,
)
from tongdian.service.approval.route_access import case_url, find, may, refused, require, seen
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed, Superseded
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.privacy.actions import record_read_of

Refused = (NotAllowed, Superseded, Forbidden)
PICTURES = frozenset({"image/jpeg", "image/png"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """The fieldworker's page on the spot: what was restored, photographs before and after."""
    actor, case = find(request, number)
    if item not in RESTORED:
        raise Http404
    try:
        require(actor, case, "restoration_reported", {"item": item})
        if request.method == "POST":
            form = RestorationForm(request.POST, request.FILES)
            if form.is_valid() and _reported(request, actor, case, item, form):
                messages.success(request, _("已报告恢复，信息已推送审批部门"))
                return redirect(case_url(actor, number))
            return _report_page(request, actor, case, item, form, status=422)
    except Refused as error:
        return refused(request, actor, case, error)
    return _report_page(request, actor, case, item, RestorationForm())


def _reported(
    request: HttpRequest, actor: Actor, case: Case, item: str, form: RestorationForm
) -> bool:
    """Whether it was written; what is wrong stands in the form otherwise."""
    try:
        with transaction.atomic():
            data = {"item": item, "restored": RESTORED[item], **form.data_for(case, actor)}
            command = parse(commands.ReportRestoration, data)
            ACTIONS["restoration_reported"](
                case.number, command, actor=actor, expected_seq=seen(request)
            )
    except InvalidInput as error:
        form.add_words(error.errors)
        return False
    return True


def _report_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    item: str,
    form: RestorationForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "item": item,
        "restored": RESTORED[item],
        "form": form,
        "back": case_url(actor, case.number),
        "earlier": [r for r in restorations_of(case) if r.item == item],
    }
    return render(request, "approval/restoration_report.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """The department looks at the photographs and accepts, or asks to mend."""
    actor, case = find(request, number)
    if item not in RESTORED:
        raise Http404
    problem = ""
    data = {
        "item": item,
        "result": request.POST.get("result", ""),
        "findings": request.POST.get("findings", ""),
    }
    try:
        _own_item(actor, item)
        require(actor, case, "restoration_checked", {"item": item})
        if request.method == "POST":
            if data["result"] == "to_be_mended" and not data["findings"].strip():
                problem = _("请写明要修补什么")
            else:
                command = parse(commands.CheckRestoration, data)
                ACTIONS["restoration_checked"](
                    number, command, actor=actor, expected_seq=seen(request)
                )
                messages.success(request, _("已记录验收结果"))
                return redirect("permits-restorations")
    except InvalidInput as error:
        problem = words_of(error.errors[0])
    except Refused as error:
        return refused(request, actor, case, error)
    context = {
        "case": case,
        "item": item,
        "actor": actor,
        "typed": data,
        "problem": problem,
        "restorations": [r for r in restorations_of(case) if r.item == item],
    }
    status = 422 if problem else 200
    return render(request, "approval/restoration_check.html", context, status=status)


def _own_item(actor: Actor, item: str) -> None:
    if actor.organisation != AUTHORITIES[item]:
        raise PermissionDenied(_("这个事项由其他部门办理。"))


@never_cache
@require_safe
def list_view(request: HttpRequest) -> HttpResponse:
    """What should have been restored by now and was not reported, and reports to be checked."""
    actor = actor_of(request)
    if not actor.has("officer", "engineer", "fieldworker", "lead", "supervisor"):
        raise PermissionDenied(_("这里由施工、审批和督办人员查看。"))
    missing, reported = missing_restorations(actor)
    context: dict[str, Any] = {
        "actor": actor,
        "missing": missing,
        "shown": SHOWN,
        "more": len(missing) == SHOWN,
        "reported": reported,
        "may_check": actor.has("officer"),
    }
    return render(request, "approval/restoration_list.html", context)


@never_cache
@require_safe
def photo_view(request: HttpRequest, number: str, digest: str) -> HttpResponseBase:
    """A photograph of the case, shown beside another. Pictures alone, and nothing else in them."""
    actor, case = find(request, number)
    kept = case.evidence.filter(digest=digest, media_type__in=PICTURES).first()
    if kept is None:
        raise Http404
    try:
        opened = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    record_read_of(case, actor=actor, what="evidence")
    response = FileResponse(opened, content_type=kept.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=600"
    return response


def may_report(actor: Actor, case: Case, item: str) -> bool:
    """Whether the page of another room offers the report."""
    return item in RESTORED and may(actor, case, "restoration_reported", {"item": item})
