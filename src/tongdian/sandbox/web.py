"""A WSGI application small enough to read: requests, answers, routes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from tongdian.sandbox.markup import tag, void

MOST_BYTES = 1_000_000
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """What was asked. `headers` are lower case; `query` and `form` keep the last of equal names."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    @property
    def is_form(self) -> bool:
        return self.headers.get("content-type", "").startswith(FORM)

    @property
    def data(self) -> dict[str, Any]:
        """The body as an object: of a form, or JSON. Raises Refused."""
        if self.is_form:
            fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
            return {name: values[-1] for name, values in fields.items()}
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            raise Refused(400, "body", "正文不是 JSON", "The body is no JSON") from None
        if not isinstance(found, dict):
            raise Refused(400, "body", "正文应为 JSON 对象", "The body has to be a JSON object")
        return found


@dataclass
class Answer:
    """What is answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Refused(Exception):
    """A request that will not do: which field, and why."""

    status: int
    field: str
    rule_zh: str
    rule_en: str

    def answer(self) -> "Answer":
        error = {"field": self.field, "rule_zh": self.rule_zh, "rule_en": self.rule_en}
        return as_json({"error": error}, self.status)

    def page(self) -> "Answer":
        """The same for somebody who filled in a form."""
        words = tag("p", tag("strong", self.field), f": {self.rule_zh} / {self.rule_en}")
        back = tag("p", tag("a", "返回 / Back", href="/"))
        style = void("link", rel="stylesheet", href="/static/sandbox.css")
        charset = void("meta", charset="utf-8")
        return as_page(f"<!doctype html>{charset}{style}{tag('main', words, back)}", self.status)


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(status, (json.dumps(value, ensure_ascii=False) + "\n").encode())


def as_page(html: str, status: int = 200) -> Answer:
    return Answer(status, html.encode(), HTML)


def go_to(path: str) -> Answer:
    """On to a page after a form."""
    return Answer(303, b"", headers={"Location": path})


Handler = Callable[..., Answer]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
SAFE = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self';"
     " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
)  # fmt: skip


class Router:
    """Routes with `<name>` parts, and the WSGI application over them."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]{1,80})", path)
        self._routes.append((method, re.compile(pattern), handler))

    def answer(self, request: Request) -> Answer:
        """The answer of the first route that fits; 404 and 405 are told apart."""
        method = "GET" if request.method == "HEAD" else request.method
        allowed = set()
        for wanted, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found is None:
                continue
            if wanted == method:
                return handler(request, **found.groupdict())
            allowed.add(wanted)
        if allowed:
            words = ("这里不能用这个方法", "This method is not for this address")
            answer = Refused(405, "method", *words).answer()
            answer.headers["Allow"] = ", ".join(sorted(allowed))
            return answer
        return Refused(404, "path", "没有这个地址", "There is no such address").answer()

    def __call__(self, environ: Mapping[str, Any], start: StartResponse) -> Iterable[bytes]:
        try:
            _require_own_host(environ)
            answer = self.answer(read(environ))
        except Refused as refused:
            typed = str(environ.get("CONTENT_TYPE", "")).startswith(FORM)
            answer = refused.page() if typed else refused.answer()
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        start(
            f"{answer.status} {HTTPStatus(answer.status).phrase}",
            [*headers, *answer.headers.items(), *SAFE],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def read(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment. Raises Refused."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not str(length).isdecimal() or int(length) > MOST_BYTES:
        raise Refused(413, "body", "正文超过 1 MB", "The body is larger than 1 MB")
    headers = {
        name[5:].replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["content-type"] = str(environ.get("CONTENT_TYPE") or "")
    query = parse_qs(str(environ.get("QUERY_STRING") or ""), keep_blank_values=True)
    return Request(
        str(environ["REQUEST_METHOD"]),
        str(environ.get("PATH_INFO") or "/"),
        headers,
        {name: values[-1] for name, values in query.items()},
        environ["wsgi.input"].read(int(length)) if int(length) else b"",
    )


def _require_own_host(environ: Mapping[str, Any]) -> None:
    """A page of another site must neither read this nor press its buttons (DNS rebinding, CSRF)."""
    host = str(environ.get("HTTP_HOST", ""))
    if host.rpartition(":")[0].strip("[]") not in ("127.0.0.1", "localhost", "::1"):
        raise Refused(403, "host", "只在本机可用", "Only this machine may call")
    origin = environ.get("HTTP_ORIGIN")
    if origin not in (None, "null", f"http://{host}"):
        raise Refused(403, "origin", "不接受其他网站的请求", "Not from other sites")
