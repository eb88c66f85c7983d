"""Names in the language of the request."""

from typing import Any

from django.utils.translation import get_language

from tongdian.law.identifiers import GUIYANG_DIVISIONS


def chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def figure_name(figure: Any) -> str:
    return str(figure.zh if chinese() else figure.en)


def district_name(code: str) -> str:
    """The name of a district or development zone, or the code itself when it is unknown."""
    division = GUIYANG_DIVISIONS.get(code)
    if division is None:
        return code
    return division.zh if chinese() else division.en
