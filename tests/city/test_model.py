"""The city: deterministic, inside its outlines, linear in its size, and nobody's."""

from collections import Counter
from dataclasses import fields
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.city import City, generate
from tongdian.city.model import LARGEST, PURPOSES, SMALLEST
from tongdian.city.places import RURAL, ZONES, outlines, places
from tongdian.law.identifiers import (
    DISTRICTS,
    GUIYANG_DIVISIONS,
    is_fictitious_real_estate_unit,
    is_fictitious_resident_id,
    is_fictitious_uscc,
    parse_real_estate_unit,
    parse_resident_id,
    parse_uscc,
)
from tongdian.service.look.districts import district_at


@cache
def city(customers: int = 5000, seed: int = 7) -> City:
    return generate(customers, seed)


def same(one: City, other: City) -> bool:
    columns = [f.name for f in fields(City) if f.name not in ("seed", "streets")]
    lines = [f.name for f in fields(one.streets)]
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in columns) and all(
        np.array_equal(getattr(one.streets, n), getattr(other.streets, n)) for n in lines
    )


@pytest.mark.parametrize("customers", [SMALLEST, 5000])
def test_the_same_seed_gives_the_same_city(customers: int) -> None:
    assert same(generate(customers, 7), generate(customers, 7))


def test_another_seed_gives_another_city() -> None:
    assert not same(generate(SMALLEST, 7), generate(SMALLEST, 8))


@pytest.mark.parametrize("customers", [0, SMALLEST - 1, LARGEST + 1])
def test_sizes_have_bounds(customers: int) -> None:
    with pytest.raises(ValueError, match="between 500 and 3,000,000"):
        generate(customers, 7)


def test_divisions_are_the_real_ones() -> None:
    assert [place.code for place in places()] == list(GUIYANG_DIVISIONS)
    assert set(outlines()) == {district.code for district in DISTRICTS}
    assert sum(place.share for place in places()) == pytest.approx(1)
    assert len([place for place in places() if place.is_development_zone]) == 5
    names = {place.name for place in places()}
    assert {"南明区", "观山湖区", "清镇市", "贵安新区", "双龙航空港经济区"} <= names


@pytest.mark.parametrize("customers", [SMALLEST, 20_000])
def test_every_customer_lives_inside_its_division(customers: int) -> None:
    made = city(customers)
    assert made.customers == customers
    counts = np.bincount(made.division, minlength=len(places()))
    for index, place in enumerate(places()):
        mine = made.division == index
        assert place.area.contains(made.lon[mine], made.lat[mine]).all(), place.name
        assert outlines()[place.host].contains(made.lon[mine], made.lat[mine]).all(), place.name
        assert counts[index] == pytest.approx(customers * place.share, rel=0.5, abs=12)


def test_the_map_of_the_pages_agrees() -> None:
    """The outlines of the generator and of the look are two simplifications of the same sketch."""
    made = city()
    agreed = 0
    sample = range(0, made.customers, 25)
    for customer in sample:
        district = district_at(float(made.lon[customer]), float(made.lat[customer]))
        host = places()[int(made.division[customer])].host
        agreed += district is not None and district.code == host
    assert agreed >= 0.97 * len(sample)


def test_zones_and_purposes_are_a_citys() -> None:
    made = city(20_000)
    zones = Counter(ZONES[zone] for zone in made.zone)
    purposes = Counter(PURPOSES[purpose] for purpose in made.purpose)
    assert 0.2 < zones["central_urban"] / 20_000 < 0.4
    assert set(zones) == set(ZONES)
    assert set(purposes) == set(PURPOSES)
    assert 0.8 < purposes["residential"] / 20_000 < 0.9
    industry = made.purpose == PURPOSES.index("industrial")
    zone = np.array([place.is_development_zone for place in places()])[made.division]
    assert industry[zone].mean() > 3 * industry[~zone].mean()


def test_addresses_and_units_are_each_ones_own() -> None:
    made = city()
    premises = [made.premises(customer) for customer in range(made.customers)]
    assert len({p.address for p in premises}) == made.customers
    assert len({p.real_estate_unit for p in premises}) == made.customers
    for one in premises[::20]:
        place = next(p for p in places() if p.code == one.division)
        assert one.address.startswith(f"贵阳市{place.name.removeprefix('贵阳')}")
        assert is_fictitious_real_estate_unit(one.real_estate_unit)
        assert parse_real_estate_unit(one.real_estate_unit)
        assert one.real_estate_unit[:6] == place.host
        assert len(one.lon.split(".")[1]) == len(one.lat.split(".")[1]) == 6


def test_streets_are_lines_inside_with_names_once_a_division() -> None:
    made = city(20_000)
    streets = made.streets
    for index, place in enumerate(places()):
        mine = streets.division == index
        assert place.area.contains(streets.lon[mine].ravel(), streets.lat[mine].ravel()).all()
        names = streets.name[mine].tolist()
        assert len(set(names)) == len(names) >= 4
    rural = streets.name[streets.zone == RURAL]
    assert all(name[-1] in "村寨坝冲" for name in rural.tolist())
    assert len(streets.polyline(0)) == 4


@settings(max_examples=300)
@given(st.integers(0, LARGEST - 1), st.booleans())
def test_people_and_companies_are_valid_and_fictitious(customer: int, public: bool) -> None:
    made = city(SMALLEST)
    who = made.resident(customer)
    assert parse_resident_id(who.id_number)
    assert is_fictitious_resident_id(who.id_number)
    assert who.name.startswith("示例·")
    where = customer % SMALLEST
    organisation = made.organisation(where, public=public)
    assert parse_uscc(organisation.id_number)
    assert is_fictitious_uscc(organisation.id_number)
    assert "示例" in organisation.name
    assert who.phone.startswith("199000")
    assert organisation.phone.startswith("199000")


def test_identifiers_are_each_ones_own() -> None:
    made = city()
    residents = {made.resident(customer).id_number for customer in range(made.customers)}
    companies = {made.organisation(customer).id_number for customer in range(made.customers)}
    assert len(residents) == len(companies) == made.customers


def test_the_largest_city_is_columns() -> None:
    """Three million customers within some 30 bytes each, and the last of them has papers."""
    made = generate(LARGEST, 7)
    columns = (made.street, made.rank, made.lon, made.lat, made.purpose)
    assert sum(column.nbytes for column in columns) < 30 * LARGEST
    last = made.facts(LARGEST - 1)
    valid = is_fictitious_resident_id if last["id_type"] == "resident_id" else is_fictitious_uscc
    assert valid(last["id_number"])
    assert is_fictitious_real_estate_unit(last["real_estate_unit"])
