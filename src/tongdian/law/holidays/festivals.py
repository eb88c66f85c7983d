"""The festivals that give everyone days off, with their names.

Source: 全国年节及纪念日放假办法 art. 2 (State Council Order 795, in force 2025-01-01).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival, or two that a notice arranges as one holiday."""

    id: str
    zh: str
    en: str


FESTIVALS: Mapping[str, Festival] = MappingProxyType(
    {
        festival.id: festival
        for festival in (
            Festival("new_year", "元旦", "New Year's Day"),
            Festival("spring_festival", "春节", "Spring Festival"),
            Festival("qingming", "清明节", "Qingming Festival"),
            Festival("labour_day", "劳动节", "Labour Day"),
            Festival("dragon_boat", "端午节", "Dragon Boat Festival"),
            Festival("mid_autumn", "中秋节", "Mid-Autumn Festival"),
            Festival("national_day", "国庆节", "National Day"),
            Festival(
                "national_day_and_mid_autumn",
                "国庆节、中秋节",
                "National Day and Mid-Autumn Festival",
            ),
            Festival("victory_day_70", "抗战胜利70周年纪念日", "70th anniversary of Victory Day"),
        )
    }
)
