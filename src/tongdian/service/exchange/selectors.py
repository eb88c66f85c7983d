"""Reads of the exchange, for its own pages and for the rooms above."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from tongdian.service.casework import clock
from tongdian.service.casework.processes import definitions
from tongdian.service.exchange.models import Delivery, Endpoint, Inbound, Message, Subject
from tongdian.service.exchange.telling import PARTY_AUDIENCE
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import Organisation

OVERDUE_AFTER = timedelta(hours=1)


def endpoints_for(actor: Actor) -> QuerySet[Endpoint]:
    """The endpoints that an actor manages, with how many deliveries wait."""
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.PENDING))
    rows = Endpoint.objects.select_related("organisation").annotate(waiting=waiting)
    if actor.has("administrator", "system"):
        return rows
    if actor.user_id is None or not actor.organisation:
        return rows.none()
    return rows.filter(
        organisation__code=actor.organisation, organisation__kind=Organisation.Kind.COMPANY
    )


def manages_any(actor: Actor) -> bool:
    """Whether the console has something for this actor: an administrator, or a company's person."""
    if actor.has("administrator"):
        return True
    if actor.user_id is None or not actor.organisation or actor.is_staff:
        return False
    return Organisation.objects.filter(
        code=actor.organisation, kind=Organisation.Kind.COMPANY
    ).exists()


def kind_choices() -> list[tuple[str, str]]:
    """Every event kind of every process, in words, in the order of the processes."""
    english = (get_language() or "").startswith("en")
    found: dict[str, str] = {}
    for definition in definitions():
        for rule in definition.process.rules.values():
            found.setdefault(rule.kind, rule.en if english else rule.zh)
    return list(found.items())


def messages_for(case_number: str) -> list[Message]:
    """What the parties of a case were told in the service, newest first."""
    rows = Message.objects.filter(
        case_number=case_number, audience=PARTY_AUDIENCE, channel=Message.Channel.IN_APP
    )
    return list(rows.order_by("-id")[:50])


def code_sent_to(case_number: str, party: str) -> str:
    """The masked telephone that a party's query code was last sent to; empty if it never was."""
    rows = Message.objects.filter(case_number=case_number, template=f"{party}_code")
    return rows.order_by("-id").values_list("to", flat=True).first() or ""


def messages_to(organisation: str) -> QuerySet[Message]:
    """What the people of an organisation were told in the service, newest first."""
    rows = Message.objects.filter(audience=organisation, channel=Message.Channel.IN_APP)
    return rows.order_by("-id")


def in_words(message: Message) -> str:
    """Its text in the language of the request."""
    english = (get_language() or "").startswith("en") and message.text_en
    return message.text_en if english else message.text


def parked() -> QuerySet[Inbound]:
    """Messages that wait for an earlier one, the longest waiting first."""
    return (
        Inbound.objects.filter(state=Inbound.State.PARKED)
        .select_related("source")
        .order_by("received_at")
    )


def is_overdue(message: Inbound, now: datetime | None = None) -> bool:
    """Whether the gap before a parked message has been open for longer than an hour."""
    return (now or clock.now()) - message.received_at > OVERDUE_AFTER


def waited_for(message: Inbound) -> int:
    """The sequence that a parked message's subject waits for."""
    return Subject.objects.get(source=message.source, subject=message.subject).expected
