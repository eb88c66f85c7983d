"""Administrative divisions: provinces for plausibility, Guiyang in full.

Codes are GB/T 2260. Development zones have no code there; they carry extension codes of this
platform, with letters at the end so that they can never collide with a national one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongdian.law.identifiers.errors import Scheme


@dataclass(frozen=True, slots=True)
class Division:
    """A division of Guiyang. `kind` is city, district, county, county_city or zone."""

    code: str
    zh: str
    en: str
    kind: str

    @property
    def is_extension(self) -> bool:
        """Whether the code is this platform's own rather than GB/T 2260's."""
        return not self.code.isdigit()


GUIYANG: Final = Division("520100", "贵阳市", "Guiyang City", "city")

GUIYANG_DIVISIONS: Final[Mapping[str, Division]] = MappingProxyType(
    {
        division.code: division
        for division in (
            Division("520102", "南明区", "Nanming District", "district"),
            Division("520103", "云岩区", "Yunyan District", "district"),
            Division("520111", "花溪区", "Huaxi District", "district"),
            Division("520112", "乌当区", "Wudang District", "district"),
            Division("520113", "白云区", "Baiyun District", "district"),
            Division("520115", "观山湖区", "Guanshanhu District", "district"),
            Division("520121", "开阳县", "Kaiyang County", "county"),
            Division("520122", "息烽县", "Xifeng County", "county"),
            Division("520123", "修文县", "Xiuwen County", "county"),
            Division("520181", "清镇市", "Qingzhen City", "county_city"),
            Division("5201GX", "贵阳高新区", "Guiyang High-tech Zone", "zone"),
            Division("5201JK", "贵阳经开区", "Guiyang Economic Development Zone", "zone"),
            Division("5201ZB", "贵阳综保区", "Guiyang Comprehensive Bonded Zone", "zone"),
            Division("5201SL", "双龙航空港经济区", "Shuanglong Airport Economic Zone", "zone"),
            Division("5201GA", "贵安新区", "Gui'an New Area", "zone"),
        )
    }
)

DISTRICTS: Final = tuple(d for d in GUIYANG_DIVISIONS.values() if not d.is_extension)
ZONES: Final = tuple(d for d in GUIYANG_DIVISIONS.values() if d.is_extension)

# First two digits of GB/T 2260; 81 to 83 also in residence permits (GB 11643 form).
PROVINCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "11": "北京市",
        "12": "天津市",
        "13": "河北省",
        "14": "山西省",
        "15": "内蒙古自治区",
        "21": "辽宁省",
        "22": "吉林省",
        "23": "黑龙江省",
        "31": "上海市",
        "32": "江苏省",
        "33": "浙江省",
        "34": "安徽省",
        "35": "福建省",
        "36": "江西省",
        "37": "山东省",
        "41": "河南省",
        "42": "湖北省",
        "43": "湖南省",
        "44": "广东省",
        "45": "广西壮族自治区",
        "46": "海南省",
        "50": "重庆市",
        "51": "四川省",
        "52": "贵州省",
        "53": "云南省",
        "54": "西藏自治区",
        "61": "陕西省",
        "62": "甘肃省",
        "63": "青海省",
        "64": "宁夏回族自治区",
        "65": "新疆维吾尔自治区",
        "71": "台湾省",
        "81": "香港特别行政区",
        "82": "澳门特别行政区",
        "83": "台湾居民居住证",
    }
)

_SCHEME = Scheme(
    "division",
    "行政区划代码",
    "division code",
    6,
    "六位代码，如520103（云岩区），开发区如5201GX",
    "six characters such as 520103 (Yunyan District), for a zone such as 5201GX",
    (6, 0),
)


def parse_division(text: str) -> Division:
    """The district, county or zone of Guiyang with this code, or the city itself.

    Raises IdentifierError for any other code.
    """
    code = _SCHEME.clean(text)
    if code == GUIYANG.code:
        return GUIYANG
    division = GUIYANG_DIVISIONS.get(code)
    if division is None:
        raise _SCHEME.refusal(
            text,
            "unknown_division",
            "没有这个贵阳市行政区划或开发区代码",
            "No district, county or zone of Guiyang has this code",
        )
    return division


def require_province(scheme: Scheme, text: str, start: int, *others: str) -> None:
    """Refuse a division code from 0-based `start` whose first two digits name no province.

    `others` are further prefixes that the scheme allows.
    """
    prefix = text[start : start + 2]
    if prefix not in PROVINCES and prefix not in others:
        raise scheme.refusal(
            text,
            "unknown_province",
            f"{scheme.zh}第{start + 1}至{start + 2}位“{prefix}”不是任何省级行政区划的代码",
            f"Characters {start + 1} and {start + 2} of the {scheme.en}, “{prefix}”, "
            "name no province",
            position=start + 1,
        )
