"""Refusals of the exchange as problem documents (RFC 9457), in the shape of the API's."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse

from tongdian.service.casework.errors import (
    CaseNotFound,
    CaseworkError,
    FieldError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.exchange.inbound import Refused

TYPE = "urn:tongdian:problem:"
CONTENT_TYPE = "application/problem+json"
NOT_WRITTEN = "没有写入任何内容。 Nothing was written."
# Slug: status, title.
TITLES: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "请求有误 / Bad request"),
    "bad-signature": (401, "签名无效 / The signature is not valid"),
    "not-signed-in": (401, "需要密钥 / Key needed"),
    "scope-not-granted": (403, "密钥没有这项权限 / The key lacks this scope"),
    "case-not-found": (422, "没有这个案件 / No such case"),
    "method-not-allowed": (405, "不支持这种方法 / Method not allowed"),
    "message-id-reused": (409, "同一编号用于不同的内容 / The id was used for another message"),
    "sequence-used": (409, "这个序号已经用过 / This sequence was used"),
    "too-many-waiting": (409, "等候的消息太多 / Too many messages wait"),
    "not-allowed-now": (409, "现在不能这样做 / Not possible now"),
    "superseded": (409, "别人已先处理 / Somebody else acted first"),
    "refused": (409, "已拒绝 / Refused"),
    "too-large": (413, "内容过大 / Too large"),
    "media-type": (415, "内容类型不对 / Unsupported media type"),
    "invalid-input": (422, "填写有误 / Some fields are not right"),
    "unknown-type": (422, "未登记的消息类型 / Unknown event type"),
    "internal-error": (500, "系统出错 / Something went wrong"),
    "database-unavailable": (503, "数据库暂不可用 / The database is unavailable"),
    "role-not-allowed": (409, "该单位不能这样做 / This organisation may not do this"),
}


class Problem(Exception):
    """A refusal with its document."""

    def __init__(
        self, slug: str, detail: str, errors: list[FieldError] | None = None, **extra: Any
    ):
        super().__init__(slug)
        self.status, title = TITLES[slug]
        self.body: dict[str, Any] = {
            "type": TYPE + slug,
            "title": title,
            "status": self.status,
            "detail": detail,
            **extra,
        }
        if errors:
            self.body["errors"] = [error.to_dict() for error in errors]

    def response(self) -> HttpResponse:
        return as_response(self.status, self.body)


def invalid(field: str, rule: tuple[str, str], remedy: tuple[str, str]) -> Problem:
    """422 for one field of a message."""
    return Problem("invalid-input", NOT_WRITTEN, [FieldError(field, *rule, *remedy)])


def of_refusal(error: CaseworkError | Refused) -> Problem:
    """What a handler refused."""
    match error:
        case Refused(errors=errors) if errors:
            detail = f"{error.rule_zh} / {error.rule_en}"
            return Problem("invalid-input", detail, list(errors))
        case Refused():
            return Problem("refused", f"{error.rule_zh} / {error.rule_en}")
        case InvalidInput():
            return Problem("invalid-input", NOT_WRITTEN, error.errors)
        case CaseNotFound():
            return Problem(
                "case-not-found", "编号不存在，或与来源单位无关。 Unknown, or not of this source."
            )
        case NotAllowed():
            detail = f"{error.refusal.rule_zh} / {error.refusal.rule_en}"
            return Problem(
                "not-allowed-now", detail, action=error.kind, clause=error.refusal.clause,
                stage=error.stage, allowed=error.allowed,
            )  # fmt: skip
        case Forbidden():
            needed = ", ".join(error.roles_needed)
            return Problem(
                "role-not-allowed", f"需要角色 / needs one of: {needed}", allowed=error.allowed
            )
        case Superseded():
            return Problem(
                "superseded", "案件有了新的事件。 The case has moved on.",
                expected_seq=error.expected_seq, happened=error.happened,
            )  # fmt: skip
    raise error


def as_response(status: int, body: Mapping[str, Any]) -> HttpResponse:
    """An answer of the exchange; a problem document from 400 on."""
    return JsonResponse(
        body,
        status=status,
        content_type=CONTENT_TYPE if status >= 400 else "application/json",
        json_dumps_params={"ensure_ascii": False},
    )
