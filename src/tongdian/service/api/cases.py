"""Submit, read, list, timeline, receipt, export: the connection journey for programs."""

import re
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tongdian.service.api.auth import READ, SUBMIT, actor
from tongdian.service.api.idempotency import idempotent
from tongdian.service.api.schemas import CaseOut, CasePage, SubmittedOut
from tongdian.service.api.schemas_proof import ExportOut, ReceiptOut
from tongdian.service.api.schemas_timeline import TimelineOut
from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.receipts import export_for, receipt_for
from tongdian.service.casework.selectors import case_for, visible_to
from tongdian.service.casework.timeline import timeline_dict, view_of
from tongdian.service.connection.actions import file_for_owner, submit_application
from tongdian.service.connection.commands import Application
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.actions import record_read_of

router = Router(tags=["cases"])
NUMBER = re.compile(r"GY[0-9]{13}[0-9A-Z]")
PAGE = 50
Word = Annotated[str, Query(max_length=32, pattern=r"^[a-z_]+$")]

CASE_COLUMNS = (
    "number", "process", "plan", "track", "stage", "lane", "pause_ground", "outcome", "district",
    "office", "load_kw", "opened_at", "submitted_at", "closed_at", "due_on", "due_provisional",
    "statutory_due_on", "seq",
)  # fmt: skip


def case_dict(case: Case, who: Actor) -> dict[str, Any]:
    """A case row for programs, with what this actor may do now."""
    data = {name: getattr(case, name) for name in CASE_COLUMNS}
    rules = CONNECTION.allowed(case.folded, roles_for_rules(who))
    return {**data, "allowed": [rule.kind for rule in rules]}


def known_number(number: str) -> str:
    """The number when it can be one. Raises CaseNotFound, as for any other unknown case."""
    if not NUMBER.fullmatch(number):
        raise CaseNotFound(number)
    return number


def _find(request: HttpRequest, number: str) -> Case:
    return case_for(actor(request), known_number(number))


@router.post(
    "/cases",
    auth=SUBMIT,
    response={201: SubmittedOut},
    operation_id="submit_application",
    summary="提交用电申请 / Submit an application",
)
def submit(
    request: HttpRequest, application: Application, filed_for_owner: bool = False
) -> HttpResponse:
    """The clock starts with this event; with `filed_for_owner` it starts when the owner confirms.

    Leave `track`, `channel` and `plan` out: they follow from the rest.
    """
    who = actor(request)

    def write() -> HttpResponse:
        action = file_for_owner if filed_for_owner else submit_application
        submitted = action(application.model_copy(update={"channel": "api"}), actor=who)
        case = submitted.performed.case
        body = {**case_dict(case, who), "codes": dict(submitted.codes)}
        response = JsonResponse(body, status=201)
        response["Location"] = f"/api/v1/cases/{case.number}"
        return response

    return idempotent(request, who.pseudonym, request.body, write)


@router.get(
    "/cases",
    auth=READ,
    response={200: CasePage},
    operation_id="list_cases",
    summary="案件列表 / List cases",
)
def list_cases(
    request: HttpRequest,
    track: Word | None = None,
    stage: Word | None = None,
    state: Literal["open", "closed", "all"] = "all",
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> HttpResponse:
    """Your own cases, newest first; pass `next_cursor` on as `cursor` for the next page."""
    who = actor(request)
    cases = visible_to(who).order_by("-id")
    chosen = Q()
    if track:
        chosen &= Q(track=track)
    if stage:
        chosen &= Q(stage=stage)
    if state != "all":
        chosen &= Q(outcome="") if state == "open" else ~Q(outcome="")
    if cursor:
        chosen &= Q(id__lt=int(cursor))
    page = list(cases.filter(chosen)[: limit + 1])
    items = page[:limit]
    following = str(items[-1].pk) if len(page) > limit else None
    return JsonResponse({"items": [case_dict(c, who) for c in items], "next_cursor": following})


@router.get(
    "/cases/{number}",
    auth=READ,
    response={200: CaseOut},
    operation_id="read_case",
    summary="案件 / Read a case",
)
def read_case(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, who holds it, until when, and what this key may do now."""
    case = _find(request, number)
    response = JsonResponse(case_dict(case, actor(request)))
    response["ETag"] = f'"{case.seq}"'
    return response


@router.get(
    "/cases/{number}/timeline",
    auth=READ,
    response={200: TimelineOut},
    operation_id="read_timeline",
    summary="时间线与时限 / Timeline and clocks",
)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """Every hold, clock and event; the lanes add up to the span."""
    case = _find(request, number)
    return JsonResponse(timeline_dict(view_of(case), list(case.events.order_by("seq"))))


@router.get(
    "/cases/{number}/receipt",
    auth=READ,
    response={200: ReceiptOut},
    operation_id="read_receipt",
    summary="回执 / Receipt",
)
def receipt(
    request: HttpRequest,
    number: str,
    seq: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> HttpResponse:
    """Of one event, the last by default. Keep the file: anyone can verify it without us."""
    case = _find(request, number)
    event = case.events.filter(seq=seq or case.seq).first()
    if event is None:
        raise CaseNotFound(number)
    own = _own(request, case)
    body = receipt_for(case, event, with_personal=own)
    if own and event.personal is not None:
        record_read_of(case, actor=actor(request), what="receipt")
    return JsonResponse(body)


@router.get(
    "/cases/{number}/export",
    auth=READ,
    response={200: ExportOut},
    operation_id="export_case",
    summary="全部事件，可独立验证 / The whole case, verifiable without us",
)
def export(request: HttpRequest, number: str) -> HttpResponse:
    """Every event with its place in the log, under one signed head."""
    case = _find(request, number)
    own = _own(request, case)
    body = export_for(case, with_personal=own)
    if own:
        record_read_of(case, actor=actor(request), what="export")
    return JsonResponse(body)


def _own(request: HttpRequest, case: Case) -> bool:
    return case.applicant_pseudonym == actor(request).pseudonym
