"""The checklist of a later inspection: one line for each condition and each duty of the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tongdian.service.approval.route_words import headed


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `limit` is set where something is measured; `needed` are the items it is of, all
    when empty."""

    id: str
    zh: str
    en: str
    unit: str = ""
    limit: Decimal | None = None
    needed: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return headed(self.zh, self.en)

    def met_by(self, measured: str) -> bool | None:
        """Whether what was measured is within the limit; None when it says nothing."""
        if self.limit is None or not measured.strip():
            return None
        try:
            return Decimal(measured) <= self.limit
        except InvalidOperation:
            return None


ROAD, GREEN = frozenset({"municipal", "traffic"}), frozenset({"green", "forest"})


def checklist(letter: Mapping[str, Any], item: str) -> list[Check]:
    """The lines for one item of a letter."""
    limits = {c["id"]: c["limit"].removeprefix("≤ ") for c in letter["conditions"]}
    length, voltage = letter["length_m"], letter["voltage_kv"]
    lines = [
        Check(
            "length",
            f"实测长度不超过 {limits['length']} 米（承诺 {length} 米）",
            f"length measured: at most {limits['length']} m ({length} m committed)",
            "m",
            Decimal(limits["length"]),
        ),
        Check(
            "route",
            "路径与承诺的一致，没有改线",
            "the route is the one committed to",
        ),
        Check(
            "voltage",
            f"电压等级为承诺的 {voltage} 千伏",
            f"the voltage is the {voltage} kV committed to",
        ),
        Check("chamber", "没有新建电力井室", "no chamber was built"),
        Check(
            "tree",
            "没有砍伐、迁移、损伤古树名木和大树",
            "no ancient, notable or big tree was felled, moved or harmed",
        ),
        Check(
            "depth",
            "埋深符合规范，设有永久标志",
            "the line lies deep enough and is marked for good",
        ),
        Check("papers", "承诺补交的材料已交齐", "papers promised for later are complete"),
        Check(
            "road",
            "道路已按标准恢复，路面平整、无沉降",
            "the road is restored to the standards, even and firm",
            needed=ROAD,
        ),
        Check(
            "green",
            "绿化已按标准恢复、补植",
            "green is restored and replanted to the standards",
            needed=GREEN,
        ),
    ]
    return [line for line in lines if not line.needed or item in line.needed]
