"""Later inspection of commitments: the list, the draw, the checklist on a phone, and revoking."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdian.law.calendar import local_date
from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.commitment_pdf import inspection_url
from tongdian.service.approval.commitment_state import Commitment, commitment_for
from tongdian.service.approval.inspection_checklist import checklist
from tongdian.service.approval.inspection_draw import draw_now, drawn_for, is_fair
from tongdian.service.approval.inspection_form import InspectionForm
from tongdian.service.approval.models import InspectionDraw
from tongdian.service.approval.packet_form import words_of
from tongdian.service.approval.process import AUTHORITIES, COMMITTED, ITEM_NAMES, RECTIFYING
from tongdian.service.approval.restoration_state import restorations_of
from tongdian.service.approval.route_access import find, may, refused, require, seen
from tongdian.service.approval.route_documents import keep
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework import clock
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed, Superseded
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.selectors import inspectors_of, staff_names
from tongdian.service.look.qr import qr_svg

Refused = (NotAllowed, Superseded, Forbidden)
MOST = 500


@dataclass(frozen=True)
class Row:
    """A commitment to be inspected."""

    case: Case
    item: str
    stage: str
    due: date | None
    late: bool
    inspector: str
    draw: int | None
    seq: int

    @property
    def key(self) -> str:
        return f"{self.case.number}/{self.item}"


@never_cache
@require_safe
def list_view(request: HttpRequest) -> HttpResponse:
    """What is due, drawn and overdue, the most urgent first; and the draws that were made."""
    actor = _officer(request)
    rows = _rows(actor)
    draws = InspectionDraw.objects.filter(organisation=actor.organisation)
    context = {
        "actor": actor,
        "rows": rows,
        "late": sum(row.late for row in rows),
        "drawn": sum(row.draw is not None for row in rows),
        "draws": [(kept, is_fair(kept)) for kept in draws.order_by("-drawn_at")[:10]],
        "names": staff_names({row.inspector for row in rows} - {""}),
        "may_draw": actor.has("officer"),
    }
    return render(request, "approval/inspection_list.html", context)


def _officer(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.has("officer", "supervisor", "auditor"):
        raise PermissionDenied(_("核查由审批部门办理。"))
    return actor


def _rows(actor: Actor) -> list[Row]:
    branches = CaseBranch.objects.filter(
        case__in=visible_to(actor), stage__in=(COMMITTED, RECTIFYING)
    ).select_related("case")
    if actor.has("officer"):
        branches = branches.filter(organisation=actor.organisation)
    today = local_date(clock.now())
    drawn = drawn_for(actor.organisation)
    rows = []
    for branch in branches[:MOST]:
        made = commitment_for(branch.case, branch.name)
        due = _due(branch, made)
        mine = drawn.get(f"{branch.case.number}/{branch.name}", {})
        late = due is not None and today > due
        rows.append(
            Row(branch.case, branch.name, branch.stage, due, late,
                mine.get("inspector", ""), mine.get("draw"), branch.case.seq)
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.due or date.max, row.key))


def _due(branch: CaseBranch, made: Commitment | None) -> date | None:
    """The term to put it right while that runs, else the last day for the inspection."""
    if branch.stage == RECTIFYING:
        facts = branch.case.folded.branches[branch.name].facts.get("commitment_inspected", {})
        text = facts.get("rectify_by", "")
        return date.fromisoformat(text) if text else None
    return made.check_by if made else None


@require_POST
def draw_view(request: HttpRequest) -> HttpResponse:
    """Draw by lot among the commitments not yet inspected."""
    actor = _officer(request)
    if not actor.has("officer"):
        raise PermissionDenied(_("核查由审批部门办理。"))
    text = request.POST.get("percent", "")
    percent = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    pool = [row.key for row in _rows(actor) if row.stage == COMMITTED and row.draw is None]
    people = inspectors_of(actor.organisation)
    if not 1 <= percent <= 100:
        messages.error(request, _("抽查比例请填 1 到 100 的整数"))
    elif not pool:
        messages.warning(request, _("没有还没抽过的承诺"))
    elif not people:
        messages.error(request, _("本部门没有可以抽取的核查人员"))
    else:
        kept = draw_now(pool, people, percent, actor=actor)
        done = ngettext("抽中 %(count)s 件", "抽中 %(count)s 件", len(kept.drawn))
        messages.success(request, done % {"count": len(kept.drawn)})
    return redirect("permits-inspections")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """The checklist of one item, made for a phone."""
    actor, case = find(request, number)
    made = _made(actor, case, item)
    checks = checklist(made.letter, item)
    try:
        if request.method == "POST":
            require(actor, case, "commitment_inspected", {"item": item, "result": "met"})
            form = InspectionForm(request.POST, request.FILES, checks=checks)
            if form.is_valid() and _inspected(request, actor, made, item, form):
                messages.success(request, _("核查结果已记录"))
                return redirect("permits-inspections")
            return _inspection_page(request, actor, made, item, form, status=422)
    except Refused as error:
        return refused(request, actor, case, error)
    return _inspection_page(request, actor, made, item, InspectionForm(checks=checks))


def _made(actor: Actor, case: Case, item: str) -> Commitment:
    """The commitment on an item, for the officers of its authority and those who watch."""
    if item not in ITEM_NAMES:
        raise Http404
    watching = actor.has("supervisor", "auditor")
    if not watching and not (actor.has("officer") and actor.organisation == AUTHORITIES[item]):
        raise PermissionDenied(_("这个事项由其他部门核查。"))
    made = commitment_for(case, item)
    if made is None:
        raise Http404
    return made


def _inspected(
    request: HttpRequest, actor: Actor, made: Commitment, item: str, form: InspectionForm
) -> bool:
    """Keep the record and say the result; whether it was written."""
    case, data = made.case, form.cleaned_data
    try:
        with transaction.atomic():
            photo = data.get("photo")
            digest = store_evidence(photo, actor=actor, case=case).digest if photo else ""
            record = {
                "case": case.number,
                "item": item,
                "letter": made.digest,
                "lines": form.record(),
                "notes": data["notes"],
                "photo": digest,
            }
            kept = keep(case, PermitDocument.Kind.INSPECTION, record)
            unmet = form.unmet(data)
            drawn = drawn_for(actor.organisation).get(f"{case.number}/{item}")
            command = parse(
                commands.InspectCommitment,
                {
                    "item": item,
                    "result": "unmet" if unmet else "met",
                    "way": "sampling" if drawn else "full",
                    "findings": form.findings(kept),
                    "rectify_by": data["rectify_by"].isoformat() if unmet else "",
                    "inspected_on": local_date(clock.now()).isoformat(),
                },
            )
            ACTIONS["commitment_inspected"](
                case.number, command, actor=actor, expected_seq=seen(request)
            )
    except InvalidInput as error:
        name = "photo" if error.errors[0].field == "file" else "notes"
        form.add_error(name, words_of(error.errors[0]))
        return False
    return True


def _inspection_page(
    request: HttpRequest,
    actor: Actor,
    made: Commitment,
    item: str,
    form: InspectionForm,
    status: int = 200,
) -> HttpResponse:
    case = made.case
    branch = case.folded.branches[item]
    context = {
        "case": case,
        "item": item,
        "actor": actor,
        "form": form,
        "commitment": made,
        "stage": branch.stage,
        "inspected": branch.facts.get("commitment_inspected"),
        "may_inspect": may(actor, case, "commitment_inspected", {"item": item, "result": "met"}),
        "may_revoke": may(
            actor, case, "commitment_revoked", {"item": item, "false_commitment": "yes"}
        ),
        "qr": qr_svg(inspection_url(case.number, item)),
        "restorations": [r for r in restorations_of(case) if r.item == item],
    }
    return render(request, "approval/inspection.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """Revoke: at once for a false commitment, after a term that passed for one not kept."""
    actor, case = find(request, number)
    _made(actor, case, item)
    names = ("false_commitment", "reason", "clause", "remedy")
    typed = {name: request.POST.get(name, "") for name in names}
    problems: dict[str, str] = {}
    try:
        require(actor, case, "commitment_revoked", {"item": item, "false_commitment": "yes"})
        if request.method == "POST":
            command = parse(commands.RevokeCommitment, {"item": item, **typed})
            ACTIONS["commitment_revoked"](number, command, actor=actor, expected_seq=seen(request))
            messages.success(request, _("已撤销"))
            return redirect("permits-inspections")
    except InvalidInput as error:
        problems = {each.field: words_of(each) for each in error.errors}
        if "false_commitment" in problems:
            problems["false_commitment"] = _("请选择是不是虚假承诺")
    except Refused as error:
        return refused(request, actor, case, error)
    if request.method != "POST":
        typed |= {
            "clause": "国办发〔2020〕42号",
            "remedy": _("可以自收到决定之日起 60 日内申请行政复议，或者 6 个月内提起行政诉讼"),
        }
    context: dict[str, Any] = {
        "case": case, "item": item, "actor": actor, "typed": typed, "problems": problems,
    }  # fmt: skip
    status = 422 if problems else 200
    return render(request, "approval/inspection_revoke.html", context, status=status)
