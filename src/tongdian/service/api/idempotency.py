"""`Idempotency-Key` on every write: missing 400, other body 422, in progress 409, done replays.

The key is locked for the length of the write's own transaction, and the answer is stored in that
same transaction: a crash leaves neither, and the client may safely repeat.
"""

import hashlib
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.api.problems import problem

MAX_KEY = 200


class _Refused(Exception):
    """Carries an answer of an error status out of the transaction, which is rolled back."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def idempotent(
    request: HttpRequest, principal: str, write: Callable[[], HttpResponse]
) -> HttpResponse:
    """Run `write` once for the request's key. Only answers below 400 are kept and replayed: a
    refused write wrote nothing, so its repeat is judged afresh."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MAX_KEY or not key.isprintable():
        return problem(
            400,
            "idempotency-key-needed",
            "缺少 Idempotency-Key / Idempotency-Key is needed",
            f"每次写入须带 1 至 {MAX_KEY} 个字符的 Idempotency-Key 头，例如一个 UUID。"
            f" Every write carries an Idempotency-Key header of 1 to {MAX_KEY} characters.",
        )
    fingerprint = _fingerprint(request)
    try:
        with transaction.atomic():
            return _once(principal, key, fingerprint, write)
    except _Refused as refused:
        return refused.response


def _once(
    principal: str, key: str, fingerprint: bytes, write: Callable[[], HttpResponse]
) -> HttpResponse:
    if not _lock(principal, key):
        return problem(
            409,
            "in-progress",
            "同一请求正在处理 / The same request is in progress",
            "请稍后用同一个 Idempotency-Key 再试。 Repeat it in a moment with the same key.",
        )
    known = IdempotencyRecord.objects.filter(principal=principal, key=key).first()
    if known is not None:
        return _replay(known, fingerprint)
    response = write()
    if response.status_code >= 400:
        raise _Refused(response)
    IdempotencyRecord.objects.create(
        principal=principal,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        content_type=response.headers["Content-Type"],
        body=response.content,
    )
    return response


def _lock(principal: str, key: str) -> bool:
    digest = hashlib.sha256(f"{principal}\n{key}".encode()).digest()
    with connection.cursor() as cursor:
        number = int.from_bytes(digest[:8], "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _replay(known: IdempotencyRecord, fingerprint: bytes) -> HttpResponse:
    if bytes(known.fingerprint) != fingerprint:
        return problem(
            422,
            "idempotency-key-reused",
            "同一个 Idempotency-Key 用于不同的内容 / The key was used for another request",
            "新的请求请换一个新的 Idempotency-Key。 Use a new key for a new request.",
        )
    response = HttpResponse(bytes(known.body), status=known.status, content_type=known.content_type)
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> bytes:
    sha = hashlib.sha256()
    for part in (request.method or "", request.get_full_path()):
        sha.update(part.encode() + b"\n")
    sha.update(request.body)
    return sha.digest()
