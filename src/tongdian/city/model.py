"""Places and people of the city, in columns, so that three million customers fit in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from tongdian.city.places import DIVISION_CODES, DIVISION_NAMES, ZONES, Streets, lay_streets
from tongdian.law.identifiers import make_real_estate_unit, make_resident_id, make_uscc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PURPOSES = ("residential", "commercial", "industrial", "agricultural", "public", "charging")
# Shares of customers by purpose in the city proper and in the counties.
CITY_SHARES = (0.84, 0.10, 0.025, 0.005, 0.02, 0.01)
COUNTY_SHARES = (0.86, 0.07, 0.03, 0.025, 0.01, 0.005)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建国文辉力"
TRADES = ("餐饮", "便利店", "理发", "服装", "汽修", "建材", "食品", "机械", "茶业", "药房")


@dataclass(frozen=True)
class City:
    """`premises` are columns of equal length: division and street index, house number, place."""

    seed: int
    streets: Streets
    division: Ints
    street: Ints
    house: Ints
    lon: Floats
    lat: Floats
    zone: Ints
    purpose: Ints

    @property
    def customers(self) -> int:
        return len(self.division)

    def division_code(self, customer: int) -> str:
        return DIVISION_CODES[self.division[customer]]

    def zone_of(self, customer: int) -> str:
        return ZONES[self.zone[customer]]

    def purpose_of(self, customer: int) -> str:
        return PURPOSES[self.purpose[customer]]

    def address(self, customer: int) -> str:
        """A full address; the last part is below the house number."""
        code = self.division_code(customer)
        street = self.streets.names[self.street[customer]]
        room = f"{1 + customer % 9} 栋 {101 + 100 * (customer % 7)}"
        return f"贵阳市{DIVISION_NAMES[code]}{street} {self.house[customer]} 号 {room}"

    def person(self, customer: int) -> dict[str, Any]:
        """The fictitious resident of a customer."""
        mixed = customer * 2_654_435_761 % 2**32
        given = GIVEN[mixed // 20 % len(GIVEN)] + GIVEN[mixed // 700 % len(GIVEN)]
        born = date(1945, 1, 1) + timedelta(days=mixed % 22_000)
        return {
            "name": f"示例·{SURNAMES[mixed % 20]}{given}",
            "id_type": "resident_id",
            "id_number": make_resident_id(born, 1 + mixed % 998),
            "phone": f"199{mixed % 100_000_000:08d}",
        }

    def company(self, customer: int) -> dict[str, Any]:
        """The fictitious company of a customer."""
        mixed = customer * 2_246_822_519 % 2**32
        word = GIVEN[mixed % len(GIVEN)] + GIVEN[mixed // 64 % len(GIVEN)]
        return {
            "name": f"贵阳示例{word}{TRADES[mixed // 9 % len(TRADES)]}有限公司",
            "id_type": "uscc",
            "id_number": make_uscc(1 + customer % 900_000),
            "phone": f"199{mixed % 100_000_000:08d}",
        }

    def premises(self, customer: int) -> dict[str, Any]:
        """Address, coordinates and real-estate unit of a customer."""
        unit = make_real_estate_unit(
            "520102", 1 + customer // 9999 % 99_999, 1 + customer % 9999, 1 + customer % 99
        )
        return {
            "address": self.address(customer),
            "lon": f"{self.lon[customer]:.6f}",
            "lat": f"{self.lat[customer]:.6f}",
            "real_estate_unit": unit,
        }


def generate(
    customers: int, seed: int, progress: Callable[[float], None] = lambda share: None
) -> City:
    """A city of 500 to 3,000,000 customers. Raises ValueError outside that range."""
    if not 500 <= customers <= 3_000_000:
        raise ValueError(f"customers has to lie between 500 and 3,000,000, not {customers}")
    source = np.random.default_rng([seed, 1])
    streets = lay_streets(customers, source)
    progress(0.3)
    street = source.choice(len(streets.names), size=customers, p=streets.weight)
    street.sort()
    along = source.random(customers)
    lon, lat = streets.place(street, along, source)
    progress(0.8)
    division = streets.division[street]
    county = streets.is_county[street]
    shares = np.where(county[:, None], np.cumsum(COUNTY_SHARES), np.cumsum(CITY_SHARES))
    purpose = (source.random(customers)[:, None] > shares).sum(axis=1)
    house = 1 + (along * 398).astype(np.int64)
    zone = streets.zone[street]
    progress(1.0)
    return City(seed, streets, division, street, house, lon, lat, zone, np.minimum(purpose, 5))
