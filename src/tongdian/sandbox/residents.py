"""Who is who in the synthetic city, found by identifier without an index.

The city numbers its customers; identifiers are made from the number, and are turned back here.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tongdian.city import City, Person, Premises
from tongdian.city.model import FIRST_COMPANY
from tongdian.city.names import customer_of
from tongdian.law.identifiers import (
    IdentifierError,
    make_real_estate_unit,
    make_resident_id,
    make_uscc,
    parse_resident_id,
    parse_uscc,
)
from tongdian.law.identifiers.check_characters import USCC_ALPHABET

# Beyond the numbers of the city's customers, as far as project codes count.
EXAMPLES = 999_900


@dataclass(frozen=True)
class Holder:
    """Somebody the registries know: who it is, where, and what they say besides."""

    number: int
    person: Person
    premises: Premises
    small_micro: bool = False
    has_project: bool = False

    @property
    def is_company(self) -> bool:
        return self.person.id_type == "uscc"


def _example(
    number: int, name: str, identifier: str, address: str, purpose: str, *, micro: bool = False,
    project: bool = False,
) -> Holder:  # fmt: skip
    person = Person(
        name, "resident_id" if purpose == "residential" else "uscc", identifier,
        f"1990000{number:04d}",
    )  # fmt: skip
    unit = make_real_estate_unit("520102", 90_000 + number, 12, number)
    premises = Premises(
        "520102", "central_urban", purpose, address, "106.714400", "26.568700", unit
    )
    return Holder(EXAMPLES + number, person, premises, micro, project)


@cache
def examples() -> tuple[Holder, ...]:
    """Hand-made people and companies that guides and tests can name."""
    return (
        _example(1, "示例·王小丽", make_resident_id(date(1988, 8, 8), 7),
                 "贵阳市南明区示例路12号3栋501", "residential"),
        _example(2, "示例·李建国", make_resident_id(date(1961, 5, 4), 11),
                 "贵阳市南明区示例路12号3栋502", "residential"),
        _example(7, "贵阳示例餐饮有限公司", make_uscc(7),
                 "贵阳市南明区示例路12号底层01间", "commercial", micro=True),
        _example(8, "贵阳示例机械有限公司", make_uscc(8),
                 "贵阳市南明区示例大道8号", "industrial", project=True),
        _example(9, "贵阳示例失信商贸有限公司", make_uscc(9),
                 "贵阳市南明区示例路14号底层02间", "commercial", micro=True),
    )  # fmt: skip


def example_of(identifier: str) -> Holder | None:
    return next((one for one in examples() if one.person.id_number == identifier), None)


class Directory:
    """The city's people and companies by identifier. Safe to use from several threads: it only
    reads."""

    def __init__(self, city: City) -> None:
        self.city = city

    def find(self, identifier: str) -> Holder | None:
        """Whoever has this identifier; None for nobody."""
        if found := example_of(identifier):
            return found
        number = self._number(identifier)
        if number is None or not 0 <= number < self.city.customers:
            return None
        for holder in self._candidates(number):
            if holder.person.id_number == identifier:
                return holder
        return None

    def _number(self, identifier: str) -> int | None:
        try:
            if identifier[:2] in ("91", "12"):
                return _sequence(parse_uscc(identifier).organisation_code) - FIRST_COMPANY
            who = parse_resident_id(identifier)
        except IdentifierError:
            return None
        return customer_of(who.birth_date, who.sequence)

    def _candidates(self, number: int) -> list[Holder]:
        premises = self.city.premises(number)
        found = [Holder(number, self.city.resident(number), premises)]
        if premises.purpose != "residential":
            micro = number * 2_654_435_761 % 10 < 8
            project = premises.purpose == "industrial" or number % 7 == 0
            found += [
                Holder(number, self.city.organisation(number), premises, micro, project),
                Holder(number, self.city.organisation(number, public=True), premises),
            ]
        return found

    def some_companies(self, count: int) -> list[Holder]:
        """The first companies of the city that have a project, for the control page."""
        numbers = np.flatnonzero(self.city.purpose == 2)[:count]
        return [self._candidates(int(number))[1] for number in numbers]


def _sequence(organisation_code: str) -> int:
    """The number that an organisation code of the city counts."""
    sequence = 0
    for character in organisation_code[2:8]:
        sequence = sequence * 31 + USCC_ALPHABET.index(character)
    return sequence
