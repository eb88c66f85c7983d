"""Cause of an interruption (责任原因): a coded tree, so that external damage can be told apart."""

from types import MappingProxyType
from typing import Final

# Top classes, and below two of them the classes by culprit and by kind of weather.
CAUSES: Final = MappingProxyType(
    {
        "planning": ("规划设计", "planning and design"),
        "product": ("产品质量", "quality of equipment"),
        "installation": ("施工安装", "installation"),
        "operation": ("运行维护", "operation and maintenance"),
        "test": ("检修试验", "overhaul and tests"),
        "management": ("管理原因", "management"),
        "external": ("外力因素", "external damage"),
        "external.vehicle": ("车辆", "vehicles"),
        "external.digging": ("施工挖掘", "digging and construction"),
        "external.object": ("异物", "foreign objects"),
        "external.animal": ("动物", "animals"),
        "external.theft": ("盗窃破坏", "theft and vandalism"),
        "external.tree": ("树木", "trees"),
        "external.floating": ("飘挂物", "objects carried by the wind"),
        "weather": ("自然因素", "natural causes"),
        "weather.lightning": ("雷害", "lightning"),
        "weather.wind": ("大风", "wind"),
        "weather.ice": ("冰雪", "ice and snow"),
        "weather.flood": ("洪水", "flood"),
        "weather.ground": ("地质", "landslides and ground movement"),
        "customer": ("用户影响", "customers' installations"),
        "upstream": ("发输变电及上级电网影响", "generation, transmission and the grid above"),
        "unknown": ("不明", "unknown"),
    }
)
_BY_NAME: Final = MappingProxyType({zh: code for code, (zh, _) in CAUSES.items()})
# Numeric cause codes of the utility that begin so tell external damage (uncertain: seen in its
# statistics, not in a published table).
EXTERNAL_PREFIXES: Final = ("513", "514", "515")


def cause_of(word: str) -> str | None:
    """The code of a cause written as code, Chinese name or the utility's number; None if none."""
    if word in CAUSES:
        return word
    if word.isascii() and word.isdigit() and word.startswith(EXTERNAL_PREFIXES):
        return "external"
    return _BY_NAME.get(word)


def is_external_damage(code: str) -> bool:
    """Is it external damage (外力破坏), the matter of the plan's tenth measure?"""
    return code.split(".", 1)[0] == "external"
