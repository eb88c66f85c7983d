"""Pages without inline style and script, which the content policy would silently drop."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.backends.django import Template

from support.sources import SERVICE, templates

TEMPLATES = list(templates())
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a javascript address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "something from elsewhere": re.compile(
        r"<(script|link|img|iframe|source)[^>]*\s(src|href)\s*=\s*[\"'](https?:)?//", re.I
    ),
    "an autofocus": re.compile(r"\sautofocus\b", re.I),
}
SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc=)([^>]*)>", re.I)


def ident(path: Path) -> str:
    return path.relative_to(SERVICE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=ident)
def test_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for what, pattern in INLINE.items():
        found = pattern.search(text)
        assert found is None, f"{what}: {found.group() if found else ''}"
    for script in SCRIPT.finditer(text):
        assert 'type="application/json"' in script.group(1), "a script of its own"


@pytest.mark.parametrize("path", TEMPLATES, ids=ident)
def test_it_compiles(path: Path) -> None:
    parts = path.parts
    name = "/".join(parts[len(parts) - 1 - parts[::-1].index("templates") + 1 :])
    assert isinstance(engines["django"].get_template(name), Template)


def test_no_template_switches_escaping_off() -> None:
    wrong = [
        ident(path)
        for path in TEMPLATES
        if re.search(r"\|\s*safe\b|{%\s*autoescape\s+off", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
