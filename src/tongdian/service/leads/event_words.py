"""What the events of a lead say, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdian.service.casework.models import Event
from tongdian.service.connection.labels import label
from tongdian.service.identity.selectors import organisation_names, staff_names
from tongdian.service.identity.words import role_name
from tongdian.service.leads.labels import CHOICES, HIDDEN, LABELS
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.look.districts import district_name

NUMBERS = frozenset({"area_m2", "expected_kw", "w_per_m2", "available_kw", "distance_m"})


@dataclass(frozen=True)
class Said:
    """One event as the page tells it; `connection` is the case that it names."""

    seq: int
    label: str
    recorded_at: str
    who: str
    rows: list[tuple[str, str]]
    connection: str
    hash: str


def names(thing: Any) -> str:
    """The name of a stage or rule in the reader's language."""
    return str(thing.zh if (get_language() or "zh").startswith("zh") else thing.en)


def told(events: Sequence[Event]) -> list[Said]:
    """The events, the latest first."""
    people = staff_names(
        {event.actor["pseudonym"] for event in events}
        | {str(event.payload["assignee"]) for event in events if "assignee" in event.payload}
    )
    units = organisation_names()
    found = []
    for event in reversed(events):
        actor = event.actor
        who = [
            role_name(actor["role"]),
            people.get(actor["pseudonym"], ""),
            units.get(actor["organisation"], actor["organisation"]),
        ]
        found.append(
            Said(
                event.seq,
                names(LEAD_PROCESS.rules[event.kind]),
                event.recorded_at.isoformat(),
                " ".join(part for part in who if part),
                list(rows_of(event.payload, people)),
                str(event.payload.get("connection", "")),
                bytes(event.hash).hex(),
            )
        )
    return found


def rows_of(
    payload: Mapping[str, Any], people: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """Label and words of what an event says, in the order of the labels."""
    for name, title in LABELS.items():
        value = payload.get(name)
        if value in (None, "", []) or name in HIDDEN or name == "connection":
            continue
        yield str(title), words_of(name, value, people or {})


def words_of(name: str, value: Any, people: Mapping[str, str]) -> str:
    """One value in words."""
    if isinstance(value, list):
        return _("、").join(words_of(name, part, people) for part in value)
    text = str(value)
    if name in NUMBERS:
        return _number(text)
    if name == "district":
        return district_name(text)
    if name == "assignee":
        return people.get(text, text)
    if name == "use":
        return label(text)
    return str(CHOICES[text]) if name in ("ground", "prepared", "reason", "limits") and (
        text in CHOICES
    ) else text  # fmt: skip


def _number(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():,f}"
    except InvalidOperation:
        return text
