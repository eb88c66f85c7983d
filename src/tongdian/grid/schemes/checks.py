"""What binds a candidate, named by element, kind, value and limit; what would fit, what would help.

Voltages, conductors, transformers and the source are asked by power flow of the feeder with the new
line at its end (`hosting.exact.excess`). Motor starting and fluctuating loads have files of their
own.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from tongdian.grid.base import Base
from tongdian.grid.hosting.exact import excess, search
from tongdian.grid.network import Network
from tongdian.grid.schemes.extension import Extended

PRECISION = 1e-4
WORDS = {
    "voltage": ("电压过低", "voltage too low"),
    "current": ("过载", "overloaded"),
    "unsolved": ("潮流无解，带不动", "the power flow has no solution"),
    "motor": ("电动机起动时电压过低", "voltage too low while the motor starts"),
    "fluctuation": ("电压变动过大", "voltage swings too much"),
    "transfer": ("不能转供", "cannot be transferred"),
    "supplies": ("电源数不足", "too few supplies"),
}


@dataclass(frozen=True)
class Check:
    """One finding: `kind` (a key of WORDS), the element (`table` and `id`), `value` against `limit`
    in `unit`, and whether it holds. `helps` says what would make it hold, in Chinese and English.
    """

    kind: str
    table: str
    id: str
    value: float
    limit: float
    unit: str
    holds: bool
    helps: tuple[str, str] = ("", "")

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        zh, en = WORDS[self.kind]
        return {
            "kind": self.kind, "zh": zh, "en": en, "table": self.table, "id": self.id,
            "value": self.value, "limit": self.limit, "unit": self.unit, "holds": self.holds,
            "helps_zh": self.helps[0], "helps_en": self.helps[1],
        }  # fmt: skip


def limits_check(network: Network, feeder: Extended, p_pu: float, q_pu: float) -> Check:
    """The limit of voltage or current that is nearest to being overstepped, or furthest beyond,
    when the customer takes so much. Leaves the solved state in the feeder."""
    place = feeder.place(feeder.end)
    if not feeder.is_solved:
        return _unsolved(network, feeder)
    over, kind, position = excess(feeder, place, p_pu, q_pu)
    if over == np.inf:
        return _unsolved(network, feeder)
    at = feeder.place(position)
    holds = over <= 0
    if kind == 0:
        return _voltage(network, feeder, at, holds)
    return _current(network, feeder, at, holds)


def fits_kw(feeder: Extended, tangent: float, sure_kw: float = 0.0) -> float:
    """The most that the customer could take by this line, kW, to a ten-thousandth."""
    unit = feeder.base.radial.base_mva * 1e3
    most, _, _ = search(feeder, feeder.end, tangent, sure_kw / unit, PRECISION)
    return most * unit


def element_of(network: Network, feeder: Extended, place: int) -> tuple[str, str]:
    """Table and id of what brings current to a place."""
    position = int(feeder.at[place])
    if position >= network.radial.size:
        section = feeder.sections[position - network.radial.size]
        return ("new_transformer" if section.is_transformer else "new_line"), section.name
    table, row = network.element(position)
    ids: Any = getattr(network.tables, table).id
    return table, str(ids[row])


def node_of(network: Network, feeder: Extended, place: int) -> tuple[str, str]:
    """Table and id of a node."""
    position = int(feeder.at[place])
    if position >= network.radial.size:
        return "new_node", f"new-{position - network.radial.size + 1}"
    return "nodes", str(network.tables.nodes.id[network.radial.node[position]])


def base_kv_of(network: Network, feeder: Extended, place: int) -> float:
    """Base voltage of a place, kV."""
    position = int(feeder.at[place])
    if position >= network.radial.size:
        return feeder.sections[position - network.radial.size].base_kv
    return float(network.base_kv[network.radial.node[position]])


def _unsolved(network: Network, feeder: Extended) -> Check:
    table, name = element_of(network, feeder, 0)
    return Check(
        "unsolved", table, name, float("nan"), float("nan"), "", False,
        ("请减小负荷、加大导线或提高电压等级",
         "take less, use larger conductors or a higher voltage"),
    )  # fmt: skip


def _voltage(network: Network, feeder: Extended, at: int, holds: bool) -> Check:
    table, name = node_of(network, feeder, at)
    kv = base_kv_of(network, feeder, at)
    value, limit = float(np.sqrt(feeder.u[at])) * kv, float(np.sqrt(feeder.lowest[at])) * kv
    missing = (limit - value) * 1e3
    helps = (
        f"把 {name} 的电压提高 {missing:.0f} V：加大上游导线、缩短线路，或从另一馈线接入",
        f"raise the voltage of {name} by {missing:.0f} V: larger conductors above it, a shorter"
        " line, or another feeder",
    )
    return Check("voltage", table, name, value, limit, "kV", holds, ("", "") if holds else helps)


def _current(network: Network, feeder: Extended, at: int, holds: bool) -> Check:
    table, name = element_of(network, feeder, at)
    square = float((feeder.fp[at] ** 2 + feeder.fq[at] ** 2) / feeder.u[at])
    mva = feeder.base.radial.base_mva
    if table in ("lines", "new_line"):
        scale, unit = mva * 1e3 / sqrt(3) / base_kv_of(network, feeder, at), "A"
    else:
        scale, unit = mva * 1e3, "kVA"
    value, limit = sqrt(square) * scale, float(np.sqrt(feeder.current[at])) * scale
    many = f"{value:,.0f} {unit}"
    # fmt: off
    helps = {
        "lines": (f"把线路 {name} 换成载流量不小于 {many} 的导线，或割接部分负荷",
                  f"replace line {name} by one that carries {many}, or move load away"),
        "transformers": (f"把变压器 {name} 增容到 {many} 以上，或新增布点",
                         f"replace transformer {name} by one of {many}, or add another"),
        "sources": (f"母线 {name} 需能供 {many}：主变增容，或从另一母线接入",
                    f"busbar {name} has to give {many}: a larger transformer, or another busbar"),
    }.get(table, (f"新建部分需承载 {many}：多回路或更大截面",
                  f"what is built has to carry {many}: several circuits or a larger size"))
    # fmt: on
    return Check("current", table, name, value, limit, unit, holds, ("", "") if holds else helps)


@dataclass(frozen=True)
class Profile:
    """Along the way from the busbar to the customer: ids, metres from the busbar, |V| of the
    nominal voltage before and after; before is unknown for what is built new."""

    ids: tuple[str, ...]
    base_kv: tuple[float, ...]
    before_kv: tuple[float, ...]
    after_kv: tuple[float, ...]


def profile_of(network: Network, feeder: Extended) -> Profile:
    """The voltage profile of a feeder that was solved."""
    places = feeder.way_to(feeder.end)
    size = network.radial.size
    kv = [base_kv_of(network, feeder, place) for place in places]
    before = [
        float(np.sqrt(feeder.base_u[place])) * one if feeder.at[place] < size else float("nan")
        for place, one in zip(places, kv, strict=True)
    ]
    after = [float(np.sqrt(feeder.u[p])) * one for p, one in zip(places, kv, strict=True)]
    return Profile(
        tuple(node_of(network, feeder, place)[1] for place in places), tuple(kv), tuple(before),
        tuple(after),
    )  # fmt: skip


def loss_kw(feeder: Extended) -> tuple[float, float]:
    """Losses of the feeder before and after, kW, from the state that was solved last."""
    unit = feeder.base.radial.base_mva * 1e3
    square = (feeder.fp**2 + feeder.fq**2) / feeder.u
    iron = sum(section.p_pu for section in feeder.sections) * float(feeder.source[0]) ** 2
    return float(feeder.r @ feeder.base_square) * unit, (float(feeder.r @ square) + iron) * unit


def is_sound(base: Base, tree: int) -> bool:
    """Whether a tree has a state to ask on."""
    return bool(base.is_solved[tree])
