"""The tables of a distribution network.

| table | one row is |
| --- | --- |
| nodes | a place where elements meet: a busbar, pole, ring-main unit, board or service point |
| lines | a piece of overhead line or cable between two nodes, of one conductor and one laying |
| transformers | a two-winding transformer between two nodes |
| switches | a switch at an end of a line; the line carries current while all of them are closed |
| sources | a node whose voltage is held: the busbar of a substation, with what it may give |
| loads | what is taken at a node: in use, or promised |
| junctions, streets | where streets meet; a piece of street between two junctions |
| ducts | cable ducts along a piece of street |
| conductors, transformer_types | the catalogue that the network is built of |
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tongdian.grid.columns import Table, column

Ids = npt.NDArray[np.str_]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

NODE_KINDS = (
    "busbar", "pole", "ring_main_unit", "switching_station", "joint", "transformer",
    "low_voltage_board", "branch_box", "service_point",
)  # fmt: skip
LAYINGS = ("overhead", "air", "soil", "duct")
SWITCH_KINDS = ("breaker", "load_switch", "disconnector", "fuse")
LOAD_STATES = ("energised", "accepted", "quoted")
STREET_KINDS = ("expressway", "main", "secondary", "branch", "lane")
CONFIDENCES = ("sourced", "known", "unsure")


@dataclass(frozen=True, eq=False, repr=False)
class Nodes(Table):
    """Places where elements meet."""

    name: ClassVar[str] = "nodes"
    id: Ids = column("id", "unique id")
    kind: Codes = column("code", "what stands there", choices=NODE_KINDS)
    nominal_kv: Numbers = column("number", "nominal voltage", "kV", least=0, above=True)
    lon: Numbers = column("number", "longitude, EPSG:4490", "degree")
    lat: Numbers = column("number", "latitude, EPSG:4490", "degree")
    junction: Rows = column(
        "reference", "junction of the streets where it stands", table="junctions", optional=True,
        default=-1,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Lines(Table):
    """Overhead lines and cables."""

    name: ClassVar[str] = "lines"
    id: Ids = column("id", "unique id")
    start: Rows = column("reference", "node at one end", table="nodes")
    end: Rows = column("reference", "node at the other end", table="nodes")
    conductor: Rows = column("reference", "type of conductor", table="conductors")
    laying: Codes = column("code", "overhead, in air, in soil, in a duct", choices=LAYINGS)
    length_m: Numbers = column("number", "length of the conductor", "m", least=0)
    parallel: Rows = column("count", "conductors side by side", least=1, default=1)
    street: Rows = column(
        "reference", "street it follows", table="streets", optional=True, default=-1
    )


@dataclass(frozen=True, eq=False, repr=False)
class Transformers(Table):
    """Two-winding transformers."""

    name: ClassVar[str] = "transformers"
    id: Ids = column("id", "unique id")
    high: Rows = column("reference", "node of the high side", table="nodes")
    low: Rows = column("reference", "node of the low side", table="nodes")
    type: Rows = column("reference", "type", table="transformer_types")
    tap_percent: Numbers = column(
        "number", "added to the rated voltage of the high side by the tap", "%", least=-20,
        default=0.0,
    )  # fmt: skip
    is_public: Flags = column("flag", "owned by the utility", default=True)


@dataclass(frozen=True, eq=False, repr=False)
class Switches(Table):
    """Switches at ends of lines."""

    name: ClassVar[str] = "switches"
    id: Ids = column("id", "unique id")
    line: Rows = column("reference", "line it opens", table="lines")
    node: Rows = column("reference", "end of the line where it stands", table="nodes")
    kind: Codes = column("code", "what it is", choices=SWITCH_KINDS)
    is_closed: Flags = column("flag", "whether it carries current")
    is_remote: Flags = column("flag", "worked from the control centre", default=False)


@dataclass(frozen=True, eq=False, repr=False)
class Sources(Table):
    """Nodes whose voltage is held."""

    name: ClassVar[str] = "sources"
    id: Ids = column("id", "unique id")
    node: Rows = column("reference", "node that is held", table="nodes")
    substation: Ids = column("text", "substation it belongs to")
    voltage_pu: Numbers = column(
        "number", "voltage held, of the nominal", "1", least=0, above=True, default=1.0
    )
    capacity_mva: Numbers = column(
        "number", "what it may give; unknown: no limit", "MVA", least=0, optional=True,
        default=np.nan,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Loads(Table):
    """What is taken; generation below 0."""

    name: ClassVar[str] = "loads"
    id: Ids = column("id", "unique id")
    node: Rows = column("reference", "node that takes it", table="nodes")
    p_kw: Numbers = column("number", "active power at the peak of its feeder", "kW")
    q_kvar: Numbers = column("number", "reactive power at the same time", "kvar")
    customers: Rows = column("count", "customers behind it", least=0, default=1)
    state: Codes = column("code", "in use, accepted or quoted", choices=LOAD_STATES, default=0)


@dataclass(frozen=True, eq=False, repr=False)
class Junctions(Table):
    """Where streets meet or end."""

    name: ClassVar[str] = "junctions"
    id: Ids = column("id", "unique id")
    lon: Numbers = column("number", "longitude, EPSG:4490", "degree")
    lat: Numbers = column("number", "latitude, EPSG:4490", "degree")


@dataclass(frozen=True, eq=False, repr=False)
class Streets(Table):
    """Pieces of street between two junctions."""

    name: ClassVar[str] = "streets"
    id: Ids = column("id", "unique id")
    start: Rows = column("reference", "junction at one end", table="junctions")
    end: Rows = column("reference", "junction at the other end", table="junctions")
    kind: Codes = column("code", "class of the street", choices=STREET_KINDS)
    length_m: Numbers = column("number", "length", "m", least=0)
    overhead_allowed: Flags = column("flag", "overhead lines may be built", default=False)
    is_green: Flags = column("flag", "runs through green land", default=False)
    no_digging_until: Days = column(
        "day", "last day of a digging moratorium", optional=True, default=np.datetime64("NaT")
    )


@dataclass(frozen=True, eq=False, repr=False)
class Ducts(Table):
    """Cable ducts along a street."""

    name: ClassVar[str] = "ducts"
    id: Ids = column("id", "unique id")
    street: Rows = column("reference", "street it follows", table="streets")
    bores: Rows = column("count", "bores of the bank", least=1)
    free_bores: Rows = column("count", "bores without a cable", least=0)
    diameter_mm: Numbers = column("number", "inner diameter of a bore", "mm", least=0, above=True)


@dataclass(frozen=True, eq=False, repr=False)
class Conductors(Table):
    """Types of overhead conductor and cable. Resistance at 20 °C; unknown where a laying is not
    rated."""

    name: ClassVar[str] = "conductors"
    id: Ids = column("id", "unique id")
    family: Ids = column("text", "family of types")
    rated_kv: Numbers = column("number", "voltage it is made for", "kV", least=0, above=True)
    section_mm2: Numbers = column("number", "cross-section", "mm²", least=0, above=True)
    r_ohm_km: Numbers = column("number", "resistance", "Ω/km", least=0, above=True)
    x_ohm_km: Numbers = column("number", "reactance", "Ω/km", least=0)
    c_nf_km: Numbers = column("number", "capacitance", "nF/km", least=0, default=0.0)
    overhead_a: Numbers = column(
        "number", "ampacity overhead", "A", least=0, optional=True, default=np.nan
    )
    air_a: Numbers = column(
        "number", "ampacity in air", "A", least=0, optional=True, default=np.nan
    )
    soil_a: Numbers = column(
        "number", "ampacity in soil", "A", least=0, optional=True, default=np.nan
    )
    duct_a: Numbers = column(
        "number", "ampacity in a duct", "A", least=0, optional=True, default=np.nan
    )
    confidence: Codes = column("code", "how sure the figures are", choices=CONFIDENCES, default=2)
    source: Ids = column("text", "where the figures are from", default="")

    def ampacity(self) -> Numbers:
        """Amperes by row and laying, in the order of LAYINGS; NaN where unknown."""
        return np.stack([self.overhead_a, self.air_a, self.soil_a, self.duct_a], axis=1)


@dataclass(frozen=True, eq=False, repr=False)
class TransformerTypes(Table):
    """Types of transformer."""

    name: ClassVar[str] = "transformer_types"
    id: Ids = column("id", "unique id")
    series: Ids = column("text", "series")
    rated_kva: Numbers = column("number", "rated power", "kVA", least=0, above=True)
    high_kv: Numbers = column("number", "rated voltage, high side", "kV", least=0, above=True)
    low_kv: Numbers = column("number", "rated voltage, low side", "kV", least=0, above=True)
    short_circuit_percent: Numbers = column(
        "number", "short-circuit voltage", "%", least=0, above=True
    )
    load_loss_kw: Numbers = column("number", "loss at rated current", "kW", least=0)
    no_load_loss_kw: Numbers = column("number", "loss at rated voltage", "kW", least=0)
    no_load_percent: Numbers = column("number", "no-load current", "%", least=0)
    confidence: Codes = column("code", "how sure the figures are", choices=CONFIDENCES, default=2)
    source: Ids = column("text", "where the figures are from", default="")


@dataclass(frozen=True, eq=False)
class Tables:
    """A network: all its tables. References are rows of tables of the same network."""

    nodes: Nodes
    lines: Lines
    transformers: Transformers
    switches: Switches
    sources: Sources
    loads: Loads
    junctions: Junctions
    streets: Streets
    ducts: Ducts
    conductors: Conductors
    transformer_types: TransformerTypes

    @classmethod
    def of(cls, **tables: Table) -> "Tables":
        """A network of these tables; the others are empty."""
        given: dict[str, Any] = {name: kind.empty() for name, kind in KINDS.items()}
        return cls(**{**given, **tables})

    def table(self, name: str) -> Table:
        """The table of this name."""
        found: Table = getattr(self, name)
        return found

    def all(self) -> list[Table]:
        """Every table."""
        return [self.table(one.name) for one in fields(self)]


KINDS: dict[str, type[Table]] = {
    kind.name: kind
    for kind in (
        Nodes, Lines, Transformers, Switches, Sources, Loads, Junctions, Streets, Ducts,
        Conductors, TransformerTypes,
    )
}  # fmt: skip
