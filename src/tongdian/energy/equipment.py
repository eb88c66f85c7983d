"""Usual equipment with its rated power and demand factor: starting values that people may change.

Every row is a default (typical nameplate and duty, no standard behind it); nothing here is law.
"""

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

CATEGORIES: Final = (
    "residential",
    "commercial",
    "industrial",
    "agricultural",
    "public",
    "charging",
)


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One kind of equipment. `demand_factor` is the share of `rated_kw` that it draws at its own
    highest half hour; `categories` are the purposes for which it is offered."""

    id: str
    zh: str
    en: str
    rated_kw: Decimal
    demand_factor: Decimal
    categories: tuple[str, ...]
    three_phase: bool = False
    status: str = "default"


_HOME = ("residential",)
_HOME_AND_SHOP = ("residential", "commercial")
_SHOP = ("commercial", "public")
_PLACE = ("commercial", "public", "industrial")
_WORKS = ("industrial",)
_FARM = ("agricultural",)
_WORKS_AND_FARM = ("industrial", "agricultural")
_ANYWHERE = ("residential", "commercial", "public", "industrial", "charging")

# id, Chinese, English, rated kW, demand factor, categories, three phases
_ROWS: Final = (
    ("lighting_home", "家庭照明（全屋）", "Lighting, whole home", "0.3", "0.7", _HOME, False),
    ("refrigerator", "电冰箱", "Refrigerator", "0.15", "0.5", _HOME_AND_SHOP, False),
    ("television", "电视机", "Television", "0.15", "0.8", _HOME_AND_SHOP, False),
    ("washing_machine", "洗衣机", "Washing machine", "0.5", "0.5", _HOME, False),
    ("air_conditioner_small", "空调（1.5 匹）", "Air conditioner, 3.5 kW cooling", "1.2", "0.9",
     _HOME_AND_SHOP, False),
    ("air_conditioner_large", "空调柜机（3 匹）", "Air conditioner, 7.2 kW cooling", "2.5", "0.9",
     _HOME_AND_SHOP, False),
    ("water_heater_storage", "电热水器（储水）", "Water heater, storage", "2", "1",
     _HOME_AND_SHOP, False),
    ("water_heater_instant", "电热水器（即热）", "Water heater, instant", "8", "1", _HOME, False),
    ("induction_cooker", "电磁炉", "Induction cooker", "2.1", "0.8", _HOME_AND_SHOP, False),
    ("rice_cooker", "电饭煲", "Rice cooker", "0.9", "0.8", _HOME_AND_SHOP, False),
    ("microwave", "微波炉", "Microwave oven", "1.2", "0.7", _HOME_AND_SHOP, False),
    ("electric_heater", "取暖器", "Electric heater", "2", "1", _HOME_AND_SHOP, False),
    ("floor_heating", "电地暖（每 10 平方米）", "Electric floor heating, 10 m²", "1.2", "0.9",
     _HOME, False),
    ("computer", "电脑", "Computer", "0.3", "0.7", (*_HOME_AND_SHOP, "public"), False),
    ("lighting_shop", "店面照明（每 10 平方米）", "Shop lighting, 10 m²", "0.15", "1",
     _SHOP, False),
    ("sign", "灯箱招牌", "Illuminated sign", "0.5", "1", _SHOP, False),
    ("cold_cabinet", "冷藏展示柜", "Refrigerated display case", "0.8", "0.7", _SHOP, False),
    ("cold_room", "冷库机组（小型）", "Cold-room unit, small", "5", "0.75", _PLACE, True),
    ("oven_commercial", "商用电烤箱", "Commercial oven", "6", "0.8", _SHOP, True),
    ("induction_range", "商用电磁灶", "Commercial induction range", "15", "0.8", _SHOP, True),
    ("dishwasher", "商用洗碗机", "Commercial dishwasher", "6", "0.7", _SHOP, True),
    ("kitchen_hood", "排烟风机", "Kitchen exhaust fan", "3", "0.8", _SHOP, True),
    ("coffee_machine", "咖啡机", "Coffee machine", "3", "0.7", _SHOP, False),
    ("copier", "复印打印机", "Copier and printer", "1.5", "0.4", _SHOP, False),
    ("multi_split", "多联机空调（室外机）", "Multi-split outdoor unit", "12", "0.8", _PLACE, True),
    ("lift", "电梯", "Lift", "11", "0.5", _PLACE, True),
    ("water_pump", "水泵", "Water pump", "5.5", "0.8", (*_PLACE, *_FARM), True),
    ("server_cabinet", "服务器机柜", "Server cabinet", "6", "0.9", _PLACE, False),
    ("medical_imaging", "医用影像设备", "Medical imaging machine", "30", "0.3", ("public",), True),
    ("lathe", "车床、铣床", "Lathe or milling machine", "7.5", "0.6", _WORKS, True),
    ("machining_centre", "加工中心", "Machining centre", "20", "0.6", _WORKS, True),
    ("injection_moulder", "注塑机", "Injection moulding machine", "30", "0.7", _WORKS, True),
    ("arc_welder", "电焊机", "Arc welder", "15", "0.35", _WORKS, True),
    ("air_compressor", "空气压缩机", "Air compressor", "22", "0.75", _WORKS, True),
    ("electric_furnace", "电炉、烘箱", "Electric furnace", "45", "0.9", _WORKS, True),
    ("crane", "行车、起重机", "Overhead crane", "13", "0.25", _WORKS, True),
    ("conveyor", "输送机", "Conveyor", "4", "0.75", _WORKS, True),
    ("fan", "风机", "Fan", "7.5", "0.8", _WORKS_AND_FARM, True),
    ("lighting_workshop", "车间照明（每 100 平方米）", "Workshop lighting, 100 m²", "1", "1",
     _WORKS, False),
    ("irrigation_pump", "灌溉泵", "Irrigation pump", "7.5", "0.85", _FARM, True),
    ("grain_dryer", "粮食烘干机", "Grain dryer", "15", "0.85", _FARM, True),
    ("tea_roaster", "炒茶、烤烟设备", "Tea or tobacco curing", "12", "0.9", _FARM, True),
    ("feed_mill", "饲料粉碎机", "Feed mill", "7.5", "0.7", _FARM, True),
    ("oxygenator", "增氧机", "Pond aerator", "1.5", "0.9", _FARM, True),
    ("charger_home", "家用充电桩（交流 7 千瓦）", "Home charger, 7 kW AC", "7", "1",
     _ANYWHERE, False),
    ("charger_fast", "快充桩（直流 60 千瓦）", "Fast charger, 60 kW DC", "60", "1",
     ("charging", "commercial", "public", "industrial"), True),
    ("charger_rapid", "快充桩（直流 120 千瓦）", "Rapid charger, 120 kW DC", "120", "1",
     ("charging", "industrial"), True),
)  # fmt: skip

CATALOGUE: Final = MappingProxyType(
    {
        row[0]: CatalogueItem(
            row[0], row[1], row[2], Decimal(row[3]), Decimal(row[4]), row[5], row[6]
        )
        for row in _ROWS
    }
)


def catalogue_for(category: str) -> tuple[CatalogueItem, ...]:
    """The equipment offered for a purpose, in the order of the catalogue. Raises KeyError."""
    if category not in CATEGORIES:
        raise KeyError(category)
    return tuple(item for item in CATALOGUE.values() if category in item.categories)
