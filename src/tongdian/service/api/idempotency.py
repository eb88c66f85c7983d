"""`Idempotency-Key` on every write: missing 400, other body 422, in progress 409, done replays.

The key is locked for the length of the write's own transaction, and the answer is stored in that
same transaction: a crash leaves neither, and the client may safely repeat.
"""

import hashlib
import json
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.api.problems import problem, retry_later
from tongdian.service.identity.codes import keyed_digest, keyed_digests

MAX_KEY = 200
PURPOSE = "idempotent-answer"
KEPT_HEADERS = ("Location",)


class KeyNeeded(Exception):
    """The write carries no usable Idempotency-Key."""


class _Refused(Exception):
    """Carries an answer of an error status out of the transaction, which is rolled back."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def key_of(request: HttpRequest) -> str:
    """The key of a write. Raises KeyNeeded when it is missing, too long or not printable."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise KeyNeeded
    return key


def idempotent(
    request: HttpRequest, principal: str, content: bytes, write: Callable[[], HttpResponse]
) -> HttpResponse:
    """Run `write` once for the request's key; `content` is what makes another request another one.

    Only answers below 400 are kept and replayed: a refused write wrote nothing, so its repeat is
    judged afresh. Raises KeyNeeded, and whatever `write` raises, with everything rolled back.
    """
    key = key_of(request)
    fingerprint = _fingerprint(request, content)
    try:
        with transaction.atomic():
            return _once(principal, key, fingerprint, write)
    except _Refused as refused:
        return refused.response


def _once(
    principal: str, key: str, fingerprint: bytes, write: Callable[[], HttpResponse]
) -> HttpResponse:
    if not _lock(principal, key):
        return retry_later("in-progress", 1)
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
        body=_seal(principal, key, response),
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
        return problem("idempotency-key-reused")
    headers, body = _open(known)
    response = HttpResponse(
        body, status=known.status, content_type=known.content_type, headers=headers
    )
    response["Idempotency-Replayed"] = "true"
    return response


def _seal(principal: str, key: str, response: HttpResponse) -> bytes:
    """The answer, encrypted: it may hold query codes, which are kept nowhere else in the clear."""
    headers = {name: response[name] for name in KEPT_HEADERS if name in response.headers}
    plain = json.dumps(headers).encode() + b"\n" + response.content
    nonce = os.urandom(12)
    secret = bytes.fromhex(keyed_digest(PURPOSE, principal, key))
    return nonce + AESGCM(secret).encrypt(nonce, plain, None)


def _open(known: IdempotencyRecord) -> tuple[dict[str, str], bytes]:
    """Headers and body of a kept answer, under the present secret key or a former one."""
    sealed = bytes(known.body)
    for secret in keyed_digests(PURPOSE, known.principal, known.key):
        try:
            plain = AESGCM(bytes.fromhex(secret)).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag:
            continue
        headers, _, body = plain.partition(b"\n")
        return json.loads(headers), body
    raise InvalidTag


def _fingerprint(request: HttpRequest, content: bytes) -> bytes:
    sha = hashlib.sha256()
    for part in (request.method or "", request.get_full_path()):
        sha.update(part.encode() + b"\n")
    sha.update(content)
    return sha.digest()
