"""Words of routes and permits in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from tongdian.service.look.context import short_language


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return short_language() == "zh"


def pick(zh: str, en: str) -> str:
    return zh if chinese() else en


def headed(zh: str, en: str) -> str:
    """The reader's, as a heading: English begins with a capital."""
    words = pick(zh, en)
    return words[:1].upper() + words[1:]


def picked(data: Mapping[str, Any], stem: str = "") -> str:
    """Of a mapping with `zh` and `en`, or `rule_zh` and `rule_en`, the reader's."""
    head = f"{stem}_" if stem else ""
    return str(data[f"{head}zh"] if chinese() else data[f"{head}en"])


def listed(words: Iterable[str]) -> str:
    """One after the other, as the language does it."""
    return ("、" if chinese() else ", ").join(words)
