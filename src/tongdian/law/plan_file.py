"""Reading a plan's YAML with the line of everything, so that an error can say where it is."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

T = TypeVar("T")
_MISSING: Any = object()


class PlanError(ValueError):
    """A plan that cannot be used: file, line, clause, the rule that is broken, in words."""

    def __init__(
        self, path: Path, line: int, clause: str, zh: str, en: str, rule: str = "loads"
    ) -> None:
        where = f"{path.name}:{line}" if line else path.name
        super().__init__(f"{where}{f' [{clause}]' if clause else ''}: {zh} / {en}")
        self.path, self.line, self.clause, self.zh, self.en = path, line, clause, zh, en
        self.rule = rule


class Section:
    """A mapping of the file with its line, its place (`values.promise.resident`) and its clause."""

    def __init__(
        self,
        path: Path,
        node: yaml.MappingNode,
        loader: yaml.SafeLoader,
        place: str = "",
        clause: str = "",
    ) -> None:
        self.path, self.line, self.place = path, node.start_mark.line + 1, place
        self._loader = loader
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in self._nodes:
                zh, en = f"“{key}”重复", f"{key!r} appears twice"
                raise PlanError(path, line, clause, zh, en, "duplicate")
            self._nodes[key], self._lines[key] = value_node, line
        self.clause = self._own_clause() or clause

    def _own_clause(self) -> str:
        for name in ("clause", "id"):
            node = self._nodes.get(name)
            if isinstance(node, yaml.ScalarNode) and (name == "clause" or "clauses" in self.place):
                return str(node.value)
        return ""

    def names(self) -> list[str]:
        return list(self._nodes)

    def line_of(self, name: str) -> int:
        return self._lines.get(name, self.line)

    def fail(
        self, name: str, zh: str, en: str, known: Collection[str] = (), rule: str = "value"
    ) -> NoReturn:
        """Raise a PlanError at an entry, with the nearest known word as a hint."""
        node = self._nodes.get(name)
        line = node.start_mark.line + 1 if node is not None else self.line
        word = str(node.value) if isinstance(node, yaml.ScalarNode) else name
        near = get_close_matches(word, list(known), 1)
        if near:
            zh, en = f"{zh}，是否应为 {near[0]}？", f"{en}; did you mean {near[0]}?"
        where = f"{self.place}.{name}" if self.place else name
        raise PlanError(self.path, line, self.clause, f"{where}：{zh}", f"{where}: {en}", rule)

    def allow(self, *names: str) -> None:
        """Refuse entries that nobody reads: most are typing errors."""
        for name in self._nodes:
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint_zh = f"，是否应为 {near[0]}？" if near else ""
                hint = f"; did you mean {near[0]}?" if near else ""
                where = f"{self.place}.{name}" if self.place else name
                raise PlanError(
                    self.path,
                    self._lines[name],
                    self.clause,
                    f"{where}：没有这个栏目{hint_zh}",
                    f"{where}: there is no such entry{hint}",
                    "unknown-key",
                )

    def any(self, name: str, default: Any = _MISSING) -> Any:
        node = self._nodes.get(name)
        if node is None:
            if default is _MISSING:
                rule = "clause-missing" if name == "clause" else "missing"
                self.fail(name, "缺少", "is missing", rule=rule)
            return default
        try:
            return self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
            dated = str(node.tag).endswith("timestamp")
            zh = "不是存在的日期" if dated else "读不懂这个值"
            en = "is not a date that exists" if dated else f"cannot be read ({error})"
            self.fail(name, zh, en, rule="bad-date" if dated else "wrong-type")

    def text(self, name: str, default: Any = _MISSING) -> str:
        value = self.any(name, default)
        if not isinstance(value, str):
            self.fail(name, "须为文字", "has to be text", rule="wrong-type")
        if default is _MISSING and not value.strip():
            rule = "clause-missing" if name == "clause" else "missing"
            self.fail(name, "不能为空", "must not be empty", rule=rule)
        return value

    def texts(self, name: str) -> list[str]:
        value = self.any(name)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.fail(name, "须为文字列表", "has to be a list of texts", rule="wrong-type")
        repeated = next((part for part in value if value.count(part) > 1), None)
        if repeated is not None:
            self.fail(name, f"“{repeated}”重复", f"{repeated!r} appears twice", rule="duplicate")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.any(name, default)
        if not isinstance(value, bool):
            self.fail(name, "须为 true 或 false", "has to be true or false", rule="wrong-type")
        return value

    def whole(self, name: str) -> int:
        value = self.any(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            en = "has to be a positive whole number"
            self.fail(name, "须为正整数", en, rule="wrong-type")
        return value

    def choice(self, name: str, choices: Collection[str], default: Any = _MISSING) -> str:
        value = self.text(name, default)
        if value not in choices and not (value == default and name not in self._nodes):
            words = ", ".join(sorted(choices))
            zh, en = f"须为其中之一：{words}", f"has to be one of: {words}"
            self.fail(name, zh, en, choices, "unknown-reference")
        return value

    def date(self, name: str, default: Any = _MISSING) -> Any:
        value = self.any(name, default)
        if value is None and default is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            en = "has to be a date such as 2021-09-30"
            self.fail(name, "须为日期，例如 2021-09-30", en, rule="bad-date")
        return value

    def section(self, name: str) -> "Section":
        return self._section(name, self._nodes.get(name), name)

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        """Each entry as a mapping; an entry that is a list of mappings gives each in turn."""
        for name, node in self._nodes.items():
            parts = node.value if isinstance(node, yaml.SequenceNode) and node.value else [node]
            for part in parts:
                yield name, self._section(name, part, name)

    def items(self, name: str) -> Iterator["Section"]:
        """Each mapping of a list."""
        for index, part in enumerate(self._list(name), start=1):
            yield self._section(name, part, f"{name}[{index}]")

    def mixed(self, name: str) -> Iterator["str | Section"]:
        """Each entry of a list: a word, or a mapping."""
        for index, part in enumerate(self._list(name), start=1):
            if isinstance(part, yaml.ScalarNode):
                yield str(part.value)
            else:
                yield self._section(name, part, f"{name}[{index}]")

    def _list(self, name: str) -> list[yaml.Node]:
        node = self._nodes.get(name)
        if not isinstance(node, yaml.SequenceNode):
            rule = "missing" if node is None else "wrong-type"
            self.fail(name, "须为列表", "has to be a list", rule=rule)
        return list(node.value)

    def _section(self, name: str, node: yaml.Node | None, place: str) -> "Section":
        if not isinstance(node, yaml.MappingNode):
            rule = "missing" if node is None else "wrong-type"
            self.fail(name, "须为一组栏目", "has to be a mapping", rule=rule)
        full = f"{self.place}.{place}" if self.place else place
        return Section(self.path, node, self._loader, full, self.clause)


def known(section: Section, name: str, word: str, things: Mapping[str, T]) -> T:
    """The thing that a word names. Raises PlanError with the nearest known word."""
    if word not in things:
        near = get_close_matches(word, list(things), 1)
        hint_zh = f"，是否应为 {near[0]}？" if near else ""
        hint = f"; did you mean {near[0]}?" if near else ""
        zh, en = f"没有“{word}”{hint_zh}", f"there is no {word}{hint}"
        section.fail(name, zh, en, rule="unknown-reference")
    return things[word]


def read_section(path: Path) -> Section:
    """The root of a plan file. Raises PlanError for broken YAML, with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PlanError(path, line, "", "不是 UTF-8 文本", "is not UTF-8 text", "yaml") from None
    except OSError as error:
        en = f"cannot be read: {error.strerror}"
        raise PlanError(path, 0, "", "读不了这个文件", en, "yaml") from None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PlanError(path, line, "", "YAML 写法有误", str(error.problem), "yaml") from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise PlanError(path, line, "", "含有不能使用的字符", error.reason, "yaml") from None
    except RecursionError:
        raise PlanError(path, 0, "", "嵌套过深", "is nested too deeply", "yaml") from None
    if not isinstance(node, yaml.MappingNode):
        raise PlanError(path, 1, "", "须为一组栏目", "has to be a mapping", "wrong-type")
    return Section(path, node, loader)
