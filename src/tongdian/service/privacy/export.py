"""Everything kept of a person as JSON, with field names in both languages and the proof."""

from typing import Any

from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.receipts import export_for
from tongdian.service.identity.selectors import accesses_of, account_of
from tongdian.service.privacy.field_map import Entry, Words, event_fields
from tongdian.service.privacy.holdings import holdings
from tongdian.service.privacy.keeping import kept_until, needed
from tongdian.service.privacy.selectors import consents_of

FORMAT = "tongdian-my-data-1"


def export_of_case(case: Case) -> dict[str, Any]:
    """One case. `proof` is of format tongdian-case-1 and verifies without us. Raises
    NotYetSequenced."""
    events = list(case.events.order_by("seq"))
    why, until = needed(case), kept_until(case)
    return {
        "number": case.number,
        "kept_until": until.isoformat() if until else None,
        "kept_because": {"zh": why.zh, "en": why.en, "clause": why.clause} if why else None,
        "personal_data": [row for event in events for row in _fields(event)],
        "files": [
            {
                "name": file.name,
                "sha256": file.digest,
                "media_type": file.media_type,
                "size_bytes": file.size_bytes,
                "uploaded_at": file.uploaded_at.isoformat(),
                "erased_at": file.erased_at.isoformat() if file.erased_at else None,
            }
            for file in case.evidence.order_by("pk")
        ],
        "consents": [
            {
                "at": line.at.isoformat(),
                "given": line.given,
                "documents": [_words(words) for words in line.documents],
            }
            for line in consents_of(events)
        ],
        "query_codes": [
            {"party": access.party, "since": access.since.isoformat()}
            for access in accesses_of(case.number)
        ],
        **{holding.name: holding.shown(case.number) for holding in holdings() if holding.shows},
        "proof": export_for(case, with_personal=True),
    }


def export_of_account(user_id: int) -> dict[str, Any]:
    """What the account itself keeps."""
    account = account_of(user_id)
    return {
        "username": account.username,
        "name": account.display_name,
        "phone": account.phone,
        "organisation": account.organisation,
        "joined_at": account.joined.isoformat(),
        "last_login_at": account.last_login.isoformat() if account.last_login else None,
        "sessions": [
            {
                "started_at": started.isoformat(),
                "last_seen_at": seen.isoformat(),
                "address": address,
                "device": device,
            }
            for started, seen, address, device in account.sessions
        ],
    }


def export_all(cases: list[Case], user_id: int | None) -> dict[str, Any]:
    """The whole file of one person. Raises NotYetSequenced."""
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "account": export_of_account(user_id) if user_id is not None else None,
        "cases": [export_of_case(case) for case in cases],
    }


def _fields(event: Event) -> list[dict[str, Any]]:
    rows = []
    for name, value in (event.personal or {}).items():
        entry = event_fields().get((event.kind, name))
        row: dict[str, Any] = {"event": event.seq, "kind": event.kind, "field": name}
        rows.append({**row, "value": value, **(_meaning(entry) if entry else {})})
    return rows


def _meaning(entry: Entry) -> dict[str, Any]:
    return {
        "label": _words(entry.label),
        "class": entry.sensitivity,
        "purpose": _words(entry.word("purposes")),
        "ground": _words(entry.word("grounds")),
        "kept": _words(entry.word("terms")),
    }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
