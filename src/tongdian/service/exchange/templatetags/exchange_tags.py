"""What the exchange has told people, for the pages of a case."""

from django import template

from tongdian.service.exchange import selectors
from tongdian.service.exchange.models import Message

register = template.Library()


@register.simple_tag
def code_sent_to(case_number: str, party: str) -> str:
    """`{% code_sent_to case.number "owner" as sent_to %}`: the masked telephone, or nothing."""
    return selectors.code_sent_to(case_number, party)


@register.simple_tag
def messages_of(case_number: str) -> list[Message]:
    """`{% messages_of case.number as told %}`: what the parties were told, newest first."""
    return selectors.messages_for(case_number)


@register.filter
def in_words(message: Message) -> str:
    """Its text in the language of the request."""
    return selectors.in_words(message)
