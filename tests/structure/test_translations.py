"""Chinese first, and English as complete: every word that a page can say has its translation."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from support.sources import PACKAGE, SERVICE, modules, name_of, parsed, templates

CATALOGUES = sorted(SERVICE.glob("*/locale/en/LC_MESSAGES/django.po"))
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "ngettext",
         "ngettext_lazy"}  # fmt: skip
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


@cache
def translated() -> dict[str, str]:
    """All catalogues together, as Django reads them."""
    found: dict[str, str] = {}
    for path in CATALOGUES:
        for message in catalogue(path):
            if message.id:
                found.setdefault(_forms(message.id)[0], _forms(message.string)[0])
    return found


def _forms(words: Any) -> list[str]:
    """Singular first; one for a text without a plural."""
    return [words] if isinstance(words, str) else list(words or [""])


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALLS or not node.args:
            continue
        arguments = node.args[1:2] if name.startswith("pgettext") else node.args[:1]
        for argument in arguments:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield node.lineno, argument.value


def _in_template(path: Path) -> Iterator[tuple[int, str]]:
    """`templatize` turns a template into calls of gettext between blanked-out text."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    pattern = r"\bn?gettext\(\s*u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\"\"\".*?\"\"\")"
    for match in re.finditer(pattern, source, re.DOTALL):
        yield source.count("\n", 0, match.start()) + 1, str(ast.literal_eval(match.group(1)))


def said() -> Iterator[tuple[str, str]]:
    """Where and what: every text of templates and code that is to be translated."""
    for path in templates():
        for line, text in _in_template(path):
            yield f"{path.relative_to(SERVICE)}:{line}", text
    for path in modules(SERVICE):
        for line, text in _calls(parsed(path)):
            yield f"{name_of(path)}:{line}", text


def test_every_text_has_an_english_translation() -> None:
    known = translated()
    missing = [(where, text) for where, text in said() if text and not known.get(text)]
    assert missing == []
    assert len(known) > 500, "the walk saw the texts"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_a_catalogue_is_whole(path: Path) -> None:
    """Nothing empty, nothing fuzzy, every placeholder kept, no Chinese left in the English."""
    for message in catalogue(path):
        if not message.id:
            continue
        single, strings = _forms(message.id)[0], _forms(message.string)
        assert all(strings), single
        assert not message.fuzzy, single
        for text in strings:
            assert set(PLACEHOLDER.findall(single)) == set(PLACEHOLDER.findall(text)), single


def test_no_template_says_chinese_that_nobody_translates() -> None:
    """Text outside of the translation tags. Names of the language switch stay as they are."""
    wrong = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{%\s*comment\b.*?endcomment\s*%}", "", text, flags=re.DOTALL)
        text = re.sub(r"{%\s*blocktrans.*?endblocktrans\w*\s*%}", "", text, flags=re.DOTALL)
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
        found = CHINESE.findall(text.replace("中文", "").replace("长辈版", ""))
        if found:
            wrong.append((path.relative_to(SERVICE).as_posix(), "".join(found)[:40]))
    assert wrong == []


def test_the_catalogues_are_compiled_by_the_front_door() -> None:
    makefile = PACKAGE.parents[1] / "Makefile"
    assert "tongdian.service.messages" in makefile.read_text(encoding="utf-8")
