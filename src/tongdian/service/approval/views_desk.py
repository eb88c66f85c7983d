"""`/desk/permits/`: the joint board, a department's page of its item, and the joint decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.desk_board import VIEWS, cases_of, reads_all, rows_of
from tongdian.service.approval.desk_item import context_of
from tongdian.service.approval.joint_decision import last_issued, results
from tongdian.service.approval.joint_pdf import document_of, joint_pdf
from tongdian.service.approval.packet_form import words_of
from tongdian.service.approval.process import AUTHORITIES, ITEM_NAMES
from tongdian.service.approval.route_access import find, may, refused, seen
from tongdian.service.approval.selectors import own_files
from tongdian.service.casework import clock
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed, Superseded
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.selectors import organisation_names
from tongdian.service.privacy.actions import record_read_of

Refused = (NotAllowed, Superseded, Forbidden)
PAGE = 30
READERS = ("officer", "supervisor", "auditor")
# What a department does besides deciding, each on the form of the desk.
BESIDES = (
    "item_accepted",
    "item_correction_listed",
    "item_special_started",
    "item_special_ended",
    "item_not_accepted",
)
FIELDS = ("result", "document_number", "conditions", "reason", "clause", "remedy")


def reader_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.has(*READERS):
        raise PermissionDenied(_("并联审批由审批部门和政务服务中心办理。"))
    return actor


@never_cache
@require_safe
def board_view(request: HttpRequest) -> HttpResponse:
    """One row for each case, a bar for each department, the first due first."""
    actor = reader_of(request)
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    page = Paginator(cases_of(actor, view), PAGE).get_page(request.GET.get("page"))
    window = actor.has("officer") and actor.organisation == WINDOW
    context = {
        "actor": actor,
        "here": "permits",
        "view": view,
        "views": VIEWS,
        "sheet": page,
        "rows": rows_of(list(page.object_list), actor, clock.now()),
        "window": window,
        "all": reads_all(actor),
    }
    return render(request, "approval/desk_board.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """A department's page of its item; POST decides it."""
    actor = reader_of(request)
    _actor, case = find(request, number)
    if item not in ITEM_NAMES or item not in case.folded.branches:
        raise Http404
    if not reads_all(actor) and AUTHORITIES[item] != actor.organisation:
        raise PermissionDenied(_("这个事项由其他部门办理。"))
    problems: dict[str, str] = {}
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method == "POST":
        try:
            command = parse(commands.DecideItem, {"item": item, **_given(typed)})
            ACTIONS["item_decided"](number, command, actor=actor, expected_seq=seen(request))
        except InvalidInput as error:
            problems = {e.field: words_of(e) for e in error.errors}
        except Refused as error:
            return refused(request, actor, case, error)
        else:
            messages.success(request, _("已作出决定，申请人可以看到"))
            return redirect("permits-board")
    record_read_of(case, actor=actor, what="application")
    return _item_page(request, actor, case, item, typed, problems)


def _given(typed: dict[str, str]) -> dict[str, str]:
    """A grant says conditions, a refusal its reasons: what belongs to the other is left out."""
    other = ("conditions",) if typed["result"] == "refused" else ("reason", "remedy", "clause")
    return {name: value for name, value in typed.items() if value and name not in other}


def _item_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    item: str,
    typed: dict[str, str],
    problems: dict[str, str],
) -> HttpResponse:
    context = context_of(case, item)
    own = actor.has("officer") and AUTHORITIES[item] == actor.organisation
    if request.method != "POST":
        ban: dict[str, str] = next(iter(context["bans"]), {})
        typed |= {
            "conditions": context["draft"].conditions,
            "reason": ban.get("rule", ""),
            "clause": ban.get("clause", ""),
            "remedy": ban.get("remedy", ""),
        }
    context |= {
        "actor": actor,
        "here": "permits",
        "files": case.evidence.filter(digest__in=own_files(case, actor)) if own else [],
        "may_add": own and may(actor, case, "evidence_added"),
        "typed": typed,
        "problems": problems,
        "department": organisation_names().get(AUTHORITIES[item], ""),
        "may_decide": own and may(actor, case, "item_decided", {"item": item, "result": "granted"}),
        "besides": [
            (kind, _rule_name(kind)) for kind in BESIDES if own and may(actor, case, kind,
                                                                        {"item": item})
        ],
    }  # fmt: skip
    return render(request, "approval/desk_item.html", context, status=422 if problems else 200)


def _rule_name(kind: str) -> str:
    from tongdian.service.approval.route_words import pick
    from tongdian.service.casework.processes import CONNECTION, definition_of

    rule = definition_of(CONNECTION).process.rules[kind]
    return pick(rule.zh, rule.en)


@never_cache
@require_safe
def joint_view(request: HttpRequest, number: str) -> HttpResponse:
    """The joint decision: the result of each item with clause and remedy, in one document."""
    actor = reader_of(request)
    _actor, case = find(request, number)
    if not case.folded.branches:
        raise Http404
    issued = last_issued(case)
    ready = may(actor, case, "permits_decided")
    context: dict[str, Any] = {
        "actor": actor,
        "here": "permits",
        "case": case,
        "issued": issued if not ready else None,
        "document": document_of(case, issued) if issued else "",
        "hash": bytes(issued.hash).hex() if issued and not ready else "",
        "rows": results(case, None if ready else issued),
        "may_issue": ready and actor.organisation == WINDOW,
    }
    return render(request, "approval/desk_joint.html", context)


@never_cache
@require_safe
def joint_pdf_view(request: HttpRequest, number: str) -> HttpResponse:
    """The joint decision on paper, for whoever may see the case; the same bytes every time."""
    actor, case = find(request, number)
    issued = last_issued(case)
    if issued is None:
        raise Http404
    record_read_of(case, actor=actor, what="application")
    response = HttpResponse(joint_pdf(case, issued), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="joint-{number}-{issued.seq}.pdf"'
    return response
