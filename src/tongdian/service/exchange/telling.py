"""The follower that tells people what has happened to their case."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, Event, LogLeaf
from tongdian.service.casework.processes import CONNECTION
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.exchange.following import case_events
from tongdian.service.exchange.outbox import Words, queue
from tongdian.service.exchange.wording import PARTIES, Template, event_templates

# Older news is no news: a history that was loaded, or a follower that stood still for days.
FRESH = timedelta(days=2)
PARTY_AUDIENCE = "parties"
FILER, FILINGS = "filer", ("permits_filed", "items_resubmitted", "commitment_made")


def tell(event: CaseEvent) -> None:
    """Queue the messages about one event."""
    if event.process != CONNECTION or event.recorded_at < clock.now() - FRESH:
        return
    template = event_templates()[event.kind]
    if not template.fits(event.payload):
        return
    case = Case.objects.only("number", "due_on", "office", "process").get(number=event.case)
    audiences = _audiences(template, case.number)
    due = f"{case.due_on.month}月{case.due_on.day}日" if case.due_on else ""
    values = {"number": case.number, "due": due}
    common: dict[str, Any] = {
        "template": event.kind,
        "case_number": case.number,
        "index": event.index,
        "values": values,
    }
    key = f"{event.index}:{event.kind}"
    if audiences & set(PARTIES):
        queue(Words(f"{key}:in_app", audience=PARTY_AUDIENCE, **common))
        for party, number in _telephones(event, audiences):
            queue(Words(f"{key}:sms:{party}", channel="sms", audience=party, address=number,
                        **common))  # fmt: skip
    if "office" in audiences:
        queue(Words(f"{key}:office", audience=case.office, **common))
    if "escalated" in audiences:
        for unit in event.payload.get("escalated_to", ()):
            queue(Words(f"{key}:{unit}", audience=unit, **common))


def _audiences(template: Template, number: str) -> set[str]:
    """Who hears it; whoever filed for permits is looked up on the case."""
    to = set(template.to)
    if FILER in to:
        to.remove(FILER)
        last = Event.objects.filter(case__number=number, kind__in=FILINGS).order_by("-seq").first()
        by_utility = last is not None and last.actor["role"] in ("engineer", "lead")
        to |= {"office"} if by_utility else set(PARTIES)
    return to


def _telephones(event: CaseEvent, audiences: set[str]) -> Iterator[tuple[str, str]]:
    """Party and number, each number once."""
    personal = _opening(event).personal
    seen: set[str] = set()
    for party in PARTIES:
        if party in audiences:
            number = _telephone(personal, party)
            if number and number not in seen:
                seen.add(number)
                yield party, number


def _telephone(personal: Mapping[str, Any], party: str) -> str:
    if party == "applicant":
        return str(personal.get("phone") or "")
    return str((personal.get("agent") or {}).get("phone") or "")


def _opening(event: CaseEvent) -> CaseEvent:
    """The event that opened the case: telephone numbers stand there."""
    if event.seq == 1:
        return event
    first = LogLeaf.objects.filter(event__case__number=event.case, event__seq=1)
    return case_events(first)[0]


MESSAGES = Consumer("messages", frozenset(event_templates()), tell)
