"""Streets, premises and people of the city, in columns: three million customers fit in memory.

Texts (names, addresses, identifiers) are made when they are asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.city.areas import Floats
from tongdian.city.names import birth_and_sequence, company_name, person_name, phone_number
from tongdian.city.places import RURAL, ZONES, places
from tongdian.city.streets import Ints, Streets, lay_streets, place_houses
from tongdian.law.identifiers import make_real_estate_unit, make_resident_id, make_uscc

PURPOSES: Final = (
    "residential",
    "commercial",
    "industrial",
    "agricultural",
    "public",
    "charging",
)
# Shares of customers by purpose in each of ZONES, and in development zones.
PURPOSE_SHARES: Final = np.array(
    [
        [0.860, 0.113, 0.003, 0.000, 0.015, 0.009],
        [0.852, 0.092, 0.025, 0.001, 0.018, 0.012],
        [0.860, 0.085, 0.025, 0.010, 0.013, 0.007],
        [0.885, 0.033, 0.015, 0.047, 0.012, 0.008],
        [0.700, 0.120, 0.130, 0.000, 0.020, 0.030],
    ]
)
DEVELOPMENT = 4
# What stands at a house number in town, by purpose; homes have flats.
FRONTS: Final = ("", "底层{:02d}间", "院{:02d}栋", "院{:02d}棚", "院{:02d}楼", "场{:02d}位")
HOMES_PER_NUMBER: Final = 12
SMALLEST, LARGEST = 500, 3_000_000
# Sequence numbers below are left to hand-made examples.
FIRST_COMPANY: Final = 1000


@dataclass(frozen=True, slots=True)
class Premises:
    """Where a customer is: address text, place (EPSG:4490, degrees with six decimals, as text) and
    real-estate unit code. `division` is the code of the district or development zone."""

    division: str
    zone: str
    purpose: str
    address: str
    lon: str
    lat: str
    real_estate_unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """A fictitious resident or organisation. `id_type` is resident_id or uscc."""

    name: str
    id_type: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class City:
    """The columns have one row for each customer, ordered by division and street.

    `street` indexes `streets`, `rank` counts the customers of a street, `purpose` indexes PURPOSES.
    """

    seed: int
    streets: Streets
    street: Ints
    rank: Ints
    lon: Floats
    lat: Floats
    purpose: npt.NDArray[np.int8]

    @property
    def customers(self) -> int:
        return len(self.street)

    @property
    def division(self) -> Ints:
        """Index into `places()` of every customer."""
        return self.streets.division[self.street]

    @property
    def zone(self) -> Ints:
        """Index into ZONES of every customer."""
        return self.streets.zone[self.street]

    def division_code(self, customer: int) -> str:
        """Code of the district or development zone of a customer."""
        return places()[int(self.streets.division[self.street[customer]])].code

    def premises(self, customer: int) -> Premises:
        """Where a customer is, in words and codes."""
        street = int(self.street[customer])
        place = places()[int(self.streets.division[street])]
        zone = int(self.streets.zone[street])
        number, slot = self._number(customer, zone)
        return Premises(
            division=place.code,
            zone=ZONES[zone],
            purpose=PURPOSES[self.purpose[customer]],
            address=self._road(street) + self._door(customer, zone),
            lon=f"{self.lon[customer]:.6f}",
            lat=f"{self.lat[customer]:.6f}",
            real_estate_unit=make_real_estate_unit(place.host, street + 1, number, slot + 1),
        )

    def _road(self, street: int) -> str:
        place = places()[int(self.streets.division[street])]
        return f"贵阳市{place.name.removeprefix('贵阳')}{self.streets.name[street]}"

    def _number(self, customer: int, zone: int) -> tuple[int, int]:
        """House number, and which of the homes or shops with that number."""
        homes = 1 if zone == RURAL else HOMES_PER_NUMBER
        number, slot = divmod(int(self.rank[customer]), homes)
        return number + 1, slot

    def _door(self, customer: int, zone: int) -> str:
        number, slot = self._number(customer, zone)
        if zone == RURAL:
            return f"{number}号"
        if self.purpose[customer] == 0:
            return f"{number}号1单元{1 + slot // 2}{1 + slot % 2:02d}室"
        return f"{number}号{FRONTS[self.purpose[customer]].format(1 + slot)}"

    def resident(self, customer: int) -> Person:
        """The fictitious resident at a customer's premises."""
        birth, sequence = birth_and_sequence(customer)
        return Person(
            person_name(customer),
            "resident_id",
            make_resident_id(birth, sequence),
            phone_number(customer),
        )

    def organisation(self, customer: int, *, public: bool = False) -> Person:
        """The fictitious company at a customer's premises, or the public institution."""
        purpose = "public" if public else PURPOSES[self.purpose[customer]]
        return Person(
            company_name(customer, purpose),
            "uscc",
            make_uscc(FIRST_COMPANY + customer, kind="12" if public else "91"),
            phone_number(customer),
        )

    def facts(self, customer: int, *, public: bool = False) -> dict[str, Any]:
        """Person and premises of a customer as one flat record."""
        premises = self.premises(customer)
        at_home = self.purpose[customer] == 0
        who = self.resident(customer) if at_home else self.organisation(customer, public=public)
        return {
            "name": who.name,
            "id_type": who.id_type,
            "id_number": who.id_number,
            "phone": who.phone,
            "address": premises.address,
            "lon": premises.lon,
            "lat": premises.lat,
            "real_estate_unit": premises.real_estate_unit,
        }


def generate(
    customers: int, seed: int, progress: Callable[[float], None] = lambda share: None
) -> City:
    """A city of 500 to 3,000,000 customers; the same one for the same numbers.

    Raises ValueError outside that range.
    """
    if not SMALLEST <= customers <= LARGEST:
        raise ValueError(
            f"a city has between {SMALLEST:,} and {LARGEST:,} customers, not {customers:,}"
        )
    source = np.random.default_rng([seed, 1])
    streets = lay_streets(customers, source, lambda share: progress(0.3 * share))
    counts = source.multinomial(customers, streets.weight / streets.weight.sum())
    street = np.repeat(np.arange(len(streets), dtype=np.int32), counts)
    first = np.cumsum(counts) - counts
    rank = (np.arange(customers) - first[street]).astype(np.int32)
    along = (rank + source.random(customers)) / counts[street]
    progress(0.5)
    lon, lat = place_houses(streets, street, along, source)
    progress(0.9)
    purpose = _purposes(streets, street, source)
    progress(1.0)
    return City(seed, streets, street, rank, lon, lat, purpose)


def _purposes(streets: Streets, street: Ints, source: np.random.Generator) -> npt.NDArray[np.int8]:
    """A purpose for each customer, by zone; development zones have shares of their own."""
    development = np.array([place.is_development_zone for place in places()])
    row = np.where(development[streets.division], DEVELOPMENT, streets.zone)[street]
    bounds = PURPOSE_SHARES.cumsum(axis=1)
    draw = source.random(len(street))
    purpose = np.zeros(len(street), dtype=np.int8)
    for column in range(len(PURPOSES) - 1):
        purpose += draw > bounds[row, column]
    return purpose
