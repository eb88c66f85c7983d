"""Reads a radial system from JSON: sections, load points, sources, ties, as in published systems.

{"sections": [{"id", "km", "up", "down", "breaker_or_fuse", "disconnector", "lambda_per_km",
"repair_h", "switch_h", "trafo_lambda", "trafo_repair_h"}], "load_points": {name: {"avg_mw",
"customers"}}, "sources": [node], "ties": [{"id", "a", "b", "switch_h"}]}. Others are ignored.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tongdian.reliability.radial import ENDS, Codes, Floats, Ints, RadialSystem
from tongdian.reliability.refusals import ReliabilityError

MOST_VALUE = 1e9


def read_system(text: str | bytes) -> RadialSystem:
    """The system in a file. Raises ReliabilityError naming field, rule and remedy."""
    try:
        data = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ReliabilityError(
            "not_json",
            "file",
            (f"不是 JSON：{error}", f"is no JSON: {error}"),
            ("请提供 UTF-8 编码的 JSON 文件。", "Give a JSON file in UTF-8."),
        ) from None
    except RecursionError:
        raise _wrong("file", "嵌套过深", "is nested too deeply") from None
    return system_of(data)


def system_of(data: Any) -> RadialSystem:
    """The system in what was read from JSON. Raises ReliabilityError."""
    whole = _mapping(data, "file")
    sections = _objects(whole, "sections", needed=True)
    ties = _objects(whole, "ties")
    loads = _mapping(whole.get("load_points"), "load_points")
    sources = _names(whole)
    for kind, rows in (("sections", sections), ("ties", ties)):
        _unrepeated(kind, [_name(row, f"{kind}[{i}]", "id") for i, row in enumerate(rows)])
    numbers: dict[str, int] = {}
    for source in sources:
        numbers.setdefault(source, len(numbers))
    ends = [
        tuple(numbers.setdefault(_name(row, _at(row), end), len(numbers)) for end in ("up", "down"))
        for row in sections
    ]
    upstream, downstream = np.array(ends, np.int64).T.copy()
    _one_way_in(sections, downstream, len(sources))
    _reached(sections, upstream, downstream, len(sources), len(numbers))
    length = _column(sections, "km")
    return RadialSystem(
        nodes=len(numbers),
        upstream=upstream,
        downstream=downstream,
        protection=_ends(sections, "breaker_or_fuse"),
        isolation=_ends(sections, "disconnector"),
        failures=length * _column(sections, "lambda_per_km"),
        repair_h=_column(sections, "repair_h"),
        switch_h=_column(sections, "switch_h"),
        transformer_failures=_column(sections, "trafo_lambda", absent=0.0),
        transformer_repair_h=_column(sections, "trafo_repair_h", absent=0.0),
        sources=np.arange(len(set(sources)), dtype=np.int64),
        tie_a=_nodes(ties, "a", numbers),
        tie_b=_nodes(ties, "b", numbers),
        tie_h=_column(ties, "switch_h", "ties"),
        load_node=np.array([_node(f"load_points.{n}", n, numbers) for n in loads], np.int64),
        customers=np.array([_customers(name, loads[name]) for name in loads], np.int64),
        average_kw=np.array(
            [
                1000 * _number(_mapping(loads[name], f"load_points.{name}"), f"load_points.{name}",
                               "avg_mw")
                for name in loads
            ]
        ),
        load_names=tuple(loads),
    )  # fmt: skip


def _wrong(field: str, zh: str, en: str, remedy: tuple[str, str] = ("", "")) -> ReliabilityError:
    return ReliabilityError("wrong_value", field, (zh, en), remedy)


def _at(row: Mapping[str, Any], kind: str = "sections") -> str:
    return f"{kind}.{row['id']}"


def _mapping(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(field, "应为 JSON 对象", "has to be a JSON object", (
            "请按说明的格式填写 sections、load_points、sources、ties。",
            "Give sections, load_points, sources and ties as described."))  # fmt: skip
    return value


def _objects(whole: Mapping[str, Any], kind: str, needed: bool = False) -> list[Mapping[str, Any]]:
    rows = whole.get(kind, [])
    if not isinstance(rows, list) or (needed and not rows):
        raise _wrong(kind, "应为非空的列表" if needed else "应为列表",
                     "has to be a list" + (" with something in it" if needed else ""),
                     (f"请填写 {kind}。", f"Give {kind}."))  # fmt: skip
    return [_mapping(row, f"{kind}[{i}]") for i, row in enumerate(rows)]


def _names(whole: Mapping[str, Any]) -> list[str]:
    sources = whole.get("sources")
    if not isinstance(sources, list) or not sources or not all(isinstance(s, str) for s in sources):
        raise _wrong("sources", "应列出电源节点", "has to name the nodes that are always supplied",
                     ('例如 "sources": ["B1"]。', 'For instance "sources": ["B1"].'))  # fmt: skip
    _unrepeated("sources", sources)
    return sources


def _name(row: Mapping[str, Any], where: str, member: str) -> str:
    value = row.get(member)
    if not isinstance(value, str) or not value:
        raise _wrong(f"{where}.{member}", "应为名称", "has to be a name",
                     (f"请填写 {member}。", f"Give {member}."))  # fmt: skip
    return value


def _unrepeated(kind: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ReliabilityError(
                "repeated",
                f"{kind}.{name}",
                ("出现了两次", "appears twice"),
                ("请删去一处或改名。", "Delete one of them, or rename it."),
            )
        seen.add(name)


def _number(row: Mapping[str, Any], where: str, member: str, absent: float | None = None) -> float:
    value = row.get(member, absent)
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not math.isfinite(value) or not 0 <= value <= MOST_VALUE:
        raise _wrong(f"{where}.{member}", f"“{value}”不是非负数",
                     f"{value!r} is no number from zero up",
                     (f"请填写 {member}，不发生填 0。",
                      f"Give {member}; 0 where it never happens."))  # fmt: skip
    return float(value)


def _column(
    rows: list[Mapping[str, Any]], member: str, kind: str = "sections", absent: float | None = None
) -> Floats:
    return np.array([_number(row, _at(row, kind), member, absent) for row in rows], np.float64)


def _ends(rows: list[Mapping[str, Any]], member: str) -> Codes:
    for row in rows:
        if not isinstance(row.get(member), str) or row[member] not in ENDS:
            raise _wrong(f"{_at(row)}.{member}", f"“{row.get(member)}”不是 U、D、B、N 之一",
                         f"{row.get(member)!r} is none of U, D, B, N",
                         ("U 装在上游端，D 下游端，B 两端，N 没有。",
                          "U upstream end, D downstream end, B both, N none."))  # fmt: skip
    return np.array([ENDS[row[member]] for row in rows], np.int8)


def _node(field: str, name: str, numbers: Mapping[str, int]) -> int:
    if name not in numbers:
        raise ReliabilityError(
            "unknown_node",
            field,
            (f"节点 {name} 不在任何一段上", f"no section has the node {name}"),
            ("请检查节点名，或补上通向它的一段。",
             "Check its name, or add the section that leads to it."),
        )  # fmt: skip
    return numbers[name]


def _nodes(ties: list[Mapping[str, Any]], end: str, numbers: Mapping[str, int]) -> Ints:
    return np.array(
        [_node(f"{_at(t, 'ties')}.{end}", _name(t, _at(t, "ties"), end), numbers) for t in ties],
        np.int64,
    )


def _customers(name: str, load: Any) -> int:
    value = _number(_mapping(load, f"load_points.{name}"), f"load_points.{name}", "customers")
    if value != int(value):
        raise _wrong(f"load_points.{name}.customers", f"“{value}”不是整数",
                     f"{value} is no whole number",
                     ("请填写户数。", "Give the number of customers."))  # fmt: skip
    return int(value)


def _one_way_in(sections: list[Mapping[str, Any]], downstream: Ints, sources: int) -> None:
    """Every node is supplied through one section at most, a source through none."""
    leads: dict[int, str] = {}
    for row, node in zip(sections, downstream.tolist(), strict=True):
        other = "电源" if node < sources else leads.get(node)
        if other is not None:
            also = "a source" if node < sources else f"also fed by {other}"
            raise ReliabilityError(
                "not_radial",
                f"{_at(row)}.down",
                (f"节点 {row['down']} 已由{other}供电，不是辐射状", f"{row['down']} is {also}"),
                ("常开点请写为 ties；方向请由电源向下。",
                 "Write normally open points as ties; sections go down from the source."),
            )  # fmt: skip
        leads[node] = str(row["id"])


def _reached(
    sections: list[Mapping[str, Any]], upstream: Ints, downstream: Ints, sources: int, nodes: int
) -> None:
    """Every section hangs below a source: with one way into each node, what is not reached hangs
    below a node without supply, or on a ring."""
    above = np.full(nodes, -1, np.int64)
    above[downstream] = upstream
    good = np.zeros(nodes, np.bool_)
    good[:sources] = True
    for row, start in zip(sections, downstream.tolist(), strict=True):
        passed: list[int] = []
        node = start
        while not good[node] and above[node] >= 0 and len(passed) <= nodes:
            passed.append(node)
            node = int(above[node])
        if not good[node]:
            raise ReliabilityError(
                "no_source",
                _at(row),
                ("上游没有电源", "hangs below no source"),
                ("请补上通向电源的一段，或检查 up、down 的方向。",
                 "Add the section that leads to a source, or check which end is up."),
            )  # fmt: skip
        good[passed] = True
