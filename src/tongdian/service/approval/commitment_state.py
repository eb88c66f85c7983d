"""Where the commitments of a case stand, read from its events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongdian.law.calendar import local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.process import COMMITTING
from tongdian.service.approval.route_documents import kept
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework.models import Case, Event

DECISIONS = ("commitment_granted", "commitment_declined")


@dataclass(frozen=True)
class Commitment:
    """A letter that was handed in and, once there is one, the decision on it."""

    case: Case
    made: Event
    granted: Event | None
    letter: dict[str, Any]
    declined: Event | None = None

    @property
    def reason(self) -> str:
        """Why it was declined, as the credit platform said; empty once that was erased."""
        return str(((self.declined and self.declined.personal) or {}).get("reason", ""))

    @property
    def digest(self) -> str:
        return str(self.made.payload["letter"])

    @property
    def items(self) -> list[str]:
        return list(self.made.payload["items"])

    @property
    def waiting(self) -> bool:
        """Whether the decision is still to come, and the letter may be withdrawn."""
        branches = self.case.folded.branches
        return any(branches[i].stage == COMMITTING for i in self.items if i in branches)

    @property
    def check_by(self) -> date | None:
        """The last day for the inspection."""
        if self.granted is None:
            return None
        granted = local_date(self.granted.recorded_at)
        rule = load_plan(self.case.plan).value("commitment.check_months", granted)
        return months_later(granted, int(str(rule.value)))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def commitments_of(case: Case) -> list[Commitment]:
    """Every commitment of the case whose letter is kept, the latest first."""
    kinds = ("commitment_made", "item_withdrawn", *DECISIONS)
    events = list(case.events.filter(kind__in=kinds).order_by("seq"))
    return list(_commitments(case, events))[::-1]


def _commitments(case: Case, events: list[Event]) -> Iterator[Commitment]:
    for place, event in enumerate(events):
        if event.kind != "commitment_made":
            continue
        letter = kept(case, PermitDocument.Kind.LETTER, str(event.payload["letter"]))
        if letter is not None:
            decision = _decision(event, events[place + 1 :])
            granted = decision if decision and decision.kind == "commitment_granted" else None
            declined = decision if granted is None else None
            yield Commitment(case, event, granted, letter, declined)


def _decision(made: Event, following: list[Event]) -> Event | None:
    """Grant or refusal that came before the next letter and before all its items were withdrawn."""
    left = set(made.payload["items"])
    for event in following:
        if event.kind == "commitment_made":
            return None
        if event.kind == "item_withdrawn":
            left.discard(event.payload["item"])
            if not left:
                return None
        elif event.kind in DECISIONS:
            return event
    return None


def commitment_for(case: Case, item: str) -> Commitment | None:
    """The latest granted commitment on an item."""
    return next((c for c in commitments_of(case) if item in c.items and c.granted), None)
