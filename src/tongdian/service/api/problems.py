"""Errors as problem+json (RFC 9457) with stable types."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from tongdian.service.casework.errors import (
    CaseNotFound,
    CaseworkError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)

TYPE = "urn:tongdian:problem:"
CONTENT_TYPE = "application/problem+json"


def problem(status: int, slug: str, title: str, detail: str, **extra: Any) -> HttpResponse:
    """A problem document. `slug` names the type for ever; the words may get better."""
    body = {"type": TYPE + slug, "title": title, "status": status, "detail": detail, **extra}
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def of_error(error: CaseworkError) -> HttpResponse:
    """The problem document of anything an action refuses."""
    match error:
        case CaseNotFound():
            return problem(
                404,
                "case-not-found",
                "没有这个案件 / No such case",
                "编号不存在，或不属于您。 The number does not exist, or the case is not yours.",
            )
        case InvalidInput():
            return problem(
                422,
                "invalid-input",
                "填写有误 / Some fields are not right",
                "没有写入任何内容。 Nothing was written.",
                errors=[item.to_dict() for item in error.errors],
            )
        case Forbidden():
            return problem(
                403,
                "role-not-allowed",
                "您的角色不能这样做 / Your role may not do this",
                f"需要角色 / needs one of: {', '.join(error.roles_needed)}",
                action=error.kind,
                allowed=error.allowed,
            )
        case NotAllowed():
            refusal = error.refusal
            return problem(
                409,
                "not-allowed-now",
                "现在不能这样做 / Not possible now",
                f"{refusal.rule_zh} / {refusal.rule_en}",
                action=error.kind,
                clause=refusal.clause,
                stage=error.stage,
                allowed=error.allowed,
            )
        case Superseded():
            return problem(
                409,
                "superseded",
                "别人已先处理 / Somebody else acted first",
                "案件在您查看之后有了新的事件。 The case has moved on since you read it.",
                expected_seq=error.expected_seq,
                happened=error.happened,
            )
    raise error


def not_signed_in(request: HttpRequest) -> HttpResponse:
    return problem(
        401,
        "not-signed-in",
        "需要登录或密钥 / Sign-in or key needed",
        "请在 Authorization 头中带上 Bearer 密钥。 Send a Bearer key in the Authorization header.",
    )
