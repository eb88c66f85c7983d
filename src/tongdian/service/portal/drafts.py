"""Save and return: drafts are opened by the session that made them or by their return code."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from tongdian.service.casework import clock
from tongdian.service.portal.models import Draft

LIFETIME = timedelta(days=30)
CODES_SHOWN_FOR = timedelta(minutes=30)
SESSION_KEY = "draft_key"
SESSION_CODE = "draft_code"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16


def new_return_code() -> str:
    """Sixteen characters of an alphabet without look-alikes (79 bits), in groups of four."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(text[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def normalise_code(typed: str) -> str:
    """What was typed as it was issued: case, blanks and hyphens do not matter."""
    text = "".join(c for c in typed.upper() if c.isalnum())
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _digest(purpose: str, secret: str) -> str:
    key = hashlib.sha256(f"tongdian.portal.{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()


def start(session: SessionBase, answers: Mapping[str, Any] | None = None) -> Draft:
    """A new draft held by this session. Expired ones of everybody are swept on the way."""
    purge_expired()
    code = new_return_code()
    now = clock.now()
    key = secrets.token_hex(16)
    draft = Draft.objects.create(
        key_digest=_digest("key", key),
        return_digest=_digest("return", code),
        created_at=now,
        updated_at=now,
        expires_at=now + LIFETIME,
        answers=dict(answers or {}),
    )
    session[SESSION_KEY] = key
    session[SESSION_CODE] = code
    return draft


def current(session: SessionBase) -> Draft | None:
    """The draft that this session holds, if it has not expired."""
    key = session.get(SESSION_KEY)
    if not key:
        return None
    return Draft.objects.filter(
        key_digest=_digest("key", str(key)), expires_at__gt=clock.now()
    ).first()


def resume(session: SessionBase, typed_code: str) -> Draft | None:
    """Open an unsubmitted draft by its return code; the old session's key stops working."""
    code = normalise_code(typed_code)
    draft = Draft.objects.filter(
        return_digest=_digest("return", code), expires_at__gt=clock.now(), case_number=""
    ).first()
    if draft is None:
        return None
    key = secrets.token_hex(16)
    draft.key_digest = _digest("key", key)
    draft.save(update_fields=["key_digest"])
    session[SESSION_KEY] = key
    session[SESSION_CODE] = code
    return draft


def save_answers(draft: Draft, answers: Mapping[str, Any]) -> None:
    """Keep what was typed, right or wrong."""
    draft.answers = {**draft.answers, **answers}
    draft.updated_at = clock.now()
    draft.save(update_fields=["answers", "updated_at"])


def forget(session: SessionBase) -> None:
    session.pop(SESSION_KEY, None)
    session.pop(SESSION_CODE, None)


def count_expired(now: datetime) -> int:
    """How many drafts are past their time."""
    return Draft.objects.filter(expires_at__lte=now).count()


def purge_expired(now: datetime | None = None) -> int:
    """Destroy drafts past their time; returns how many."""
    deleted, _by_model = Draft.objects.filter(expires_at__lte=now or clock.now()).delete()
    return deleted


def erase_of_case(number: str) -> int:
    """Destroy what is left of the draft that a case came from. Returns how many rows."""
    return Draft.objects.filter(case_number=number).delete()[0]


def _fernet(session: SessionBase) -> Fernet:
    key = hashlib.sha256(b"tongdian.portal.codes:" + str(session[SESSION_KEY]).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal_codes(session: SessionBase, codes: Mapping[str, str]) -> bytes:
    """Query codes encrypted under the session's draft key, which the database does not hold."""
    return _fernet(session).encrypt(json.dumps(dict(codes)).encode())


def unseal_codes(session: SessionBase, draft: Draft) -> dict[str, str]:
    """The query codes for the confirmation page; empty once noted or half an hour old."""
    if draft.sealed_codes is None or draft.submitted_at is None:
        return {}
    if clock.now() > draft.submitted_at + CODES_SHOWN_FOR:
        discard_codes(draft)
        return {}
    return dict(json.loads(_fernet(session).decrypt(bytes(draft.sealed_codes))))


def discard_codes(draft: Draft) -> None:
    draft.sealed_codes = None
    draft.save(update_fields=["sealed_codes"])
