"""Documents that events carry by digest: kept once, as they were, and checked when read."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case


class DocumentBroken(Exception):
    """A stored document is not what its digest says."""


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON (RFC 8785). Numbers that count are text."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def keep(case: Case, kind: str, content: Mapping[str, Any]) -> str:
    """Keep a document of the case and return its digest; the same one is kept once."""
    digest = digest_of(content)
    PermitDocument.objects.get_or_create(
        case=case,
        kind=kind,
        digest=digest,
        defaults={"content": dict(content), "kept_at": clock.now()},
    )
    return digest


def kept(case: Case, kind: str, digest: str) -> dict[str, Any] | None:
    """The document under a digest, None when there is none. Raises DocumentBroken."""
    found = PermitDocument.objects.filter(case=case, kind=kind, digest=digest).first()
    if found is None:
        return None
    if digest_of(found.content) != digest:
        raise DocumentBroken(f"{kind} {digest}")
    return dict(found.content)
