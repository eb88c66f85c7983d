"""A city's plan as dated data: loaded from one YAML file, every value with its clause.

Errors name file, line and clause. Nothing in a plan is code; another city is another file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tongdian.law.plan_file import PlanError, Section, read_section

FOLDER = Path(__file__).with_name("plans")
STATUSES = frozenset({"plan", "statute", "default"})
KINDS = frozenset({"limit", "target", "parameter", "fact"})
CLOCKS = frozenset({"whole_process", "utility_stages"})


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a plan: what, in which unit, from which clause, valid when."""

    key: str
    value: Any
    unit: str
    kind: str
    clause: str
    quote: str
    status: str
    valid_from: date
    valid_to: date | None
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of the plan, or an article that a value cites."""

    id: str
    zh: str
    en: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class NamedStep:
    """A counted step (环节)."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. `handling`: shared (nobody asks), ask, form (filled in here), later."""

    id: str
    zh: str
    en: str
    handling: str
    registry: str
    clause: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays for what. `amount` in yuan when it is certain."""

    id: str
    zh: str
    en: str
    who: str
    amount: str
    clause: str


@dataclass(frozen=True, slots=True)
class PauseGround:
    """A ground on which a clock may be paused, in which lanes, with which evidence."""

    id: str
    zh: str
    en: str
    lanes: tuple[str, ...]
    evidence: str
    clause: str
    status: str


@dataclass(frozen=True, slots=True)
class Track:
    """A kind of customer with its promise, steps, statutory periods, papers and payments."""

    id: str
    zh: str
    en: str
    promise_clock: str
    promise_key: str
    promise_working_days: int
    steps_key: str
    steps: tuple[NamedStep, ...]
    statutory_keys: Mapping[str, str]
    statutory_limits: Mapping[str, int]
    stage_keys: Mapping[str, str]
    stage_limits: Mapping[str, int]
    documents: tuple[Document, ...]
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    id: str
    clause: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the twelve measures. `due` is None for a standing duty (长期)."""

    number: int
    clause: str
    zh: str
    en: str
    units: tuple[str, ...]
    due: date | None
    due_quote: str


@dataclass(frozen=True, slots=True)
class Duty:
    id: str
    clause: str
    zh: str
    en: str
    units: tuple[str, ...]
    quote: str


@dataclass(frozen=True)
class Plan:
    """A whole plan. `path` is where it came from."""

    id: str
    title_zh: str
    title_en: str
    path: Path
    text: str
    valid_from: date
    clauses: Mapping[str, Clause]
    values: Mapping[str, Value]
    tracks: Mapping[str, Track]
    documents: Mapping[str, Document]
    payments: Mapping[str, Payment]
    pause_grounds: tuple[PauseGround, ...]
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    duties: tuple[Duty, ...]
    raw_clause_order: tuple[str, ...] = field(default=())

    def value(self, key: str, on: date | None = None) -> Value:
        """A value by its key. Raises KeyError when unknown, or not in force on that day."""
        found = self.values[key]
        if on is not None and not (
            found.valid_from <= on and (found.valid_to is None or on <= found.valid_to)
        ):
            raise KeyError(f"{key} is not in force on {on}")
        return found

    def limit(self, key: str) -> int:
        """A limit as a whole number. Raises KeyError when there is no such limit."""
        found = self.values[key]
        if found.kind != "limit":
            raise KeyError(f"{key} is a {found.kind}, not a limit")
        return int(found.value)

    def values_of(self, clause: str) -> list[Value]:
        """The values that a paragraph of the plan gives."""
        return [value for value in self.values.values() if value.clause == clause]


def plans() -> list[str]:
    """The ids of the plans that ship with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def load_plan(path_or_id: str | Path = "guiyang-2021") -> Plan:
    """A plan by id or file. Raises PlanError that names file, line and clause."""
    path = Path(path_or_id)
    if not path.suffix:
        path = FOLDER / f"{path_or_id}.yaml"
    if not path.exists():
        raise PlanError(path, 0, "", "没有这个文件", f"no such plan; known: {', '.join(plans())}")
    return _Builder(path, read_section(path)).plan()


class _Builder:
    """Builds a plan from its file, section by section."""

    def __init__(self, path: Path, root: Section) -> None:
        self.path, self.root = path, root

    def plan(self) -> Plan:
        root = self.root
        root.allow(
            "id", "title", "text", "valid_from", "clauses", "goals", "values", "tracks",
            "documents", "payments", "pause_grounds", "measures", "duties",
        )  # fmt: skip
        text = self._text()
        self.valid_from = root.date("valid_from")
        self.clauses = self._clauses(text)
        self.values = self._values()
        self.documents = {d.id: d for d in map(self._document, root.items("documents"))}
        self.payments = {p.id: p for p in map(self._payment, root.items("payments"))}
        title = root.section("title")
        return Plan(
            id=root.text("id"),
            title_zh=title.text("zh"),
            title_en=title.text("en"),
            path=self.path,
            text=text,
            valid_from=self.valid_from,
            clauses=self.clauses,
            values=self.values,
            tracks=self._unique("tracks", self._track),
            documents=self.documents,
            payments=self.payments,
            pause_grounds=tuple(self._unique("pause_grounds", self._ground).values()),
            goals=tuple(self._unique("goals", self._goal).values()),
            measures=tuple(self._measure(item) for item in root.items("measures")),
            duties=tuple(self._unique("duties", self._duty).values()),
            raw_clause_order=tuple(self.clauses),
        )

    def _text(self) -> str:
        path = self.path.with_name(self.root.text("text"))
        if not path.exists():
            self.root.fail("text", f"没有文本文件 {path.name}", f"there is no text {path.name}")
        return path.read_text(encoding="utf-8")

    def _unique(self, name: str, build: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in self.root.items(name):
            thing = build(item)
            if thing.id in found:
                item.fail("id", f"{thing.id} 重复", f"{thing.id} appears twice")
            found[thing.id] = thing
        return found

    def _clauses(self, text: str) -> dict[str, Clause]:
        """Cut the text where each clause starts; they have to come in the order of the text."""
        items = list(self.root.items("clauses"))
        starts: list[int] = []
        for item in items:
            item.allow("id", "zh", "en", "starts", "reason")
            at = text.find(item.text("starts"), starts[-1] + 1 if starts else 0)
            if at < 0:
                item.fail("starts", "在方案文本中找不到", "not found in the text, in this order")
            starts.append(at)
        ends = [*starts[1:], len(text)]
        clauses = {}
        for item, start, end in zip(items, starts, ends, strict=True):
            body = _without_headings(text[start:end])
            clause = Clause(
                item.text("id"), item.text("zh"), item.text("en"), body, item.text("reason", "")
            )
            if clause.id in clauses:
                item.fail("id", f"{clause.id} 重复", f"{clause.id} appears twice")
            clauses[clause.id] = clause
        return clauses

    def _values(self) -> dict[str, Value]:
        found = {}
        for key, item in self.root.section("values").sections():
            item.allow(
                "value", "unit", "kind", "clause", "quote", "status", "valid_from", "valid_to",
                "note",
            )  # fmt: skip
            value = Value(
                key=key,
                value=item.any("value"),
                unit=item.text("unit"),
                kind=item.choice("kind", KINDS),
                clause=item.text("clause", ""),
                quote=item.text("quote", ""),
                status=item.choice("status", STATUSES),
                valid_from=item.date("valid_from", self.valid_from),
                valid_to=item.date("valid_to", None),
                note=item.text("note", ""),
                line=item.line,
            )
            if value.kind == "limit" and not _whole(value.value):
                item.fail("value", "限值须为正整数", "a limit has to be a positive whole number")
            found[key] = value
        return found

    def _key(self, item: Section, name: str) -> str:
        """A reference to a limit."""
        key = item.text(name)
        known = self.values.get(key)
        if known is None or known.kind != "limit":
            item.fail(name, f"没有限值 {key}", f"there is no limit {key}", self.values)
        return key

    def _track(self, item: Section) -> Track:
        item.allow(
            "id", "zh", "en", "promise", "steps", "statutory", "targets", "documents", "payments"
        )
        promise, steps = item.section("promise"), item.section("steps")
        promise_key, steps_key = self._key(promise, "key"), self._key(steps, "key")
        names = tuple(
            NamedStep(s.text("id"), s.text("zh"), s.text("en")) for s in steps.items("names")
        )
        if len(names) != self.values[steps_key].value:
            steps.fail("names", "环节数与限值不符", "the steps do not match their limit")
        statutory = self._keys(item.section("statutory"))
        targets = self._keys(item.section("targets"))
        return Track(
            id=item.text("id"),
            zh=item.text("zh"),
            en=item.text("en"),
            promise_clock=promise.choice("clock", CLOCKS),
            promise_key=promise_key,
            promise_working_days=int(self.values[promise_key].value),
            steps_key=steps_key,
            steps=names,
            statutory_keys=statutory,
            statutory_limits={s: int(self.values[k].value) for s, k in statutory.items()},
            stage_keys=targets,
            stage_limits={s: int(self.values[k].value) for s, k in targets.items()},
            documents=tuple(item.references("documents", self.documents)),
            payments=tuple(item.references("payments", self.payments)),
        )

    def _keys(self, section: Section) -> dict[str, str]:
        return {name: self._key(section, name) for name in section.names()}

    def _document(self, item: Section) -> Document:
        item.allow("id", "zh", "en", "handling", "registry", "clause")
        handling = item.choice("handling", frozenset({"shared", "ask", "form", "later"}))
        return Document(
            item.text("id"), item.text("zh"), item.text("en"), handling,
            item.text("registry", ""), item.text("clause"),
        )  # fmt: skip

    def _payment(self, item: Section) -> Payment:
        item.allow("id", "zh", "en", "who", "amount", "clause")
        who = item.choice("who", frozenset({"utility", "applicant", "government"}))
        return Payment(
            item.text("id"), item.text("zh"), item.text("en"), who, item.text("amount", ""),
            item.text("clause"),
        )  # fmt: skip

    def _ground(self, item: Section) -> PauseGround:
        item.allow("id", "zh", "en", "lanes", "evidence", "clause", "status")
        return PauseGround(
            item.text("id"), item.text("zh"), item.text("en"), tuple(item.texts("lanes")),
            item.text("evidence"), item.text("clause"), item.choice("status", STATUSES),
        )  # fmt: skip

    def _of_plan(self, item: Section) -> str:
        clause = item.text("clause")
        if clause not in self.clauses:
            item.fail("clause", f"方案没有条款 {clause}", f"no clause {clause}", self.clauses)
        return clause

    def _goal(self, item: Section) -> Goal:
        item.allow("id", "clause", "zh", "en")
        return Goal(item.text("id"), self._of_plan(item), item.text("zh"), item.text("en"))

    def _measure(self, item: Section) -> Measure:
        item.allow("number", "clause", "zh", "en", "units", "due", "due_quote")
        return Measure(
            int(item.any("number")), self._of_plan(item), item.text("zh"), item.text("en"),
            tuple(item.texts("units")), item.date("due", None), item.text("due_quote"),
        )  # fmt: skip

    def _duty(self, item: Section) -> Duty:
        item.allow("id", "clause", "zh", "en", "units", "quote")
        return Duty(
            item.text("id"), self._of_plan(item), item.text("zh"), item.text("en"),
            tuple(item.texts("units")), item.text("quote"),
        )  # fmt: skip


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


_HEADINGS = ("一、", "二、", "三、", "四、", "（一）", "（二）", "（三）", "（四）", "（五）")


def _without_headings(text: str) -> str:
    """A paragraph without the headings that stand between it and the next."""
    lines = [line for line in text.strip().splitlines() if line]
    while len(lines) > 1 and lines[-1].startswith(_HEADINGS) and len(lines[-1]) < 40:
        lines.pop()
    return "\n".join(lines)


__all__ = ["Plan", "PlanError", "Track", "Value", "load_plan", "plans"]
