"""Who may send us messages, and with which keys."""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.exchange.models import Source, SourceKey
from tongdian.service.exchange.signing import ED25519, HMAC, Key, key_bytes, new_secret, verify
from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import Organisation
from tongdian.service.identity.rules import require_administrator

OLD_KEY_LIVES = timedelta(hours=24)
KNOWN_SECONDS = 5.0
LEAST_SECRET_BYTES = 24
_known: dict[str, tuple[float, Source, list[tuple[Key, datetime | None]]]] = {}
_lock = threading.Lock()


def create_source(
    *,
    source_id: str,
    organisation: Organisation,
    name: str,
    kinds: Iterable[str],
    actor: Actor,
    key: str = "",
) -> tuple[Source, str]:
    """A system that may send messages of `kinds`, with its key: `whsec_…`, `whpk_…`, or a new
    secret, which is returned to be shown once (else the empty text). Raises NotPermitted,
    InvalidInput."""
    require_administrator(actor)
    with transaction.atomic():
        source = Source.objects.create(
            id=source_id,
            organisation=organisation,
            name=name,
            kinds=sorted(set(kinds)),
            created_at=clock.now(),
        )
        secret = add_key(source, key, actor=actor)
        audit.record("source_created", actor=actor, subject=f"source:{source.pk}")
    return source, secret


def add_key(source: Source, key: str = "", *, actor: Actor) -> str:
    """Another key; those there were end after 24 hours. Returns a new secret when `key` is empty,
    else the empty text. Raises NotPermitted, InvalidInput."""
    require_administrator(actor)
    made = "" if key else new_secret().text
    scheme = _scheme_of(key or made)
    now = clock.now()
    with transaction.atomic():
        source.keys.filter(ends_at__isnull=True).update(ends_at=now + OLD_KEY_LIVES)
        SourceKey.objects.create(
            source=source,
            scheme=scheme,
            sealed=(key or made) if scheme == HMAC else "",
            public_key=key if scheme == ED25519 else "",
            created_at=now,
        )
        audit.record("source_key_added", actor=actor, subject=f"source:{source.pk}", scheme=scheme)
    forget_sources()
    return made


def switch_source(source: Source, active: bool, *, actor: Actor) -> None:
    """Take its messages, or refuse them. Raises NotPermitted."""
    require_administrator(actor)
    with transaction.atomic():
        source.active = active
        source.save(update_fields=["active"])
        audit.record("source_switched", actor=actor, subject=f"source:{source.pk}", active=active)
    forget_sources()


def _scheme_of(key: str) -> str:
    try:
        size = len(key_bytes(key))
    except ValueError:
        size = 0
    if key.startswith("whsec_") and LEAST_SECRET_BYTES <= size <= 64:
        return HMAC
    if key.startswith("whpk_") and size == 32:
        return ED25519
    raise InvalidInput(
        [
            FieldError(
                "key", "应为 whsec_ 或 whpk_ 开头的密钥", "A key that begins with whsec_ or whpk_",
                "留空则生成一个", "Leave it empty to have one made",
            )
        ]
    )  # fmt: skip


def verified_source(source_id: str, headers: Mapping[str, str], body: bytes) -> Source:
    """The active source that signed this. Raises BadSignature, for an unknown one as for a wrong
    signature. Keys are remembered in this process for five seconds."""
    now = clock.now()
    source, keys = _source(source_id)
    verify(
        [key for key, ends_at in keys if ends_at is None or ends_at > now],
        headers.get("webhook-id", ""),
        headers.get("webhook-timestamp", ""),
        headers.get("webhook-signature", ""),
        body,
        now,
    )
    assert source is not None, "without keys nothing is verified"
    return source


def _source(source_id: str) -> tuple[Source | None, list[tuple[Key, datetime | None]]]:
    known = _known.get(source_id)
    if known is not None and known[0] > time.monotonic():
        return known[1], known[2]
    source = Source.objects.select_related("organisation").filter(pk=source_id, active=True).first()
    if source is None:
        return None, []
    keys = [
        (Key(row.scheme, row.sealed or row.public_key), row.ends_at) for row in source.keys.all()
    ]
    with _lock:
        _known[source_id] = (time.monotonic() + KNOWN_SECONDS, source, keys)
    return source, keys


def forget_sources() -> None:
    """Read every source anew, because one of them changed."""
    with _lock:
        _known.clear()
