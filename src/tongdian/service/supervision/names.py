"""Names in the language of the request."""

from typing import Any

from django.utils.translation import get_language

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.connection.process import CONNECTION


def chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def figure_name(figure: Any) -> str:
    return str(figure.zh if chinese() else figure.en)


def stage_name(stage_id: str) -> str:
    """What a stage of the connection process is called."""
    stage = CONNECTION.stages.get(stage_id)
    if stage is None:
        return stage_id
    return stage.zh if chinese() else stage.en


def district_name(code: str) -> str:
    """The name of a district or development zone, or the code itself when it is unknown."""
    division = GUIYANG_DIVISIONS.get(code)
    if division is None:
        return code
    return division.zh if chinese() else division.en
