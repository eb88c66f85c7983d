"""What those who file do about one permit: complete it, or take it back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.filer_form import CorrectionForm, listed_of
from tongdian.service.approval.packet_form import words_of
from tongdian.service.approval.process import AUTHORITIES, COMMITTING
from tongdian.service.approval.route_access import case_url, find, refused, require, seen
from tongdian.service.approval.route_words import pick
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed, Superseded
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import organisation_pair

Refused = (NotAllowed, Superseded, Forbidden)


def _find(request: HttpRequest, number: str, item: str) -> tuple[Actor, Case]:
    actor, case = find(request, number)
    if item not in case.folded.branches:
        raise Http404
    return actor, case


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """The department's list line by line; POST answers it."""
    actor, case = _find(request, number, item)
    listed = listed_of(case.folded.branches[item])
    form = CorrectionForm(request.POST or None, request.FILES or None, listed=listed)
    try:
        require(actor, case, "item_corrected", {"item": item})
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                data = form.data_for(item, case, actor)
                if data is not None:
                    command = parse(commands.CorrectItem, data)
                    ACTIONS["item_corrected"](
                        number, command, actor=actor, expected_seq=seen(request)
                    )
            if data is not None:
                messages.success(request, _("补正已提交，部门继续审查"))
                return redirect(case_url(actor, number))
    except InvalidInput as error:
        form.add_error("answer-0", words_of(error.errors[0]))
    except Refused as error:
        return refused(request, actor, case, error)
    return _page(request, "approval/filer_correct.html", actor, case, item, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """What taking a permit back means; POST does it."""
    actor, case = _find(request, number, item)
    if case.folded.branches[item].stage == COMMITTING:
        return redirect("permits-commitment-decision", number=number)
    typed, problem = request.POST.get("reason", ""), ""
    try:
        require(actor, case, "item_withdrawn", {"item": item})
        if request.method == "POST":
            command = parse(commands.WithdrawItem, {"item": item, "reason": typed})
            ACTIONS["item_withdrawn"](number, command, actor=actor, expected_seq=seen(request))
            messages.success(request, _("已撤回这个许可事项"))
            return redirect(case_url(actor, number))
    except InvalidInput as error:
        problem = words_of(error.errors[0])
    except Refused as error:
        return refused(request, actor, case, error)
    more = {"typed": typed, "problem": problem}
    return _page(request, "approval/filer_withdraw.html", actor, case, item, **more)


def _page(
    request: HttpRequest, template: str, actor: Actor, case: Case, item: str, **more: Any
) -> HttpResponse:
    context = {
        "case": case,
        "item": item,
        "back": case_url(actor, case.number),
        "department": pick(*organisation_pair(AUTHORITIES[item])),
        **more,
    }
    form = more.get("form")
    bad = more.get("problem") or (form is not None and form.is_bound and form.errors)
    return render(request, template, context, status=422 if bad else 200)
