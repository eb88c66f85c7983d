"""Who takes part: codes of the utility's offices and of the departments that give permits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UTILITY: Final = "GYPS"

# Permits for external works and who decides on them (方案 二(一)2).
PERMIT_DEPARTMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "green": "GY-ZHZF",  # 市综合行政执法局: 城市绿地、树木
        "municipal": "GY-ZHZF",  # 市综合行政执法局: 市政设施占用、挖掘
        "traffic": "GY-GAJG",  # 市公安交通管理局: 非交通占用道路
        "forest": "GY-LYJ",  # 市林业局: 林木采伐
    }
)
WINDOW: Final = "GY-ZWZX"  # 市政务服务中心: 统一收件、统一出文
DEPARTMENTS: Final = (*dict.fromkeys(PERMIT_DEPARTMENTS.values()), WINDOW)


def office_code(division: str) -> str:
    """The utility's office that serves a district or development zone."""
    return f"{UTILITY}-{division}"
