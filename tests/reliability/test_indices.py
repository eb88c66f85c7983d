"""Measured indices: the worked vector, periods, single customers, laws that hold for any log."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.reliability.definitions import DEFINITIONS, DLT836, IEEE1366
from tongdian.reliability.indices import WHOLE, measure
from tongdian.reliability.interruption_log import CHINA, Customers, InterruptionLog, Period, year
from tongdian.reliability.log_files import read_customers, read_log

YEAR = year(2021)
HEADING = "interruption,feeder,start,end,customers,nature,cause\n"
HUNDRED = read_customers("feeder,zone,customers\nF1,urban,100\n")
WORKED = (
    HEADING + "A,F1,2021-03-01T08:00:00+08:00,2021-03-01T10:30:00+08:00,40,fault,product\n"
    "B,F1,2021-04-01T08:00:00+08:00,2021-04-01T12:00:00+08:00,25,maintenance,test\n"
    "C,F1,2021-05-01T08:00:00+08:00,2021-05-01T08:02:00+08:00,100,fault,weather.wind\n"
    "D,F1,2021-06-01T08:00:00+08:00,2021-06-01T09:00:00+08:00,10,shortage,upstream\n"
)


def whole(log: InterruptionLog, base: Customers, period: Period = YEAR) -> Any:
    return measure(log, base, period)[WHOLE]


def test_the_worked_vector() -> None:
    """DL/T 836 and IEEE 1366 over the same four interruptions of a hundred customers."""
    found = whole(read_log(WORKED, HUNDRED), HUNDRED)
    chinese, american = found[DLT836], found[IEEE1366]
    assert chinese["SAIDI-1"] == pytest.approx(2.1333, abs=5e-5)
    assert chinese["SAIDI-4"] == pytest.approx(2.10)
    assert chinese["SAIDI-3"] == pytest.approx(2.00 + 0.0333, abs=5e-5)
    assert chinese["SAIDI-2"] == chinese["SAIDI-1"]
    assert chinese["SAIFI-4"] == pytest.approx(0.75)
    assert chinese["SAIFI-1"] == pytest.approx(1.75)
    assert chinese["MAIFI"] == pytest.approx(1.00)
    assert chinese["ASAI-4"] == pytest.approx(0.9997603, abs=5e-8)
    assert chinese["CUSTOMER-HOURS"] == pytest.approx(213.333, abs=5e-4)
    assert chinese["SAIDI-F"] + chinese["SAIDI-S"] == pytest.approx(chinese["SAIDI-1"])
    assert chinese["SAIDI-S"] == pytest.approx(1.10)
    assert chinese["MID-F"] == pytest.approx((2.5 + 2 / 60) / 2)
    assert (chinese["MIC-F"], chinese["MIC-S"]) == (70, 17.5)
    assert chinese["AENS"] is None, "nobody said what customers use"
    assert american["SAIDI"] == pytest.approx(2.10)
    assert american["SAIFI"] == pytest.approx(0.75)
    assert american["CAIDI"] == pytest.approx(2.80)
    assert american["MAIFI"] == american["MAIFI_E"] == pytest.approx(1.00)
    assert american["CEMI"] is None, "parts of a feeder do not tell who was out"


def test_every_definition_is_answered_and_no_other() -> None:
    found = whole(read_log(WORKED, HUNDRED), HUNDRED)
    assert {(s, symbol) for s in found for symbol in found[s]} == {
        (d.standard, d.symbol) for d in DEFINITIONS
    }
    assert len({(d.standard, d.symbol) for d in DEFINITIONS}) == len(DEFINITIONS)


GROUPS = read_customers(
    "feeder,zone,customers,group,average_kw,capacity_kva\n"
    "F1,urban,40,T1,20,100\nF1,urban,60,T2,30,300\nF2,rural,100,T3,50,600\n"
)
GROUP_HEADING = "interruption,feeder,group,start,end,customers,nature,cause\n"


def test_single_customers_and_capacity() -> None:
    log = read_log(
        GROUP_HEADING
        + "A,F1,T1,2021-03-01T08:00:00+08:00,2021-03-01T10:00:00+08:00,40,外部故障停电,施工挖掘\n"
        "A,F1,T2,2021-03-01T08:00:00+08:00,2021-03-01T14:00:00+08:00,60,外部故障停电,施工挖掘\n"
        "B,F1,T1,2021-03-05T08:00:00+08:00,2021-03-05T11:00:00+08:00,40,内部故障停电,51402\n",
        GROUPS,
    )
    found = whole(log, GROUPS)[IEEE1366]
    hours = 40 * 2 + 60 * 6 + 40 * 3
    assert found["SAIDI"] == pytest.approx(hours / 200)
    assert found["CTAIDI"] == pytest.approx(hours / 100), "a hundred of them had any"
    assert found["CAIFI"] == pytest.approx(140 / 100)
    assert found["CEMI"]["1"] == pytest.approx(0.5)
    assert found["CEMI"]["2"] == pytest.approx(0.2)
    assert found["CEMI"]["3"] == 0
    assert found["CELID-s"]["4"] == pytest.approx(0.3)
    assert found["CELID-t"]["4"] == pytest.approx(0.5)
    assert found["CELID-t"]["8"] == 0
    assert found["ASIFI"] == pytest.approx((100 + 300 + 100) / 1000)
    assert found["ASIDI"] == pytest.approx((2 * 100 + 6 * 300 + 3 * 100) / 1000)
    chinese = whole(log, GROUPS)[DLT836]
    assert chinese["AENS"] == pytest.approx((2 * 20 + 6 * 30 + 3 * 20) / 200)
    assert chinese["SAIDI-2"] == pytest.approx(40 * 3 / 200)
    rural = measure(log, GROUPS, year(2021), "zone")["rural"]
    assert rural[IEEE1366]["CAIDI"] is None
    assert rural[DLT836]["ASAI-1"] == 1


def test_an_interruption_over_new_year() -> None:
    log = read_log(
        HEADING + "A,F1,2020-12-31T22:00:00+08:00,2021-01-01T03:00:00+08:00,50,fault,unknown\n",
        HUNDRED,
    )
    old, new = whole(log, HUNDRED, year(2020)), whole(log, HUNDRED, year(2021))
    assert old[DLT836]["SAIDI-1"] == pytest.approx(1.0)
    assert new[DLT836]["SAIDI-1"] == pytest.approx(1.5)
    assert (old[DLT836]["SAIFI-1"], new[DLT836]["SAIFI-1"]) == (0.5, 0)
    assert (old[IEEE1366]["SAIDI"], new[IEEE1366]["SAIDI"]) == (2.5, 0)


def test_leap_years_have_more_hours() -> None:
    assert (year(2020).hours, year(2021).hours) == (8784, 8760)
    log = read_log(
        HEADING + "A,F1,2020-02-29T08:00:00+08:00,2020-02-29T09:00:00+08:00,100,fault,unknown\n",
        HUNDRED,
    )
    assert whole(log, HUNDRED, year(2020))[DLT836]["ASAI-1"] == pytest.approx(1 - 1 / 8784)


def test_time_zones_are_heard() -> None:
    there = HEADING + "A,F1,2020-12-31T23:30:00Z,2021-01-01T00:30:00Z,50,fault,unknown\n"
    log = read_log(there, HUNDRED)
    assert whole(log, HUNDRED, year(2020))[DLT836]["SAIDI-1"] == 0, "in China it is morning"
    assert whole(log, HUNDRED, year(2021))[DLT836]["SAIDI-1"] == 0.5


def test_what_is_not_over_lasts_to_the_end_of_the_period() -> None:
    log = read_log(HEADING + "A,F1,2021-03-01T00:00:00+08:00,,100,fault,unknown\n", HUNDRED)
    march = Period(date(2021, 3, 1), date(2021, 3, 2))
    assert whole(log, HUNDRED, march)[DLT836]["SAIDI-1"] == 48


def test_momentary_events() -> None:
    """Three reclosings within five minutes are one event; one that a trip follows is none."""

    def at(minute: int, second: int, lasts: int, name: str) -> str:
        start = datetime(2021, 5, 1, 8, minute, second, tzinfo=CHINA)
        end = start + timedelta(seconds=lasts)
        return f"{name},F1,{start.isoformat()},{end.isoformat()},100,fault,unknown\n"

    log = read_log(
        HEADING + at(0, 0, 10, "A") + at(1, 0, 10, "B") + at(4, 0, 10, "C") + at(30, 0, 10, "D")
        + at(32, 0, 3600, "E"),
        HUNDRED,
    )  # fmt: skip
    found = whole(log, HUNDRED)[IEEE1366]
    assert (found["MAIFI"], found["MAIFI_E"], found["SAIFI"]) == (4, 1, 1)


TWO_ZONES = read_customers(
    "feeder,zone,customers\nF1,core,30\nF1,town,20\nF2,town,40\nF3,rural,7\n"
)
START = int(datetime(2020, 11, 1, tzinfo=CHINA).timestamp())


@st.composite
def logs(draw: st.DrawFn) -> InterruptionLog:
    """Steps of up to six interruptions over sixteen months, checked or not."""
    n = draw(st.integers(0, 20))
    unit = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), np.int64)
    start = np.array(draw(st.lists(st.integers(0, 40_000_000), min_size=n, max_size=n)), np.int64)
    lasts = st.one_of(st.integers(1, 700), st.integers(1, 90_000))
    length = np.array(draw(st.lists(lasts, min_size=n, max_size=n)), np.int64)
    interruption = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), np.int64)
    natures, causes = ("fault", "fault_external", "works", "shortage"), ("unknown", "external")
    return InterruptionLog(
        interruption=interruption,
        unit=unit,
        start=START + start,
        end=START + start + length,
        customers=np.array(draw(st.lists(st.integers(2, 7), min_size=n, max_size=n)), np.int64),
        nature=(interruption + 1) % 4,
        cause=interruption % 2,
        interruption_names=tuple("ABCDEF"),
        natures=natures,
        causes=causes,
    )


def rows(log: InterruptionLog, which: Any) -> InterruptionLog:
    columns = ("interruption", "unit", "start", "end", "customers", "nature", "cause")
    return replace(log, **{name: getattr(log, name)[which] for name in columns})


def same(one: Any, other: Any) -> None:
    for standard in (DLT836, IEEE1366):
        for symbol, value in one[standard].items():
            close = None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)
            assert other[standard][symbol] == close, symbol


@given(logs(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_does_not_matter(log: InterruptionLog, shuffler: Any) -> None:
    order = list(range(log.start.size))
    shuffler.shuffle(order)
    same(whole(log, TWO_ZONES), whole(rows(log, np.array(order, np.int64)), TWO_ZONES))


@given(logs(), st.data())
@settings(max_examples=60, deadline=None)
def test_splitting_at_a_restoration_step_changes_no_sum(log: InterruptionLog, data: Any) -> None:
    """Some customers of a step written as a step of their own, restored at the same time."""
    if not log.start.size:
        return
    i = data.draw(st.integers(0, log.start.size - 1))
    part = data.draw(st.integers(1, int(log.customers[i]) - 1))
    longer = rows(log, np.append(np.arange(log.start.size), i))
    longer.customers[i] -= part
    longer.customers[-1] = part
    same(whole(log, TWO_ZONES), whole(longer, TWO_ZONES))


@given(logs())
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_the_city(log: InterruptionLog) -> None:
    city = whole(log, TWO_ZONES)[DLT836]
    served = {"core": 30, "town": 60, "rural": 7}
    zones = measure(log, TWO_ZONES, year(2021), "zone")
    for symbol in ("SAIDI-1", "SAIDI-4", "SAIFI-2", "SAIFI-F", "MAIFI"):
        parts = sum(served[z] * table[DLT836][symbol] for z, table in zones.items())
        assert parts == pytest.approx(97 * city[symbol]), symbol
    for by in ("zone", "feeder", "cause", "nature", "month"):
        parts = measure(log, TWO_ZONES, year(2021), by).values()
        hours = sum(table[DLT836]["CUSTOMER-HOURS"] for table in parts)
        assert hours == pytest.approx(city["CUSTOMER-HOURS"]), by


@given(logs())
@settings(max_examples=40, deadline=None)
def test_periods_add_up(log: InterruptionLog) -> None:
    two = Period(date(2020, 1, 1), date(2021, 12, 31))
    both = whole(log, TWO_ZONES, two)
    years = [whole(log, TWO_ZONES, year(y)) for y in (2020, 2021)]
    for standard, symbol in (
        (DLT836, "SAIDI-1"), (DLT836, "SAIFI-1"), (IEEE1366, "SAIDI"), (IEEE1366, "SAIFI"),
    ):  # fmt: skip
        assert sum(y[standard][symbol] for y in years) == pytest.approx(both[standard][symbol])


def test_another_grouping_is_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        measure(read_log(WORKED, HUNDRED), HUNDRED, year(2021), "weather")


@given(logs())
@settings(max_examples=20, deadline=None)
def test_compiled_and_interpreted_agree(log: InterruptionLog) -> None:
    from tongdian.reliability import log_sums, momentary_events

    kernels = (log_sums.sum_up, momentary_events.find_events)
    compiled = [kernel.compiled() for kernel in kernels]
    fast = measure(log, TWO_ZONES, YEAR, "zone")
    with pytest.MonkeyPatch.context() as patch:
        for module, kernel in zip((log_sums, momentary_events), kernels, strict=True):
            name = kernel.function.__name__
            slow = lambda *arguments, steps, function=kernel.function: function(*arguments)  # noqa: E731
            patch.setattr(module, name, slow)
        assert measure(log, TWO_ZONES, YEAR, "zone") == fast
    assert all(compiled)


@given(logs())
@settings(max_examples=20, deadline=None)
def test_parts_of_a_long_log_add_up(log: InterruptionLog) -> None:
    from tongdian.reliability import log_sums

    at_once = whole(log, TWO_ZONES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_sums, "PART", 3)
        assert whole(log, TWO_ZONES) == at_once
