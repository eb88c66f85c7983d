"""The network of the synthetic city, of any size: 110/10 kV substations to service points."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network import attachments as supply
from tongdian.city.network.demand import Demand, demand
from tongdian.city.network.ducts import lay_ducts
from tongdian.city.network.equipment import (
    IN_DUCT,
    Built,
    low_lines,
    tie_lines,
)
from tongdian.city.network.feeders import Feeders, feeders
from tongdian.city.network.fittings import switches
from tongdian.city.network.low_voltage import LowVoltage, low_voltage
from tongdian.city.network.names import feeder_names, joined, substation_names
from tongdian.city.network.places import Layout, nodes_table, transformer_names
from tongdian.city.network.plan import (
    CUSTOMER_KW,
    POWER_FACTOR,
    SOURCE_PU,
    AttachmentCosts,
    Plan,
)
from tongdian.city.network.streets import StreetNet, street_net
from tongdian.city.network.substations import main_transformer_mva, sites
from tongdian.city.network.ties import Ties, ties
from tongdian.city.network.voltage import planned
from tongdian.city.streets import Streets, lay_streets
from tongdian.grid import catalogue
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import GREEN, OVERHEAD, StreetGraph
from tongdian.grid.tables import (
    Junctions,
    Lines,
    Loads,
    Nodes,
    Sources,
    Tables,
    Transformers,
)
from tongdian.grid.tables import Streets as StreetTable

Ints = npt.NDArray[np.int32]

SMALLEST, LARGEST = 1_000, 5_000_000
# A city of its own for a network: so many customers for a node, within what the city allows.
CUSTOMERS_PER_NODE: Final = 3
CUSTOMERS: Final = (200_000, 3_000_000)
STREAM: Final = 42
# How much of a network may be 10 kV, and how many fewer streets are served if it is more.
MOST_MEDIUM, FEWER, FEWER_ROUNDS = 0.6, 0.6, 6
OUTLET_M: Final = 40.0
TAP_M: Final = (6.0, 20.0)
# The tap that lowers 0.38 kV where voltage has not yet fallen by so much.
NEAR_FALL, NEAR_TAP_PERCENT = 0.025, 2.5


@dataclass(frozen=True)
class CityNetwork:
    """The tables of the network; its streets and where one may connect along them, for routes; and
    which attachment is which node, of which feeder. Nodes of `streets` are rows of junctions, its
    segments rows of streets."""

    tables: Tables
    streets: StreetGraph
    attachments: Attachments
    wiring: supply.Wiring

    def name_of(self, node: int) -> str:
        """示例5号变电站/10kVⅠ段母线/示07线/23号杆: where a node is and is fed from in normal
        operation, exact enough to be found."""
        feeder, own = int(self.wiring.node_feeder[node]), str(self.tables.nodes.id[node])
        return own if feeder < 0 else f"{self.tables.sources.id[self.wiring.source[feeder]]}/{own}"


def generate_network(
    nodes: int, seed: int, on: date, plan: Plan | None = None, costs: AttachmentCosts | None = None
) -> CityNetwork:
    """A network of about `nodes` nodes with a city for it: the same one for the same arguments.
    Raises ValueError for a number outside 1,000 to 5,000,000."""
    customers = int(np.clip(nodes * CUSTOMERS_PER_NODE, *CUSTOMERS))
    streets = lay_streets(customers, np.random.default_rng([seed, 1]))
    return lay_network(streets, nodes, seed, on, plan, costs)


def lay_network(
    streets: Streets, nodes: int, seed: int, on: date, plan: Plan | None = None,
    costs: AttachmentCosts | None = None,
) -> CityNetwork:  # fmt: skip
    """A network of about `nodes` nodes on the streets of a city (`City.streets`, with its seed) as
    they stand on a day; a small one serves those nearest to the centre. Raises ValueError."""
    if not SMALLEST <= nodes <= LARGEST:
        raise ValueError(f"a network has {SMALLEST:,} to {LARGEST:,} nodes, not {nodes:,}")
    plan = plan or Plan()
    source = np.random.default_rng([seed, STREAM])
    net, loads, lines = _medium_voltage(streets, nodes, seed, on, plan, source)
    loads, lines, medium, fall = planned(net, loads, lines, plan, source)
    spent = 2 * len(lines.sites) + len(lines.node) + 2 * len(loads)
    low = low_voltage(net, loads, nodes - spent, source)
    links = ties(net, lines, plan)
    raised = fall[lines.tap] < NEAR_FALL
    return _assembled(net, loads, lines, medium, low, links, raised, costs, source)


def _medium_voltage(
    streets: Streets, nodes: int, seed: int, on: date, plan: Plan, source: np.random.Generator
) -> tuple[StreetNet, Demand, Feeders]:
    """Streets, transformers and feeders. Where villages lie so far apart that 10 kV alone would
    take up the nodes, fewer streets are served."""
    share = plan.street_share
    for _ in range(FEWER_ROUNDS):
        net = street_net(streets, seed, round(nodes * share), on)
        loads = demand(net, round(nodes / plan.nodes_per_transformer), plan, source)
        loads, lines = feeders(net, loads, sites(net.graph, loads, plan), plan, source)
        if len(lines.node) <= MOST_MEDIUM * nodes:
            break
        share *= FEWER
    return net, loads, lines


def _assembled(
    net: StreetNet, loads: Demand, lines: Feeders, medium: Built, low: LowVoltage, links: Ties,
    raised: npt.NDArray[np.bool_], costs: AttachmentCosts | None, source: np.random.Generator,
) -> CityNetwork:  # fmt: skip
    at = Layout.of(lines, loads, low)
    low_built, point_built = low_lines(net, low)
    across = tie_lines(net, links.edge)
    nodes = nodes_table(net, lines, medium, loads, low, low_built, source)
    table = _lines(
        net, at, nodes, lines, loads, low, links, (medium, across, low_built, point_built), source
    )
    counts = len(lines.node), len(loads), len(links.start)
    fitted = switches(net, lines, medium, table.id, table.start, counts)
    in_duct = np.concatenate([
        lines.edge[(medium.laying == IN_DUCT) & (lines.edge >= 0)],
        links.edge[across.laying == IN_DUCT],
    ])  # fmt: skip
    net, ducts = lay_ducts(net, in_duct, source)
    tables = Tables(
        nodes=nodes, lines=table, transformers=_transformers(at, lines, loads, raised),
        switches=fitted, sources=_sources(lines, nodes), loads=_loads(at, nodes, loads, low),
        junctions=Junctions.of(
            id=joined("J", np.arange(net.graph.nodes) + 1), lon=net.graph.lon, lat=net.graph.lat
        ),
        streets=_street_table(net), ducts=ducts, conductors=catalogue.conductors(),
        transformer_types=catalogue.transformer_types(),
    )  # fmt: skip
    places, wiring = supply.attachments(
        net.graph, at, lines, loads, low, nodes.kind, costs or AttachmentCosts()
    )
    return CityNetwork(tables, net.graph, places, wiring)


def _lines(
    net: StreetNet, at: Layout, nodes: Nodes, lines: Feeders, loads: Demand, low: LowVoltage,
    links: Ties, built: tuple[Built, Built, Built, Built], source: np.random.Generator,
) -> Lines:  # fmt: skip
    """Of feeders, to transformers, ties, of 0.38 kV, to service points."""
    medium, across, low_built, point_built = built
    busbar = (2 * lines.substation + lines.busbar)[lines.feeder]
    tap = at.medium + lines.tap
    tapped = Built(medium.conductor[lines.tap], medium.laying[lines.tap], np.ones_like(lines.tap))
    pole = np.where(low.parent >= 0, at.low + low.parent, at.board + low.transformer)
    spot = np.where(low.point_pole >= 0, at.low + low.point_pole, at.board + low.point_transformer)
    start = np.concatenate([
        np.where(lines.parent >= 0, at.medium + lines.parent, busbar), tap, at.medium + links.start,
        pole, spot,
    ])  # fmt: skip
    end = np.concatenate([
        at.medium + np.arange(len(lines.node)), at.high + np.arange(len(loads)),
        at.medium + links.end, at.low + np.arange(len(low.node)),
        at.point + np.arange(len(low.point_kw)),
    ])  # fmt: skip
    metres = np.append(net.graph.length_m, OUTLET_M)
    none = np.full(len(loads), -1)
    kinds = (medium, tapped, across, low_built, point_built)
    incoming = np.concatenate([np.arange(at.medium, at.board), np.arange(at.low, len(nodes))])
    ids = joined(nodes.id[incoming], "进线")
    # The line at the head of a feeder has the feeder's name.
    ids[lines.first] = feeder_names(len(lines.first))
    before = len(lines.node) + len(loads)
    tied = joined(nodes.id[at.medium + links.start], "联络", nodes.id[at.medium + links.end])
    return Lines.of(
        id=np.concatenate([ids[:before], tied, ids[before:]]), start=start, end=end,
        conductor=np.concatenate([one.conductor for one in kinds]),
        laying=np.concatenate([one.laying for one in kinds]),
        parallel=np.concatenate([one.parallel for one in kinds]),
        length_m=np.concatenate([
            metres[lines.edge], source.uniform(*TAP_M, len(loads)), links.length_m,
            metres[low.edge], np.hypot(*low.aside_m.T),
        ]).round(2),
        street=np.concatenate([
            lines.edge, none, links.edge, low.edge, np.full(len(low.point_kw), -1)
        ]),
    )  # fmt: skip


def _transformers(
    at: Layout, lines: Feeders, loads: Demand, raised: npt.NDArray[np.bool_]
) -> Transformers:
    row = np.arange(len(loads))
    return Transformers.of(
        id=transformer_names(lines, loads), high=at.high + row, low=at.board + row,
        type=loads.type, tap_percent=np.where(raised, NEAR_TAP_PERCENT, 0.0),
        is_public=loads.is_public,
    )  # fmt: skip


def _sources(lines: Feeders, nodes: Nodes) -> Sources:
    count = 2 * len(lines.sites)
    busbar = 2 * lines.substation + lines.busbar
    load = np.bincount(busbar, lines.below_kw[lines.first], count).reshape(-1, 2)
    return Sources.of(
        id=nodes.id[:count], node=np.arange(count),
        substation=np.repeat(substation_names(len(lines.sites)), 2), voltage_pu=SOURCE_PU,
        capacity_mva=np.repeat(main_transformer_mva(load.max(axis=1)), 2),
    )  # fmt: skip


def _loads(at: Layout, nodes: Nodes, loads: Demand, low: LowVoltage) -> Loads:
    own = np.flatnonzero(~loads.is_public)
    node = np.concatenate([at.board + own, at.point + np.arange(len(low.point_kw))])
    p_kw = np.concatenate([loads.p_kw[own], low.point_kw]).round(3)
    customers = np.maximum(np.rint(p_kw / CUSTOMER_KW), 1).astype(np.int32)
    customers[: len(own)] = 1
    return Loads.of(
        id=nodes.id[node], node=node, p_kw=p_kw,
        q_kvar=(p_kw * np.tan(np.arccos(POWER_FACTOR))).round(3), customers=customers,
    )  # fmt: skip


def _street_table(net: StreetNet) -> StreetTable:
    """The segments of the graph as a table."""
    flags = net.graph.flags
    return StreetTable.of(
        id=joined("S", np.arange(net.graph.edges) + 1), start=net.graph.ends[:, 0],
        end=net.graph.ends[:, 1], kind=net.kind, length_m=net.graph.length_m,
        overhead_allowed=flags & OVERHEAD > 0, is_green=flags & GREEN > 0,
        no_digging_until=net.no_digging_until,
    )  # fmt: skip
