"""Act on a case: an address for each kind of event, and the files that events mention."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tongdian.service.api.auth import ACT, UPLOAD, actor
from tongdian.service.api.cases import case_dict, known_number
from tongdian.service.api.idempotency import idempotent
from tongdian.service.api.schemas import CaseOut, EvidenceOut
from tongdian.service.api.uploads import content_of, read_upload
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.connection.actions import ACTIONS
from tongdian.service.connection.commands import COMMANDS, Command
from tongdian.service.connection.process import CONNECTION

router = Router(tags=["actions"])

FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post(
    "/evidence",
    auth=UPLOAD,
    response={201: EvidenceOut},
    operation_id="upload_evidence",
    summary="上传文件 / Upload a file (PDF, PNG, JPG)",
    openapi_extra=FILE,
)
def upload(request: HttpRequest) -> HttpResponse:
    """Kept by its content, up to 10 MB; it joins a case with the action `evidence_added`."""
    who = actor(request)
    file = read_upload(request)

    def write() -> HttpResponse:
        kept = store_evidence(file, actor=who)
        body = {name: getattr(kept, name) for name in EvidenceOut.model_fields}
        return JsonResponse(body, status=201)

    return idempotent(request, who.pseudonym, content_of(file), write)


def _in_a_zone(instant: datetime | None) -> datetime | None:
    if instant is None or instant.tzinfo is not None:
        return instant
    rule = ("时间必须带时区", "The instant needs a time zone")
    remedy = ("例如 2026-11-24T09:00:00+08:00", "For example 2026-11-24T09:00:00+08:00")
    raise InvalidInput([FieldError("occurred_at", *rule, *remedy)])


def _action_view(kind: str, model: type[Command]) -> Callable[..., HttpResponse]:
    def view(
        request: HttpRequest,
        number: str,
        command: model,  # type: ignore[valid-type]
        expected_seq: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
        occurred_at: datetime | None = None,
    ) -> HttpResponse:
        who = actor(request)
        instant = _in_a_zone(occurred_at)

        def write() -> HttpResponse:
            done = ACTIONS[kind](
                known_number(number), command, actor=who, at=instant, expected_seq=expected_seq
            )
            return JsonResponse(case_dict(done.case, who))

        return idempotent(request, who.pseudonym, request.body, write)

    view.__name__ = f"act_{kind}"
    return view


for _kind in ACTIONS:
    _rule = CONNECTION.rules[_kind]
    router.post(
        f"/cases/{{number}}/actions/{_kind}",
        auth=ACT,
        response={200: CaseOut},
        operation_id=f"act_{_kind}",
        summary=f"{_rule.zh} / {_rule.en}",
        description=(
            f"{_rule.clock_zh}。 {_rule.clock_en}.\n\n"
            f"角色 / Roles: {', '.join(sorted(_rule.roles))}."
            " 密钥代表其申请人。 A key acts as its applicants."
        ),
    )(_action_view(_kind, COMMANDS[_kind]))
