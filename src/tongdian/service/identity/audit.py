"""The one way to write the audit."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import AuditEntry


def record(
    kind: str, *, actor: Actor, subject: str = "", at: datetime | None = None, **details: Any
) -> AuditEntry:
    """Append an entry. `subject` is a pseudonym, case number or client; never a name."""
    return AuditEntry.objects.create(
        at=at or timezone.now(),
        kind=kind,
        role=actor.role,
        organisation=actor.organisation,
        pseudonym=actor.pseudonym[:32],
        subject=subject[:64],
        details=details,
    )
