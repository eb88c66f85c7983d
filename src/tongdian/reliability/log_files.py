"""Reads customers and interruptions from CSV.

Customers: feeder, zone, customers; optional group, average_kw, capacity_kva. One row for each
group of customers, or for each feeder (in each zone it reaches) when there is no group column.

Interruptions: interruption, feeder, start, end, customers, nature, cause; optional zone, group,
customers_out. One row for each restoration step; the rows of one interruption share nature, cause
and customers_out, the number of customers out in all. Times are ISO 8601 with an offset; `end` is
empty while there is no supply.
"""

from collections import defaultdict
from typing import Final

import numpy as np

from tongdian.reliability.causes import CAUSES, cause_of
from tongdian.reliability.interruption_log import OPEN, Customers, InterruptionLog
from tongdian.reliability.log_checks import check_log
from tongdian.reliability.natures import BY_WORD, NATURES
from tongdian.reliability.refusals import ReliabilityError
from tongdian.reliability.tables import Row, rows_of

ZONES: Final = {"core": "市中心区", "urban": "市区", "town": "城镇", "rural": "农村"}
_ZONE_WORDS: Final = {
    **{code: code for code in ZONES}, **{zh: code for code, zh in ZONES.items()}, 
    "中心城区": "core", "1": "core", "2": "urban", "3": "town", "4": "rural",
}  # fmt: skip
CUSTOMER_COLUMNS: Final = (("feeder", "zone", "customers"), ("group", "average_kw", "capacity_kva"))
LOG_COLUMNS: Final = (
    ("interruption", "feeder", "start", "end", "customers", "nature", "cause"),
    ("zone", "group", "customers_out"),
)
_Key = tuple[str, str, str]


def read_customers(content: bytes | str) -> Customers:
    """The customers in a file. Raises ReliabilityError naming row and column."""
    rows = list(rows_of(content, *CUSTOMER_COLUMNS))
    if not rows:
        raise ReliabilityError(
            "no_customers",
            "file",
            ("没有用户", "names no customers"),
            ("请每条馈线或每个台区写一行。", "Write a row for each feeder or group."),
        )
    by_group = "group" in rows[0].cells
    seen: dict[_Key, int] = {}
    for row in rows:
        key = (row.text("feeder"), _zone(row), row.text("group") if by_group else "")
        other = seen.setdefault(key[2:] if by_group else key, row.number)  # type: ignore[arg-type]
        if other != row.number:
            raise row.wrong(
                "repeated",
                "group" if by_group else "feeder",
                (f"与第 {other} 行重复", f"is that of row {other} again"),
                ("请合并两行。", "Make one row of the two."),
            )
    return Customers(
        names=tuple(r.cells["group" if by_group else "feeder"] for r in rows),
        feeders=tuple(r.cells["feeder"] for r in rows),
        zones=tuple(_zone(r) for r in rows),
        counts=np.array([r.whole("customers") for r in rows], np.int64),
        average_kw=np.array([r.number_or_nan("average_kw") for r in rows]),
        capacity_kva=np.array([r.number_or_nan("capacity_kva") for r in rows]),
        by_group=by_group,
    )


def _zone(row: Row) -> str:
    word = row.text("zone")
    if word not in _ZONE_WORDS:
        raise row.wrong(
            "unknown_zone",
            "zone",
            (f"没有地区特征“{word}”", f"there is no zone {word!r}"),
            (f"可选 {'、'.join(ZONES.values())}。", f"One of {', '.join(ZONES)}."),
        )
    return _ZONE_WORDS[word]


def read_log(content: bytes | str, customers: Customers) -> InterruptionLog:
    """The interruptions in a file. Raises ReliabilityError naming row and column."""
    units = _Units(customers)
    natures, causes = tuple(NATURES), tuple(CAUSES)
    names: dict[str, int] = {}
    lines, told, table = [], [], []
    for row in rows_of(content, *LOG_COLUMNS):
        start = row.instant("start")
        end = row.instant("end") if row.cells["end"] else OPEN
        table.append(
            (
                names.setdefault(row.text("interruption"), len(names)),
                units.find(row),
                start,
                end,
                row.whole("customers"),
                natures.index(_nature(row)),
                causes.index(_cause(row)),
            )
        )
        lines.append(row.number)
        told.append(row.whole("customers_out") if row.cells.get("customers_out") else 0)
    interruption, unit, starts, ends, counts, nature, cause = (
        np.array(table, np.int64).reshape(-1, 7).T.copy()
    )
    log = InterruptionLog(
        interruption, unit, starts, ends, counts, nature, cause, tuple(names), natures, causes
    )
    check_log(log, customers, np.array(lines, np.int64), np.array(told, np.int64))
    return log


def _nature(row: Row) -> str:
    word = row.text("nature")
    if word not in BY_WORD:
        raise row.wrong(
            "unknown_nature",
            "nature",
            (f"没有停电性质“{word}”", f"there is no nature {word!r}"),
            (f"可选 {'、'.join(nature.zh for nature in NATURES.values())}。",
             f"One of {', '.join(NATURES)}."),
        )  # fmt: skip
    return BY_WORD[word].code


def _cause(row: Row) -> str:
    word = row.text("cause")
    code = cause_of(word)
    if code is None:
        raise row.wrong(
            "unknown_cause",
            "cause",
            (f"没有责任原因“{word}”", f"there is no cause {word!r}"),
            (f"可选 {'、'.join(zh for zh, _ in CAUSES.values())}。",
             f"One of {', '.join(CAUSES)}."),
        )  # fmt: skip
    return code


class _Units:
    """Finds the unit of customers that a row of the log means."""

    def __init__(self, customers: Customers) -> None:
        self.customers = customers
        self.of_feeder: dict[str, list[int]] = defaultdict(list)
        for unit, feeder in enumerate(customers.feeders):
            self.of_feeder[feeder].append(unit)
        self.of_group = {name: unit for unit, name in enumerate(customers.names)}

    def find(self, row: Row) -> int:
        feeder = row.text("feeder")
        if feeder not in self.of_feeder:
            raise row.wrong(
                "unknown_feeder",
                "feeder",
                (f"用户表中没有馈线“{feeder}”", f"the customers name no feeder {feeder!r}"),
                ("请检查馈线名，或在用户表中补上。", "Check its name, or add it to the customers."),
            )
        zone = _zone(row) if row.cells.get("zone") else None
        if self.customers.by_group:
            candidates = [self._group(row, feeder)]
        else:
            candidates = self.of_feeder[feeder]
        found = [u for u in candidates if zone is None or self.customers.zones[u] == zone]
        if len(found) == 1:
            return found[0]
        zones = [ZONES[self.customers.zones[u]] for u in candidates]
        raise row.wrong(
            "which_zone",
            "zone",
            (f"{feeder} 的用户在 {'、'.join(zones)}", f"the customers of {feeder} are in more or"
             f" other zones: {', '.join(self.customers.zones[u] for u in candidates)}"),
            ("请填写其中之一，跨地区的停电分行写。", "Name one of them; a row for each zone."),
        )  # fmt: skip

    def _group(self, row: Row, feeder: str) -> int:
        group = row.text("group")
        unit = self.of_group.get(group, -1)
        if unit < 0 or self.customers.feeders[unit] != feeder:
            raise row.wrong(
                "unknown_group",
                "group",
                (f"馈线 {feeder} 上没有“{group}”", f"feeder {feeder} has no group {group!r}"),
                ("请检查名称，或在用户表中补上。", "Check its name, or add it to the customers."),
            )
        return unit
