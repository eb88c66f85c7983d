"""What a case's own log says of its facts: by document, registry, serial and digest, never more."""

from collections.abc import Callable, Mapping
from typing import Any

from tongdian.service.casework.errors import CaseworkError
from tongdian.service.exchange.models import StoredFact

OBTAINED, UNAVAILABLE = "fact_obtained", "fact_unavailable"
Recorder = Callable[[str, str, Mapping[str, Any]], object]
_recorders: list[Recorder] = []


def record_by(recorder: Recorder) -> None:
    """The action of the process that has these events; called once when its app is ready."""
    _recorders[:] = [recorder]


def record(row: StoredFact) -> None:
    """Write the event, when there is a case; a case that takes none any more goes without. In the
    transaction at hand."""
    number = row.consent.case_number
    if not number or not _recorders:
        return
    kind = OBTAINED if row.state == StoredFact.State.OBTAINED else UNAVAILABLE
    payload: dict[str, Any] = {"document": row.document, "registry": row.registry}
    if kind == OBTAINED:
        assert row.obtained_at is not None
        payload |= {
            "serial": row.serial,
            "digest": row.proof_digest,
            "obtained_at": row.obtained_at.isoformat().replace("+00:00", "Z"),
        }
    else:
        payload["reason"] = row.error or "pending"
    try:
        _recorders[0](number, kind, payload)
    except CaseworkError:
        return
