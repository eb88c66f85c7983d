"""The statutory formula to the fen, and what it is not for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.reliability.causes import CAUSES
from tongdian.reliability.compensation import (
    DUE,
    NOT_DUE,
    SINGLE,
    TO_DECIDE,
    TWO_PART,
    average_energy,
    compensation,
    grounds,
    overrun_hours,
    poor_quality,
)
from tongdian.reliability.interruption_log import CHINA
from tongdian.reliability.natures import NATURES
from tongdian.reliability.refusals import ReliabilityError

START = datetime(2021, 7, 1, 9, 0, tzinfo=CHINA)
PRICE = Decimal("0.6123")


def test_by_hand() -> None:
    """200 kWh an hour, out for two and a half hours, at 0.6123 yuan: times four or five."""
    end = START + timedelta(hours=2.5)
    single = compensation(START, end, Decimal(200), PRICE, SINGLE)
    assert single.energy_kwh == 500
    assert single.yuan == Decimal("1224.60")
    assert compensation(START, end, Decimal(200), PRICE, TWO_PART).yuan == Decimal("1530.75")
    assert "九十五" in single.to_dict()["clause"]
    assert single.to_dict()["yuan"] == "1224.60"


def test_less_than_an_hour_counts_as_an_hour() -> None:
    minute = compensation(START, START + timedelta(minutes=1), Decimal(10), PRICE, SINGLE)
    hour = compensation(START, START + timedelta(hours=1), Decimal(10), PRICE, SINGLE)
    longer = compensation(START, START + timedelta(minutes=61), Decimal(10), PRICE, SINGLE)
    assert minute.yuan == hour.yuan == Decimal("24.49")
    assert minute.hours < 1 == minute.counted_hours
    assert longer.yuan > hour.yuan


def test_times_in_other_zones() -> None:
    end = (START + timedelta(hours=2)).astimezone(UTC)
    assert compensation(START, end, Decimal(1), Decimal(1), SINGLE).yuan == 8


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.decimals(0, 10**5, places=2))
def test_longer_is_never_cheaper(one: int, more: int, average: Decimal) -> None:
    def yuan(seconds: int) -> Decimal:
        end = START + timedelta(seconds=seconds)
        return compensation(START, end, average, PRICE, SINGLE).yuan

    assert yuan(one) <= yuan(one + more)


def test_average_energy_of_a_normal_month() -> None:
    assert average_energy(Decimal(72_000), 30) == 100


def test_poor_quality_is_a_fifth_of_the_price() -> None:
    assert poor_quality(Decimal(1000), Decimal("0.6")) == Decimal("120.00")


def test_overrun() -> None:
    assert overrun_hours(START, START + timedelta(minutes=90)) == Decimal("1.5")
    assert overrun_hours(START, START - timedelta(hours=1)) == 0


def test_what_the_formula_is_for() -> None:
    assert grounds("fault", "operation", True).outcome == DUE
    assert grounds("fault", "operation", False).outcome == NOT_DUE
    assert grounds("fault", "customer", True).outcome == NOT_DUE
    assert grounds("fault", "external.digging", True).outcome == TO_DECIDE
    assert grounds("fault", "weather.ice", True).outcome == TO_DECIDE
    assert grounds("fault_external", "operation", True).outcome == TO_DECIDE
    assert grounds("maintenance", "test", True).outcome == NOT_DUE
    for nature in NATURES:
        for cause in CAUSES:
            assert grounds(nature, cause, True).clause


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tariff": "triple"}, "tariff"),
        ({"end": START}, "end"),
        ({"end": START - timedelta(hours=1)}, "end"),
        ({"end": datetime(2021, 7, 2)}, "end"),  # noqa: DTZ001
        ({"start": datetime(2021, 7, 1)}, "start"),  # noqa: DTZ001
        ({"price_yuan_per_kwh": Decimal(-1)}, "price_yuan_per_kwh"),
        ({"average_kwh_per_hour": Decimal("NaN")}, "average_kwh_per_hour"),
    ],
)
def test_wrong_input(change: dict[str, object], field: str) -> None:
    good = {
        "start": START, "end": START + timedelta(hours=1), "average_kwh_per_hour": Decimal(1),
        "price_yuan_per_kwh": Decimal(1), "tariff": SINGLE,
    }  # fmt: skip
    with pytest.raises(ReliabilityError) as refused:
        compensation(**(good | change))  # type: ignore[arg-type]
    assert refused.value.field == field
    for wrong in (lambda: average_energy(Decimal(1), 0), lambda: grounds("x", "unknown", True)):
        with pytest.raises(ReliabilityError):
            wrong()
