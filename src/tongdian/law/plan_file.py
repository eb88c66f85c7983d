"""Reading a plan's YAML with the line of everything, so that an error can say where it is."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

T = TypeVar("T")
_MISSING: Any = object()


class PlanError(ValueError):
    """A plan that cannot be used: file, line, clause, and the rule that is broken."""

    def __init__(self, path: Path, line: int, clause: str, zh: str, en: str) -> None:
        where = f"{path.name}:{line}" if line else path.name
        super().__init__(f"{where}{f' [{clause}]' if clause else ''}: {zh} / {en}")
        self.path, self.line, self.clause, self.zh, self.en = path, line, clause, zh, en


class Section:
    """A mapping of the file with its line and the line of each entry."""

    def __init__(self, path: Path, node: yaml.MappingNode, loader: yaml.SafeLoader) -> None:
        self.path, self.line = path, node.start_mark.line + 1
        self._loader = loader
        self._nodes: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in self._nodes:
                line = key_node.start_mark.line + 1
                raise PlanError(path, line, "", f"“{key}” 重复", f"{key!r} appears twice")
            self._nodes[key] = value_node

    def names(self) -> list[str]:
        return list(self._nodes)

    def fail(self, name: str, zh: str, en: str, known: Collection[str] = ()) -> NoReturn:
        """Raise a PlanError at an entry, with the nearest known word as a hint."""
        node = self._nodes.get(name)
        line = node.start_mark.line + 1 if node is not None else self.line
        clause_node = self._nodes.get("clause")
        clause = clause_node.value if isinstance(clause_node, yaml.ScalarNode) else ""
        word = str(node.value) if isinstance(node, yaml.ScalarNode) else name
        near = get_close_matches(word, list(known), 1)
        if near:
            zh, en = f"{zh}，是否应为 {near[0]}？", f"{en}; did you mean {near[0]}?"
        raise PlanError(self.path, line, clause, f"{name}：{zh}", f"{name}: {en}")

    def allow(self, *names: str) -> None:
        """Refuse entries that nobody reads: most are typing errors."""
        for name in self._nodes:
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                hint_zh = f"，是否应为 {near[0]}？" if near else ""
                self.fail(name, f"没有这个栏目{hint_zh}", f"there is no such entry{hint}")

    def any(self, name: str, default: Any = _MISSING) -> Any:
        node = self._nodes.get(name)
        if node is None:
            if default is _MISSING:
                self.fail(name, "缺少", "is missing")
            return default
        return self._loader.construct_object(node, deep=True)

    def text(self, name: str, default: Any = _MISSING) -> str:
        value = self.any(name, default)
        if not isinstance(value, str) or (default is _MISSING and not value.strip()):
            self.fail(name, "须为文字", "has to be text")
        return value

    def texts(self, name: str) -> list[str]:
        value = self.any(name)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.fail(name, "须为文字列表", "has to be a list of texts")
        return value

    def choice(self, name: str, choices: Collection[str]) -> str:
        value = self.text(name)
        if value not in choices:
            words = ", ".join(sorted(choices))
            self.fail(name, f"须为其中之一：{words}", f"has to be one of: {words}", choices)
        return value

    def date(self, name: str, default: Any = _MISSING) -> Any:
        value = self.any(name, default)
        if value is not None and not isinstance(value, date):
            self.fail(name, "须为日期，例如 2021-09-30", "has to be a date such as 2021-09-30")
        return value

    def section(self, name: str) -> "Section":
        node = self._nodes.get(name)
        if not isinstance(node, yaml.MappingNode):
            self.fail(name, "须为一组栏目", "has to be a mapping")
        return Section(self.path, node, self._loader)

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        for name in self._nodes:
            yield name, self.section(name)

    def items(self, name: str) -> Iterator["Section"]:
        node = self._nodes.get(name)
        if not isinstance(node, yaml.SequenceNode):
            self.fail(name, "须为列表", "has to be a list")
        for part in node.value:
            if not isinstance(part, yaml.MappingNode):
                self.fail(name, "每项须为一组栏目", "each item has to be a mapping")
            yield Section(self.path, part, self._loader)

    def references(self, name: str, known: Mapping[str, T]) -> list[T]:
        """A list of ids as the things they name."""
        found = []
        for word in self.texts(name):
            if word not in known:
                near = get_close_matches(word, list(known), 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                self.fail(name, f"没有 {word}", f"there is no {word}{hint}")
            found.append(known[word])
        return found


def read_section(path: Path) -> Section:
    """The root of a plan file. Raises PlanError for broken YAML, with its line."""
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PlanError(path, line, "", "YAML 写法有误", str(error.problem)) from None
    if not isinstance(node, yaml.MappingNode):
        raise PlanError(path, 1, "", "须为一组栏目", "has to be a mapping")
    return Section(path, node, loader)
