"""A city's plan as dated data: loaded from one YAML file, every value with its clause.

Errors name file, line and clause. Nothing in a plan is code; another city is another file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tongdian.law.plan_build import Builder
from tongdian.law.plan_file import PlanError, read_section
from tongdian.law.plan_model import (
    Clause,
    Condition,
    Document,
    Duty,
    Goal,
    Law,
    Measure,
    NamedStep,
    PauseGround,
    Payment,
    Track,
    Value,
)

FOLDER = Path(__file__).with_name("plans")


class NotInForceError(KeyError):
    """A value that exists, but not on the day that was asked for."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(f"{key} is not in force on {on}")
        self.key, self.on = key, on


@dataclass(frozen=True)
class Plan:
    """A whole plan. `path` is where it came from.

    `values` has the latest version of each key, `history` all versions in order of time.
    """

    id: str
    title_zh: str
    title_en: str
    note: str
    path: Path
    text: str
    valid_from: date
    laws: Mapping[str, Law]
    clauses: Mapping[str, Clause]
    values: Mapping[str, Value]
    history: Mapping[str, tuple[Value, ...]]
    tracks: Mapping[str, Track]
    conditions: Mapping[str, Condition]
    documents: Mapping[str, Document]
    payments: Mapping[str, Payment]
    pause_grounds: tuple[PauseGround, ...]
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    duties: tuple[Duty, ...]

    def value(self, key: str, on: date | None = None) -> Value:
        """A value by its key: the version in force on `on`, or the latest.

        Raises KeyError when the key is unknown, NotInForceError (a KeyError) when no version is in
        force on that day.
        """
        if on is None:
            return self.values[key]
        for version in self.history[key]:
            if version.in_force(on):
                return version
        raise NotInForceError(key, on)

    def limit(self, key: str, on: date | None = None) -> int:
        """A limit as a whole number in its unit. Raises KeyError when there is no such limit."""
        found = self.value(key, on)
        if found.kind != "limit":
            raise KeyError(f"{key} is a {found.kind}, not a limit")
        return int(str(found.value))

    def values_of(self, clause: str) -> list[Value]:
        """The values that a paragraph of the plan gives, in the order of the file."""
        return [value for value in self.values.values() if value.clause == clause]

    def pause_ground(self, ground_id: str) -> PauseGround:
        """A ground by its id. Raises KeyError."""
        for ground in self.pause_grounds:
            if ground.id == ground_id:
                return ground
        raise KeyError(ground_id)


def plans() -> list[str]:
    """The ids of the plans that ship with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_plan(path_or_id: str | Path = "guiyang-2021") -> Plan:
    """A plan by its id, or from a file (a Path, or text with a suffix or folder).

    Raises PlanError that names file, line, clause and rule.
    """
    if isinstance(path_or_id, Path) or Path(path_or_id).suffix or "/" in path_or_id:
        return _read(Path(path_or_id))
    return _shipped(path_or_id)


@cache
def _shipped(plan_id: str) -> Plan:
    if plan_id not in plans():
        names = "、".join(plans())
        zh, en = f"没有这个方案，现有：{names}", f"no such plan; known: {', '.join(plans())}"
        raise PlanError(Path(plan_id), 0, "", zh, en, "no-file")
    return _read(FOLDER / f"{plan_id}.yaml")


def _read(path: Path) -> Plan:
    if not path.is_file():
        names = "、".join(plans())
        zh = f"没有这个文件；随平台提供的方案：{names}"
        en = f"no such file; plans that ship with Tongdian: {', '.join(plans())}"
        raise PlanError(path, 0, "", zh, en, "no-file")
    built = Builder(path, read_section(path))
    return Plan(
        id=built.id,
        title_zh=built.title[0],
        title_en=built.title[1],
        note=built.note,
        path=path,
        text=built.text,
        valid_from=built.valid_from,
        laws=built.laws,
        clauses=built.clauses,
        values=built.values,
        history=built.history,
        tracks=built.tracks,
        conditions=built.conditions,
        documents=built.documents,
        payments=built.payments,
        pause_grounds=tuple(built.pause_grounds.values()),
        goals=tuple(built.goals.values()),
        measures=built.measures,
        duties=tuple(built.duties.values()),
    )


__all__ = [
    "Clause",
    "Condition",
    "Document",
    "Duty",
    "Goal",
    "Law",
    "Measure",
    "NamedStep",
    "NotInForceError",
    "PauseGround",
    "Payment",
    "Plan",
    "PlanError",
    "Track",
    "Value",
    "load_plan",
    "plans",
]
