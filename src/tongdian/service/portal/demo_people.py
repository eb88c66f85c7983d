"""In a demo: who the played registries know, so that visitors can try the way without papers."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Known:
    """A fictitious person or company, to be typed in."""

    name: str
    number: str
    phone: str
    address: str


def known_people(id_type: str) -> list[Known]:
    """Those of a kind of identifier; nobody outside a demo."""
    if not settings.TONGDIAN_DEMO:
        return []
    from tongdian.sandbox.residents import examples

    return [
        Known(one.person.name, one.person.id_number, one.person.phone, one.premises.address)
        for one in examples()
        if one.person.id_type == id_type
    ]
