"""Submit, read, act, list, timeline, receipt, export: the connection journey for programs."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile

from tongdian.service.api.auth import actor
from tongdian.service.api.idempotency import idempotent
from tongdian.service.api.schemas import (
    CaseOut,
    CasePage,
    Document,
    EvidenceOut,
    Problem,
    SubmittedOut,
)
from tongdian.service.casework.errors import CaseNotFound, FieldError, InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.receipts import export_for, receipt_for
from tongdian.service.casework.selectors import case_for, visible_to
from tongdian.service.casework.timeline import timeline_dict, view_of
from tongdian.service.connection.actions import (
    ACTIONS,
    act,
    file_for_owner,
    submit_application,
)
from tongdian.service.connection.commands import COMMANDS, Application, Command
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

router = Router(tags=["cases"])
NUMBER = re.compile(r"^GY[0-9]{13}[0-9A-Z]$")
PAGE = 50
WRITE_PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem}
READ_PROBLEMS = {401: Problem, 404: Problem, 422: Problem}

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


def _find(request: HttpRequest, number: str) -> Case:
    if not NUMBER.match(number):
        raise CaseNotFound(number)
    return case_for(actor(request), number)


@router.post(
    "/cases",
    response={201: SubmittedOut, **WRITE_PROBLEMS},
    operation_id="submit_application",
    summary="提交用电申请 / Submit an application",
)
def submit(
    request: HttpRequest, application: Application, filed_for_owner: bool = False
) -> HttpResponse:
    """The clock starts with this event; with `filed_for_owner` it starts when the owner confirms."""
    who = actor(request)

    def write() -> HttpResponse:
        action = file_for_owner if filed_for_owner else submit_application
        submitted = action(application.model_copy(update={"channel": "api"}), actor=who)
        case = submitted.performed.case
        body = {**case_dict(case, who), "codes": dict(submitted.codes)}
        response = JsonResponse(body, status=201)
        response["Location"] = f"/api/v1/cases/{case.number}"
        return response

    return idempotent(request, who.pseudonym, write)


@router.get(
    "/cases",
    response={200: CasePage, 401: Problem, 422: Problem},
    operation_id="list_cases",
    summary="案件列表 / List cases",
)
def list_cases(
    request: HttpRequest,
    track: Annotated[str | None, Query(max_length=32, pattern=r"^[a-z_]+$")] = None,
    stage: Annotated[str | None, Query(max_length=32, pattern=r"^[a-z_]+$")] = None,
    state: Literal["open", "closed", "all"] = "all",
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> HttpResponse:
    """Newest first; pass `next_cursor` on as `cursor` for the next page."""
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
    response={200: CaseOut, **READ_PROBLEMS},
    operation_id="read_case",
    summary="案件 / Read a case",
)
def read_case(request: HttpRequest, number: str) -> HttpResponse:
    case = _find(request, number)
    response = JsonResponse(case_dict(case, actor(request)))
    response["ETag"] = f'"{case.seq}"'
    return response


@router.get(
    "/cases/{number}/timeline",
    response={200: Document, **READ_PROBLEMS},
    operation_id="read_timeline",
    summary="时间线与时限 / Timeline and clocks",
)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    case = _find(request, number)
    return JsonResponse(timeline_dict(view_of(case), list(case.events.order_by("seq"))))


@router.get(
    "/cases/{number}/receipt",
    response={200: Document, **READ_PROBLEMS},
    operation_id="read_receipt",
    summary="回执 / Receipt of one event, the last by default",
)
def receipt(
    request: HttpRequest,
    number: str,
    seq: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> HttpResponse:
    case = _find(request, number)
    event = case.events.filter(seq=seq or case.seq).first()
    if event is None:
        raise CaseNotFound(number)
    own = case.applicant_pseudonym == actor(request).pseudonym
    return JsonResponse(receipt_for(case, event, with_personal=own))


@router.get(
    "/cases/{number}/export",
    response={200: Document, **READ_PROBLEMS},
    operation_id="export_case",
    summary="全部事件，可独立验证 / The whole case, verifiable without us",
)
def export(request: HttpRequest, number: str) -> HttpResponse:
    case = _find(request, number)
    own = case.applicant_pseudonym == actor(request).pseudonym
    return JsonResponse(export_for(case, with_personal=own))


@router.post(
    "/evidence",
    response={201: EvidenceOut, **WRITE_PROBLEMS},
    operation_id="upload_evidence",
    summary="上传文件 / Upload a file (PDF, PNG, JPG)",
)
def upload(request: HttpRequest, file: UploadedFile = File(...)) -> HttpResponse:  # noqa: B008
    who = actor(request)

    def write() -> HttpResponse:
        kept = store_evidence(file, actor=who)
        body = {name: getattr(kept, name) for name in EvidenceOut.model_fields}
        return JsonResponse(body, status=201)

    return idempotent(request, who.pseudonym, write)


def _action_view(kind: str, model: type[Command]) -> Callable[..., HttpResponse]:
    def view(
        request: HttpRequest,
        number: str,
        command: model,  # type: ignore[valid-type]
        expected_seq: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
        occurred_at: datetime | None = None,
    ) -> HttpResponse:
        who = actor(request)
        if occurred_at is not None and occurred_at.tzinfo is None:
            raise InvalidInput(
                [
                    FieldError(
                        "occurred_at",
                        "时间必须带时区",
                        "The instant needs a time zone",
                        "例如 2026-11-24T09:00:00+08:00",
                        "For example 2026-11-24T09:00:00+08:00",
                    )
                ]
            )

        def write() -> HttpResponse:
            if not NUMBER.match(number):
                raise CaseNotFound(number)
            done = ACTIONS[kind](
                number, command, actor=who, at=occurred_at, expected_seq=expected_seq
            )
            return JsonResponse(case_dict(done.case, who))

        return idempotent(request, who.pseudonym, write)

    view.__name__ = f"act_{kind}"
    return view


for _kind in ACTIONS:
    _rule = CONNECTION.rules[_kind]
    router.post(
        f"/cases/{{number}}/actions/{_kind}",
        response={200: CaseOut, 404: Problem, **WRITE_PROBLEMS},
        operation_id=f"act_{_kind}",
        summary=f"{_rule.zh} / {_rule.en}",
        description=f"{_rule.clock_zh}。 {_rule.clock_en}.",
    )(_action_view(_kind, COMMANDS[_kind]))

__all__ = ["act", "router"]
