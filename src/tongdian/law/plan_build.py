"""From a plan's file to its records, section by section; every reference is checked on the way."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tongdian.law.plan_file import Section, known
from tongdian.law.plan_model import (
    CLOCKS,
    HANDLINGS,
    KINDS,
    LANES,
    PAYERS,
    READERS,
    STAGES,
    STATUSES,
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
    Scalar,
    Track,
    Value,
)

WHOLE_UNITS = frozenset(
    {"working_days", "days", "months", "years", "hours", "steps", "documents", "supplies"}
)
DECIMAL_UNITS = frozenset({"kW", "kVA", "kV", "m", "hours_per_year", "w_per_m2", "ratio", "times"})
OTHER_UNITS = frozenset({"date", "boolean", "reference"})
UNITS = WHOLE_UNITS | DECIMAL_UNITS | OTHER_UNITS


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_Identified)


class Builder:
    """Builds the parts of a plan. The order of the attributes is the order of dependence."""

    def __init__(self, path: Path, root: Section) -> None:
        self.path, self.root = path, root
        root.allow(
            "id", "title", "text", "valid_from", "note", "laws", "clauses", "goals", "values",
            "tracks", "conditions", "documents", "payments", "pause_grounds", "measures", "duties",
        )  # fmt: skip
        self.id = root.text("id")
        title = root.section("title")
        title.allow("zh", "en")
        self.title = (title.text("zh"), title.text("en"))
        self.note = root.text("note", "")
        self.text = self._text()
        self.valid_from: date = root.date("valid_from")
        self.laws = _unique(root.items("laws"), self._law)
        self.clauses = self._clauses()
        self.history = self._values()
        self.values = {key: versions[-1] for key, versions in self.history.items()}
        self.conditions = _unique(root.items("conditions"), self._condition)
        self._document_sections: dict[str, Section] = {}
        self.documents = _unique(root.items("documents"), self._document)
        self.payments = _unique(root.items("payments"), self._payment)
        self.pause_grounds = _unique(root.items("pause_grounds"), self._ground)
        self.tracks = _unique(root.items("tracks"), self._track)
        self.goals = _unique(root.items("goals"), self._goal)
        self.measures = self._measures()
        self.duties = _unique(root.items("duties"), self._duty)

    def _text(self) -> str:
        name = self.root.text("text")
        path = self.path.with_name(Path(name).name)
        if name != path.name or not path.is_file():
            zh, en = f"旁边没有文本文件 {name}", f"there is no text {name} beside this file"
            self.root.fail("text", zh, en, rule="missing")
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self.root.fail("text", "不是 UTF-8 文本", "is not UTF-8 text", rule="wrong-type")

    def _law(self, item: Section) -> Law:
        item.allow("id", "en", "note")
        return Law(item.text("id"), item.text("en"), item.text("note", ""), item.line)

    def _clauses(self) -> dict[str, Clause]:
        """Cut the text where each clause starts; they have to come in the order of the text."""
        items = list(self.root.items("clauses"))
        starts: list[int] = []
        for item in items:
            item.allow("id", "zh", "en", "starts", "reason", "reason_en")
            at = self.text.find(item.text("starts"), starts[-1] + 1 if starts else 0)
            if at < 0:
                zh, en = "按此顺序在方案文本中找不到", "not found in the text, in this order"
                item.fail("starts", zh, en, rule="text-order")
            starts.append(at)
        bodies = {
            item.place: _without_headings(self.text[start:end])
            for item, start, end in zip(items, starts, [*starts[1:], len(self.text)], strict=True)
        }

        def clause(item: Section) -> Clause:
            return Clause(
                item.text("id"), item.text("zh"), item.text("en"), bodies[item.place],
                item.text("reason", ""), item.text("reason_en", ""), item.line,
            )  # fmt: skip

        return _unique(items, clause)

    def _cited(self, item: Section, status: str) -> str:
        """A clause of this plan, or a law with or without its article."""
        clause = item.text("clause")
        if clause in self.clauses:
            if status == "statute":
                zh, en = "法定值须引用法规", "a statutory value has to cite a law"
                item.fail("clause", zh, en, rule="clause-unknown")
            return clause
        law = next((law for law in self.laws if clause == law or clause.startswith(f"{law} ")), "")
        if not law or status == "plan":
            where_zh = "方案没有条款" if status == "plan" else "方案条款和法规目录中都没有"
            where_en = "this plan has no clause" if status == "plan" else "no clause or law"
            names = [*self.clauses] if status == "plan" else [*self.clauses, *self.laws]
            zh, en = f"{where_zh}“{clause}”", f"{where_en} {clause}"
            item.fail("clause", zh, en, names, rule="clause-unknown")
        return clause

    def _values(self) -> dict[str, tuple[Value, ...]]:
        """Versions of each key in order of time; two may not be in force on one day."""
        found: dict[str, list[Value]] = {}
        for key, item in self.root.section("values").sections():
            value = self._value(key, item)
            earlier = found.setdefault(key, [])
            if earlier and (earlier[-1].valid_to or value.valid_from) >= value.valid_from:
                zh = "生效期与上一版本重叠，或未按时间排列"
                en = "its period overlaps the version before, or they are not in order"
                item.fail("valid_from", zh, en, rule="periods-overlap")
            earlier.append(value)
        return {key: tuple(versions) for key, versions in found.items()}

    def _value(self, key: str, item: Section) -> Value:
        item.allow(
            "value", "unit", "kind", "clause", "quote", "status", "valid_from", "valid_to", "note",
            "reader",
        )  # fmt: skip
        status = item.choice("status", STATUSES)
        unit = item.choice("unit", UNITS)
        kind = item.choice("kind", KINDS)
        value = Value(
            key=key,
            value=_scalar(item, unit),
            unit=unit,
            kind=kind,
            clause=self._cited(item, status),
            quote=item.text("quote", ""),
            status=status,
            valid_from=item.date("valid_from", self.valid_from),
            valid_to=item.date("valid_to", None),
            note=item.text("note", ""),
            reader=item.choice("reader", READERS, ""),
            line=item.line,
        )
        if kind == "limit" and (not isinstance(value.value, int) or isinstance(value.value, bool)):
            zh, en = "限值须为正整数", "a limit has to be a positive whole number"
            item.fail("value", zh, en, rule="wrong-type")
        if value.valid_to is not None and value.valid_to < value.valid_from:
            zh, en = "止于生效之前", "ends before it begins"
            item.fail("valid_to", zh, en, rule="bad-date")
        return value

    def _limit_key(self, item: Section, name: str) -> tuple[str, int]:
        """A reference to a limit, and its number."""
        key = item.text(name)
        value = self.values.get(key)
        if value is None or value.kind != "limit":
            limits = [k for k, v in self.values.items() if v.kind == "limit"]
            zh, en = f"没有限值“{key}”", f"there is no limit {key}"
            item.fail(name, zh, en, limits, "unknown-reference")
        return key, int(str(value.value))

    def _track(self, item: Section) -> Track:
        item.allow(
            "id", "zh", "en", "promise", "steps", "statutory", "targets", "scheme_validity",
            "documents", "payments",
        )  # fmt: skip
        promise, steps = item.section("promise"), item.section("steps")
        promise.allow("clock", "key")
        steps.allow("key", "names")
        promise_key, promised = self._limit_key(promise, "key")
        steps_key, count = self._limit_key(steps, "key")
        names = tuple(_unique(steps.items("names"), _step).values())
        if len(names) != count:
            zh, en = f"环节数与限值 {count} 不符", f"the steps do not match their limit of {count}"
            steps.fail("names", zh, en, rule="steps-match")
        statutory = self._by_stage(item.section("statutory"))
        targets = self._by_stage(item.section("targets"))
        validity_key, months = self._limit_key(item, "scheme_validity")
        return Track(
            id=item.text("id"),
            zh=item.text("zh"),
            en=item.text("en"),
            promise_clock=promise.choice("clock", CLOCKS),
            promise_key=promise_key,
            promise_working_days=promised,
            steps_key=steps_key,
            steps=names,
            statutory_keys={stage: key for stage, (key, _) in statutory.items()},
            statutory_limits={stage: days for stage, (_, days) in statutory.items()},
            stage_keys={stage: key for stage, (key, _) in targets.items()},
            stage_limits={stage: days for stage, (_, days) in targets.items()},
            scheme_validity_key=validity_key,
            scheme_validity_months=months,
            documents=self._papers(item),
            payments=tuple(
                known(item, "payments", word, self.payments) for word in item.texts("payments")
            ),
            line=item.line,
        )

    def _by_stage(self, section: Section) -> dict[str, tuple[str, int]]:
        section.allow(*STAGES)
        return {stage: self._limit_key(section, stage) for stage in section.names()}

    def _papers(self, track: Section) -> tuple[Document, ...]:
        """The papers of a track: a word takes the catalogue's, a mapping changes how it is
        treated."""
        found: dict[str, Document] = {}
        for entry in track.mixed("documents"):
            section = track if isinstance(entry, str) else entry
            name = "documents" if isinstance(entry, str) else "id"
            word = entry if isinstance(entry, str) else entry.text("id")
            paper = known(section, name, word, self.documents)
            if not isinstance(entry, str):
                entry.allow("id", "handling", "when", "deferrable", "promise_replaceable")
                paper = self._document(self._document_sections[word], entry)
            if word in found:
                zh, en = f"“{word}”重复", f"{word} appears twice"
                section.fail(name, zh, en, rule="duplicate")
            found[word] = paper
        return tuple(found.values())

    def _document(self, item: Section, changed: Section | None = None) -> Document:
        """A paper from the catalogue, with what a track changes about it."""
        item.allow(
            "id", "zh", "en", "handling", "registry", "registry_en", "clause", "when",
            "deferrable", "promise_replaceable",
        )  # fmt: skip

        def source(name: str) -> Section:
            return changed if changed is not None and name in changed.names() else item

        registry = item.text("registry", "")
        handling = source("handling").choice("handling", HANDLINGS)
        if handling == "shared" and not registry:
            zh, en = "共享材料须写明由谁共享", "a shared paper has to name who shares it"
            item.fail("registry", zh, en, rule="missing")
        when = source("when").text("when", "")
        self._document_sections.setdefault(item.text("id"), item)
        return Document(
            id=item.text("id"),
            zh=item.text("zh"),
            en=item.text("en"),
            handling=handling,
            registry=registry,
            registry_en=item.text("registry_en") if registry else "",
            clause=self._cited(item, ""),
            when=known(source("when"), "when", when, self.conditions) if when else None,
            deferrable=source("deferrable").flag("deferrable", False),
            promise_replaceable=source("promise_replaceable").flag("promise_replaceable", False),
            line=item.line,
        )

    def _condition(self, item: Section) -> Condition:
        item.allow("id", "zh", "en")
        return Condition(item.text("id"), item.text("zh"), item.text("en"))

    def _payment(self, item: Section) -> Payment:
        item.allow("id", "zh", "en", "who", "amount", "clause", "quote")
        amount = item.text("amount", "")
        if amount and not _is_number(amount):
            item.fail("amount", "须为元数", "has to be yuan as a number", rule="wrong-type")
        return Payment(
            item.text("id"), item.text("zh"), item.text("en"), item.choice("who", PAYERS), amount,
            self._cited(item, ""), item.text("quote", ""), item.line,
        )  # fmt: skip

    def _ground(self, item: Section) -> PauseGround:
        item.allow("id", "zh", "en", "lanes", "evidence", "evidence_en", "clause", "status")
        lanes = item.texts("lanes")
        for lane in lanes:
            known(item, "lanes", lane, dict.fromkeys(LANES, lane))
        status = item.choice("status", STATUSES)
        return PauseGround(
            item.text("id"), item.text("zh"), item.text("en"), tuple(lanes), item.text("evidence"),
            item.text("evidence_en"), self._cited(item, status), status, item.line,
        )  # fmt: skip

    def _goal(self, item: Section) -> Goal:
        item.allow("id", "clause", "zh", "en", "values")
        keys = item.texts("values")
        for key in keys:
            known(item, "values", key, self.values)
        return Goal(
            item.text("id"), self._cited(item, "plan"), item.text("zh"), item.text("en"),
            tuple(keys), item.line,
        )  # fmt: skip

    def _measures(self) -> tuple[Measure, ...]:
        found: dict[int, Measure] = {}
        for item in self.root.items("measures"):
            item.allow("number", "clause", "zh", "en", "units", "due", "due_quote")
            number = item.whole("number")
            if number in found:
                zh, en = f"第 {number} 项重复", f"measure {number} appears twice"
                item.fail("number", zh, en, rule="duplicate")
            found[number] = Measure(
                number, self._cited(item, "plan"), item.text("zh"), item.text("en"),
                tuple(item.texts("units")), item.date("due", None), item.text("due_quote"),
                item.line,
            )  # fmt: skip
        return tuple(found.values())

    def _duty(self, item: Section) -> Duty:
        item.allow("id", "clause", "zh", "en", "units", "quote")
        return Duty(
            item.text("id"), self._cited(item, "plan"), item.text("zh"), item.text("en"),
            tuple(item.texts("units")), item.text("quote"), item.line,
        )  # fmt: skip


def _step(item: Section) -> NamedStep:
    item.allow("id", "zh", "en")
    return NamedStep(item.text("id"), item.text("zh"), item.text("en"))


def _unique(items: Iterable[Section], build: Callable[[Section], Named]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for item in items:
        thing = build(item)
        if thing.id in found:
            item.fail("id", f"“{thing.id}”重复", f"{thing.id} appears twice", rule="duplicate")
        found[thing.id] = thing
    return found


def _scalar(item: Section, unit: str) -> Scalar:
    """The value in its unit: a date, yes or no, text, or a number that is not negative. Fractions
    are written as quoted text, so that 0.9 stays 0.9."""
    if unit == "date":
        day: date = item.date("value")
        return day
    if unit == "boolean":
        return item.flag("value", False) if "value" in item.names() else bool(item.any("value"))
    if unit == "reference":
        return item.text("value")
    value: Any = item.any("value")
    number = isinstance(value, int) and not isinstance(value, bool)
    if unit in WHOLE_UNITS and not number:
        item.fail("value", "须为整数", "has to be a whole number", rule="wrong-type")
    if not number and not (isinstance(value, str) and _is_number(value)):
        zh, en = "须为数，小数写成引号内的文字", "has to be a number; quote a fraction"
        item.fail("value", zh, en, rule="wrong-type")
    if Decimal(value) < 0 or (Decimal(value) == 0 and unit != "documents"):
        item.fail("value", "须大于 0", "has to be more than 0", rule="wrong-type")
    return int(value) if number and unit != "hours_per_year" else Decimal(value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


_HEADING = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_HEADING_LENGTH = 40


def _without_headings(text: str) -> str:
    """A paragraph without the headings that stand between it and the next."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    while len(lines) > 1 and _HEADING.match(lines[-1]) and len(lines[-1]) < _HEADING_LENGTH:
        lines.pop()
    return "\n".join(lines)
