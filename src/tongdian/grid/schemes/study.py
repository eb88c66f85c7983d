"""Studies a route: chooses the conductor, asks the feeder, writes the bill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tongdian.grid.feeder import Feeder, feeder_of
from tongdian.grid.paths.prices import IN_DUCT, ON_POLES
from tongdian.grid.paths.routes import Route
from tongdian.grid.schemes.checks import Check, limits_check
from tongdian.grid.schemes.costs import Band, Costs
from tongdian.grid.schemes.design import (
    Foot,
    Wanted,
    bill_of,
    first_grade,
    line_sections,
    transformer_section,
)
from tongdian.grid.schemes.extension import Extended, Section
from tongdian.grid.schemes.motors import fluctuation_check, motor_check
from tongdian.grid.schemes.request import Request
from tongdian.grid.schemes.sections import Crossed, Grade, Piece, pieces_of
from tongdian.grid.schemes.supply import Supply, source_point
from tongdian.grid.schemes.terms import Terms
from tongdian.grid.schemes.transfer import transfer_check
from tongdian.grid.schemes.world import World

NEW = ("new_line", "new_transformer", "new_node")


@dataclass
class Study:
    """One request in one world; feeders that were cut out are kept for the next candidate."""

    world: World
    request: Request
    terms: Terms
    _feeders: dict[int, Feeder] = field(default_factory=dict)

    def supply(self, route: Route) -> Supply:
        """The candidate that a route leads to."""
        world, request = self.world, self.request
        pieces, crossed = pieces_of(route, world.routes)
        position = int(world.position[route.attachment])
        node = int(world.node[route.attachment])
        foot = Foot(
            float(world.network.base_kv[node]), float(world.kv[route.attachment]),
            world.network.radial.base_mva,
        )  # fmt: skip
        is_new_transformer = self.terms.is_low and foot.is_medium
        wanted = Wanted(request.kva, request.is_single_phase, is_new_transformer)
        mva = foot.base_mva
        p_pu = request.kw / 1e3 / mva
        q_pu = p_pu * request.tangent
        feeder, check, sections = self._chosen(position, pieces, foot, wanted, p_pu, q_pu)
        state = feeder.u.copy(), feeder.fp.copy(), feeder.fq.copy()
        checks = [check, *self._others(feeder, foot, wanted, p_pu, q_pu, check)]
        bill = bill_of(
            sections, pieces, crossed, int(world.network.tables.nodes.kind[node]), world.costs
        )
        days = days_of(pieces, crossed, self.terms, world.costs, is_new_transformer)
        return Supply(
            world, route, source_point(world, route), pieces, crossed, feeder, tuple(checks), bill,
            days, is_new_transformer, p_pu, q_pu, state,
        )  # fmt: skip

    def _feeder(self, position: int) -> Feeder:
        tree, first, stop = feeder_of(self.world.network.radial, position)
        if first not in self._feeders:
            self._feeders[first] = Feeder(self.world.base, self.world.limits, tree, first, stop)
        return self._feeders[first]

    def _chosen(
        self, position: int, pieces: Sequence[Piece], foot: Foot, wanted: Wanted, p_pu: float,
        q_pu: float,
    ) -> tuple[Extended, Check, list[Section]]:  # fmt: skip
        """The smallest conductors with which what is built new does not bind; the largest if all
        of them do."""
        feeder = self._feeder(position)
        medium, low = self._steps(foot, pieces, wanted)
        while True:
            sections = self._sections(pieces, foot, wanted, medium[0], low[0])
            extended = Extended(feeder, position, sections)
            check = limits_check(self.world.network, extended, p_pu, q_pu)
            if check.holds or (check.table not in NEW and check.kind != "unsolved"):
                return extended, check, sections
            if len(medium) == 1 and len(low) == 1:
                return extended, check, sections
            medium, low = medium[1:] or medium, low[1:] or low

    def _steps(
        self, foot: Foot, pieces: Sequence[Piece], wanted: Wanted
    ) -> tuple[tuple[Grade, ...], tuple[Grade, ...]]:
        medium, low = self.world.grades
        if not foot.is_medium:
            return medium[-1:], low[first_grade(low, pieces, wanted, foot.nominal_kv) :]
        if not wanted.has_transformer:
            return medium[first_grade(medium, pieces, wanted, foot.nominal_kv) :], low[-1:]
        outer = [piece for piece in pieces if not piece.is_inside]
        inner = [piece for piece in pieces if piece.is_inside]
        one = Wanted(wanted.kva, False, True)
        return (
            medium[first_grade(medium, outer, one, foot.nominal_kv) :],
            low[first_grade(low, inner, wanted, 0.38) :],
        )

    def _sections(
        self, pieces: Sequence[Piece], foot: Foot, wanted: Wanted, medium: Grade, low: Grade
    ) -> list[Section]:
        rules, one = self.world.rules, wanted.is_single_phase
        if not foot.is_medium:
            return line_sections(pieces, low, foot, rules, is_single_phase=one)
        if not wanted.has_transformer:
            return line_sections(pieces, medium, foot, rules, is_single_phase=False)
        outer = [piece for piece in pieces if not piece.is_inside]
        inner = [piece for piece in pieces if piece.is_inside]
        station, behind, _ = transformer_section(wanted.kva, foot, rules)
        return [
            *line_sections(outer, medium, foot, rules, is_single_phase=False), station,
            *line_sections(inner, low, behind, rules, is_single_phase=one),
        ]  # fmt: skip

    def _others(
        self, feeder: Extended, foot: Foot, wanted: Wanted, p_pu: float, q_pu: float, first: Check
    ) -> list[Check]:
        if first.kind == "unsolved":
            return []
        world, request, found = self.world, self.request, []
        kv = 0.38 if wanted.has_transformer else foot.nominal_kv
        if request.motor:
            found.append(
                motor_check(
                    world.network, feeder, world.rules, request.motor, p_pu, q_pu, kv
                )
            )  # fmt: skip
        if request.fluctuation:
            found.append(
                fluctuation_check(world.network, feeder, world.rules, request.fluctuation, kv)
            )
        if request.needs_transfer:
            found.append(transfer_check(world, feeder, p_pu, q_pu))
        return found


def days_of(
    pieces: Sequence[Piece], crossed: Crossed, terms: Terms, costs: Costs, has_transformer: bool
) -> Band:
    """Working days of all steps, one after another."""
    reply = "reply_low" if terms.is_low else "reply_dual" if terms.supplies > 1 else "reply_high"
    days = costs.days(reply) + costs.days("mobilise")
    days += costs.days("finish_low" if terms.is_low else "finish_high")
    if crossed.permits:
        days += costs.days("approvals")
    if crossed.moratorium_m > 0:
        days += costs.days("moratorium")
    if has_transformer:
        days += costs.days("transformer")
    for piece in pieces:
        step = {ON_POLES: "build_overhead", IN_DUCT: "build_duct"}.get(piece.way, "build_trench")
        days += costs.days(step, piece.length_m / 100)
    return Band(days.low.quantize(Decimal("0.1")), days.high.quantize(Decimal("0.1")))
