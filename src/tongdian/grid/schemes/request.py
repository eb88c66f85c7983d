"""What somebody wants to be supplied with."""

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Final

from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.rules import CLASSES, LEVELS, MOTOR_STARTS, Rules

USES: Final = ("residential", "commercial", "industrial", "agricultural", "public", "charging")
MOST_PER_HOUR: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Motor:
    """The largest motor: rated kVA, how it is started, and whether it is started often."""

    rated_kva: float
    start: str = "direct"
    is_often: bool = False


@dataclass(frozen=True, kw_only=True)
class Fluctuation:
    """A load that swings by `swing_kw` and `swing_kvar`, so many times an hour."""

    swing_kw: float
    swing_kvar: float
    times_an_hour: float


@dataclass(frozen=True, kw_only=True)
class Request:
    """A wish. `kw` is the requested capacity (报装容量) as a load at `power_factor`, lagging;
    `critical` one of CLASSES; `needs_transfer` where planning asks that a neighbour can take
    over the feeder (N-1), `secured_kw` what must never fail (保安负荷); `level` a voltage that is
    asked for, empty to follow the rules."""

    lon: float
    lat: float
    kw: float
    power_factor: float
    use: str = "commercial"
    is_single_phase: bool = False
    is_small_micro: bool = False
    critical: str = "none"
    is_dual: bool = False
    needs_transfer: bool = False
    secured_kw: float = 0.0
    level: str = ""
    motor: Motor | None = None
    fluctuation: Fluctuation | None = None

    @property
    def kva(self) -> float:
        """Apparent power."""
        return self.kw / self.power_factor

    @property
    def tangent(self) -> float:
        """Q / P."""
        return sqrt(1 / self.power_factor**2 - 1)

    @property
    def needs_pair(self) -> bool:
        """Whether two supplies are wanted or due."""
        return self.is_dual or self.critical != "none"


def check(request: Request, rules: Rules) -> None:
    """Raises SchemeError: what is no number, out of range, or no word of the lists."""
    _within("kw", request.kw, 0, rules["most_kw"], "kW")
    _within("power_factor", request.power_factor, 0.3, 1, "", includes_least=True)
    _within("secured_kw", request.secured_kw, 0, request.kw, "kW", includes_least=True)
    for field, word, choices in (
        ("use", request.use, USES), ("critical", request.critical, CLASSES),
        ("level", request.level or LEVELS[0], LEVELS),
    ):  # fmt: skip
        _among(field, word, choices)
    if request.is_single_phase and request.kw > rules["single_phase_kw"]:
        raise SchemeError(
            "too_much_for_one_phase", "kw",
            (f"单相 220 伏不超过 {rules['single_phase_kw']:g} 千瓦",
             f"one phase carries no more than {rules['single_phase_kw']:g} kW"),
            ("请改为三相供电。", "Ask for three phases."),
        )  # fmt: skip
    if motor := request.motor:
        _within("motor.rated_kva", motor.rated_kva, 0, 1e6, "kVA")
        _among("motor.start", motor.start, MOTOR_STARTS)
    if swing := request.fluctuation:
        _within("fluctuation.swing_kw", swing.swing_kw, 0, 1e6, "kW", includes_least=True)
        _within("fluctuation.swing_kvar", swing.swing_kvar, 0, 1e6, "kvar", includes_least=True)
        _within("fluctuation.times_an_hour", swing.times_an_hour, 0, MOST_PER_HOUR, "1/h")


def _within(
    field: str, value: float, least: float, most: float, unit: str, *, includes_least: bool = False
) -> None:
    good = (
        isfinite(value) and value <= most and (value >= least if includes_least else value > least)
    )
    if not good:
        from_zh = f"不小于 {least:g}" if includes_least else f"大于 {least:g}"
        from_en = f"{least:g} or more" if includes_least else f"above {least:g}"
        raise SchemeError(
            "out_of_range", field,
            (f"{value} 不行：应{from_zh}，且不超过 {most:g} {unit}".rstrip(),
             f"{value} will not do: it has to be {from_en}, and at most {most:g} {unit}".rstrip()),
            ("请改正该值，并检查单位。", "Mend the value, and check its unit."),
        )  # fmt: skip


def _among(field: str, word: str, choices: tuple[str, ...]) -> None:
    if word not in choices:
        raise SchemeError(
            "unknown_word", field, (f"不认识“{word}”", f"{word!r} is not known"),
            (f"可用：{'、'.join(choices)}", f"Use one of {', '.join(choices)}."),
        )  # fmt: skip
