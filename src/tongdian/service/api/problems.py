"""Errors as problem+json (RFC 9457) with stable types: one table for code, OpenAPI and page."""

from collections.abc import Mapping
from dataclasses import dataclass
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
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem. `slug` and `status` are stable for ever; the words may get better."""

    slug: str
    status: int
    title_zh: str
    title_en: str
    todo_zh: str
    todo_en: str

    @property
    def uri(self) -> str:
        return TYPE + self.slug


_TABLE = (
    ProblemType("bad-request", 400, "请求有误", "Bad request",
                "请核对请求的格式", "Check the form of the request"),
    ProblemType("idempotency-key-needed", 400, "缺少 Idempotency-Key", "Idempotency-Key is needed",
                "每次写入带上一个新的键，例如 UUID",
                "Send a new key, such as a UUID, with every write"),
    ProblemType("not-signed-in", 401, "需要密钥", "Key needed",
                "在 Authorization 头中带上 Bearer 密钥",
                "Send a Bearer key in the Authorization header"),
    ProblemType("scope-not-granted", 403, "密钥没有这项权限", "The key lacks this scope",
                "向管理员申请 scopes_needed 所列的一项权限",
                "Ask the administrator for one of scopes_needed"),
    ProblemType("role-not-allowed", 403, "您的角色不能这样做", "Your role may not do this",
                "allowed 列出现在可以做的事", "The list in allowed says what is possible now"),
    ProblemType("not-found", 404, "没有这个地址", "No such address",
                "对照操作列表核对地址", "Compare the address with the list of operations"),
    ProblemType("case-not-found", 404, "没有这个案件", "No such case",
                "核对编号；编号不存在与不属于您，回答相同",
                "Check the number; unknown and not yours are answered alike"),
    ProblemType("no-tree-head", 404, "还没有这个树头", "No such tree head",
                "先读取最新树头", "Read the latest head first"),
    ProblemType("method-not-allowed", 405, "不支持这种方法", "Method not allowed",
                "Allow 头列出可用的方法", "The Allow header lists the methods"),
    ProblemType("in-progress", 409, "同一请求正在处理", "The same request is in progress",
                "稍后用同一个键重试", "Repeat it in a moment with the same key"),
    ProblemType("not-allowed-now", 409, "现在不能这样做", "Not possible now",
                "allowed 列出现在可以做的事", "The list in allowed says what is possible now"),
    ProblemType("superseded", 409, "别人已先处理", "Somebody else acted first",
                "看 happened，重新读取案件后再决定",
                "The list in happened says what; read the case and decide anew"),
    ProblemType("too-large", 413, "内容过大", "Too large",
                "文件不超过 10 MB，其他请求不超过 12 MB",
                "A file can have 10 MB, any other request 12 MB"),
    ProblemType("media-type", 415, "内容类型不对", "Unsupported media type",
                "发送 application/json；文件用 multipart/form-data",
                "Send application/json, or multipart/form-data for a file"),
    ProblemType("invalid-input", 422, "填写有误", "Some fields are not right",
                "errors 逐栏说明规则和改法",
                "The list in errors names each field, its rule and remedy"),
    ProblemType("idempotency-key-reused", 422, "同一个 Idempotency-Key 用于不同的内容",
                "The key was used for another request",
                "新的请求换一个新的键", "Use a new key for a new request"),
    ProblemType("outside-the-log", 422, "超出日志范围", "Outside the log",
                "先读取最新树头", "Read the latest head first"),
    ProblemType("internal-error", 500, "系统出错", "Something went wrong",
                "用同一个键重试；仍不行请告诉我们时间和地址",
                "Retry with the same key; if it stays, tell us time and address"),
    ProblemType("database-unavailable", 503, "数据库暂不可用", "The database is unavailable",
                "没有留下半件；按 Retry-After 用同一个键重试，不会写两次",
                "No half case stays; retry after Retry-After with the same key"),
    ProblemType("not-yet-sequenced", 503, "正在写入日志", "Being sequenced",
                "事件已保存，稍后再取证明", "The event is safe; its proof is ready in a moment"),
)  # fmt: skip
PROBLEMS: Mapping[str, ProblemType] = {kind.slug: kind for kind in _TABLE}


def problem(slug: str, detail: str = "", **extra: Any) -> HttpResponse:
    """A problem document of a type of the table; `detail` says what is special this time."""
    kind = PROBLEMS[slug]
    body = {
        "type": kind.uri,
        "title": f"{kind.title_zh} / {kind.title_en}",
        "status": kind.status,
        "detail": detail or f"{kind.todo_zh}。 {kind.todo_en}.",
        **extra,
    }
    return JsonResponse(
        body,
        status=kind.status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def retry_later(slug: str, seconds: int = RETRY_AFTER_SECONDS) -> HttpResponse:
    """A problem that passes by itself, with Retry-After."""
    response = problem(slug, retry_after_seconds=seconds)
    response["Retry-After"] = str(seconds)
    return response


def of_error(error: CaseworkError) -> HttpResponse:
    """The problem document of anything an action refuses."""
    match error:
        case CaseNotFound():
            return problem(
                "case-not-found",
                "编号不存在，或不属于您。 The number does not exist, or the case is not yours.",
            )
        case InvalidInput():
            return problem(
                "invalid-input",
                "没有写入任何内容。 Nothing was written.",
                errors=[item.to_dict() for item in error.errors],
            )
        case Forbidden():
            return problem(
                "role-not-allowed",
                f"需要角色 / needs one of: {', '.join(error.roles_needed)}",
                action=error.kind,
                allowed=error.allowed,
            )
        case NotAllowed():
            refusal = error.refusal
            return problem(
                "not-allowed-now",
                f"{refusal.rule_zh} / {refusal.rule_en}",
                action=error.kind,
                clause=refusal.clause,
                stage=error.stage,
                allowed=error.allowed,
            )
        case Superseded():
            return problem(
                "superseded",
                "案件在您查看之后有了新的事件。 The case has moved on since you read it.",
                expected_seq=error.expected_seq,
                happened=error.happened,
            )
    raise error


_OF_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type",
    500: "internal-error",
    503: "database-unavailable",
}


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same refusal as a problem document, when something below the API answered with a page."""
    slug = _OF_STATUS.get(response.status_code)
    if slug is None or response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    told = retry_later(slug) if slug == "database-unavailable" else problem(slug)
    if "Allow" in response.headers:
        told["Allow"] = response.headers["Allow"]
    return told
