"""What holds for every question in the town."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.networks import reference_kv
from support.schemes import COLUMNS, ROWS, place, town, with_line
from tongdian.grid.network import assemble
from tongdian.grid.schemes.quote import Quote, quote
from tongdian.grid.schemes.scheme import pareto

WORLD = town()
QUESTIONS = {
    # Steps of twenty metres: the reference does not like lines of a millimetre.
    "column": st.integers(0, 20 * (COLUMNS - 1)).map(lambda step: step / 20),
    "row": st.integers(0, 20 * (ROWS - 1)).map(lambda step: step / 20),
    "kw": st.floats(1, 9500), "is_small_micro": st.booleans(), "is_dual": st.booleans(),
}  # fmt: skip


def asked(column: float, row: float, kw: float, **wishes: bool) -> Quote:
    return quote(WORLD, *place(column, row), kw, **wishes)


@settings(max_examples=30, deadline=None)
@given(**QUESTIONS)
def test_answers_are_ranked_marked_and_add_up(**question: float) -> None:
    answer = asked(**question)  # type: ignore[arg-type]
    middles = [scheme.cost.middle for scheme in answer.schemes]
    assert middles == sorted(middles)
    marks = [scheme.is_pareto for scheme in answer.schemes]
    assert marks == pareto([scheme.aims for scheme in answer.schemes]).tolist()
    assert all(scheme.is_feasible for scheme in answer.schemes)
    assert not any(scheme.is_feasible for scheme in answer.infeasible)
    for scheme in (*answer.schemes, *answer.infeasible):
        lines = [line for supply in scheme.supplies for line in supply.bill]
        assert scheme.cost.low == sum(line.band.low for line in lines)
        assert scheme.cost.high == sum(line.band.high for line in lines)
        assert scheme.utility_pays + scheme.customer_pays == scheme.cost
        assert 0 <= scheme.customer_pays.low <= scheme.cost.low
        for supply in scheme.supplies:
            metres = sum(
                float(line.amount) for line in supply.bill
                if line.cost.unit == "m" and "-" in line.cost.item
            )  # fmt: skip
            walked = supply.route.length_m(WORLD.routes) + supply.route.origin.aside_m
            assert abs(metres - walked * supply.circuits) < 0.001 * len(supply.bill)


@settings(max_examples=20, deadline=None)
@given(**QUESTIONS)
def test_what_is_feasible_holds_by_the_reference(**question: float) -> None:
    answer = asked(**question)  # type: ignore[arg-type]
    kw = question["kw"]
    for scheme in answer.schemes:
        for supply in scheme.supplies:
            built, _ = with_line(WORLD, supply, kw, kw * answer.request.tangent)
            network = assemble(built)
            share = reference_kv(network) / network.tables.nodes.nominal_kv
            assert share.min() >= 0.93 - 2e-4
            solved = network.solve()
            np.testing.assert_allclose(solved.voltages_pu * network.nominal_share, share, rtol=1e-7)
            loading = np.sqrt(solved.current_squared_pu) / network.current_limit_pu
            assert loading.max() <= 1 + 1e-3


@settings(max_examples=30, deadline=None)
@given(column=QUESTIONS["column"], row=QUESTIONS["row"], kw=st.floats(300, 9000))
def test_no_source_point_is_much_cheaper_than_the_best(
    column: float, row: float, kw: float
) -> None:
    """Two source points of every feeder studied, against the candidates of a quote."""
    few, all_ = asked(column, row, kw), quote(WORLD, *place(column, row), kw, count=20)
    assert bool(few.schemes) == bool(all_.schemes)
    if few.best is not None and all_.best is not None:
        assert few.best.cost.middle <= all_.best.cost.middle * Decimal("1.05")
