"""Words of the field map, for templates."""

from django import template

from tongdian.service.privacy.field_map import Entry, Words
from tongdian.service.privacy.words import event_name, party_name

register = template.Library()


@register.filter
def word_of(entry: Entry, group: str) -> Words:
    """`{{ entry|word_of:"purposes" }}`: purpose, ground, term, mask or class in words."""
    return entry.word(group)


@register.filter
def event_words(kind: str) -> str:
    """With which event something was said."""
    return event_name(kind)


@register.filter
def party_words(party: str) -> str:
    return party_name(party)
