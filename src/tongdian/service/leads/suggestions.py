"""Which applications wait for somebody to say whether they belong to a lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongdian.service.casework.models import Case

SUGGESTED = "match_suggested"
SETTLED = ("matched", "match_dismissed")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An application, why it may belong to the lead, and how far away it is."""

    connection: str
    ground: str
    distance_m: int | None


def open_suggestions(case: Case) -> Sequence[Suggestion]:
    """Those that nobody has decided on."""
    found: dict[str, Suggestion] = {}
    events = case.events.filter(kind__in=(SUGGESTED, *SETTLED)).order_by("seq")
    for kind, payload in events.values_list("kind", "payload"):
        number = str(payload["connection"])
        if kind == SUGGESTED:
            found[number] = Suggestion(number, payload["ground"], payload.get("distance_m"))
        else:
            found.pop(number, None)
    return list(found.values())
