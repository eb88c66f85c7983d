"""A supply scheme in full, row by row, for the one who decides on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from tongdian.service.connection.labels import label
from tongdian.service.look.dates import day_in_full

ROWS = (
    ("source_point", gettext_lazy("电源点")),
    ("second_source_point", gettext_lazy("第二电源点")),
    ("supply_mode", gettext_lazy("供电方式")),
    ("voltage", gettext_lazy("供电电压")),
    ("capacity_kva", gettext_lazy("供电容量")),
    ("route_length_m", gettext_lazy("线路长度")),
    ("laying", gettext_lazy("敷设方式")),
    ("metering", gettext_lazy("计量方式")),
    ("ownership_boundary", gettext_lazy("产权分界点")),
    ("valid_until", gettext_lazy("有效期至")),
)
UNITS = {"capacity_kva": " kVA", "route_length_m": " m"}
CODED = frozenset({"supply_mode", "laying", "metering"})


def scheme_rows(scheme: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The rows of a scheme that was replied; none without one."""
    if not scheme:
        return []
    rows = []
    for name, question in ROWS:
        value = scheme.get(name)
        if value in (None, ""):
            continue
        rows.append({"question": str(question), "answer": _answer(name, str(value))})
    return rows


def _answer(name: str, value: str) -> str:
    if name == "valid_until":
        return day_in_full(date.fromisoformat(value))
    return label(value) if name in CODED else f"{value}{UNITS.get(name, '')}"
