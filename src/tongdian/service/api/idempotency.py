"""`Idempotency-Key` on every write: missing 400, other body 422, in progress 409, done replays.

The key is locked for the length of the write's own transaction, and the answer is stored in that
same transaction: a crash leaves neither, and the client may safely repeat.
"""

import hashlib
import json
import os
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.api.problems import problem, retry_later
from tongdian.service.database import prepared_cursor
from tongdian.service.identity.codes import keyed_digest, keyed_digests

MAX_KEY = 200
PURPOSE = "idempotent-answer"
KEPT_HEADERS = ("Location",)


UNIQUE = "idempotency_key"
TABLE = IdempotencyRecord._meta.db_table
# One statement sees the answers that were there when it began. Whoever stored one in between makes
# our own insert fail at the end, and with it all that we wrote.
LOCK_AND_LOOK = (
    "SELECT pg_try_advisory_xact_lock(%s), fingerprint, status, content_type, body"
    f" FROM (VALUES (1)) AS one LEFT JOIN {TABLE} ON principal = %s AND key = %s"
)
KEEP = (
    f"INSERT INTO {TABLE} (principal, key, fingerprint, status, content_type, body, created_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


class _Kept(NamedTuple):
    """A stored answer."""

    fingerprint: bytes
    status: int
    content_type: str
    body: bytes


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
    except IntegrityError as error:
        if _constraint_of(error) != UNIQUE:
            raise
        return retry_later("in-progress", 1)


def _once(
    principal: str, key: str, fingerprint: bytes, write: Callable[[], HttpResponse]
) -> HttpResponse:
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_AND_LOOK, [lock_number(principal, key), principal, key])
        locked, *known = cursor.fetchone()
    if not locked:
        return retry_later("in-progress", 1)
    if known[0] is not None:
        return _replay(principal, key, _Kept(*known), fingerprint)
    response = write()
    if response.status_code >= 400:
        raise _Refused(response)
    _keep(principal, key, fingerprint, response)
    return response


def _keep(principal: str, key: str, fingerprint: bytes, response: HttpResponse) -> None:
    sealed = _seal(principal, key, response)
    kind = response.headers["Content-Type"]
    with prepared_cursor() as cursor:
        cursor.execute(
            KEEP, [principal, key, fingerprint, response.status_code, kind, sealed, timezone.now()]
        )


def lock_number(principal: str, key: str) -> int:
    """What PostgreSQL locks for a key: 64 bits of its digest."""
    digest = hashlib.sha256(f"{principal}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _constraint_of(error: IntegrityError) -> str | None:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def _replay(principal: str, key: str, kept: _Kept, fingerprint: bytes) -> HttpResponse:
    if bytes(kept.fingerprint) != fingerprint:
        return problem("idempotency-key-reused")
    headers, body = _open(principal, key, bytes(kept.body))
    response = HttpResponse(
        body, status=kept.status, content_type=kept.content_type, headers=headers
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


def _open(principal: str, key: str, sealed: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of a kept answer, under the present secret key or a former one."""
    for secret in keyed_digests(PURPOSE, principal, key):
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
