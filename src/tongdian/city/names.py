"""Names that sound right and belong to nobody."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.places import RURAL, TOWN

FIRST: Final = "云山清林松竹梅兰桂枫柳杉龙凤鹤鹿溪湖泉江岭石花果茶谷星月晨阳"
SECOND: Final = "安宁和泰兴盛祥瑞康乐平顺新丰源华景秀明远"
SIDES: Final = ("", "北", "南", "东", "西")
ROADS: Final = ("路", "街", "巷", "大道")
TOWN_ROADS: Final = ("街", "路", "巷", "横街")
VILLAGES: Final = ("村", "寨", "坝", "冲")

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建国文辉力"
TRADES: Final = {
    "residential": ("物业服务",),
    "commercial": ("餐饮", "便利店", "服装", "汽修", "药房", "酒店", "商贸", "超市"),
    "industrial": ("机械", "食品", "建材", "电子", "包装", "铝业", "医药", "数据"),
    "agricultural": ("茶业", "果蔬", "养殖", "辣椒", "苗木"),
    "public": ("学校", "卫生院", "文化馆", "养老院", "供水站"),
    "charging": ("充电服务", "新能源"),
}
_EARLIEST_BIRTH: Final = date(1946, 1, 1)
_BIRTH_DAYS: Final = 21_900
_SEQUENCES: Final = 999
_PEOPLE: Final = _BIRTH_DAYS * _SEQUENCES
_STRIDE: Final = 7_368_787
_BACK: Final = pow(_STRIDE, -1, _PEOPLE)


def street_names(division: int, zones: npt.NDArray[np.int32]) -> npt.NDArray[np.str_]:
    """Names of the streets of a division, each once, by their zones. At most 3,000 streets."""
    pairs = len(FIRST) * len(SECOND)
    names = []
    for index, zone in enumerate(zones.tolist()):
        # 7 and 113 share no factor with the number of pairs, so each pair comes up once a round.
        pair = (index * 7 + division * 113) % pairs
        kinds = VILLAGES if zone == RURAL else TOWN_ROADS if zone == TOWN else ROADS
        kind = kinds[(index + division) % len(kinds)]
        side = SIDES[index // pairs]
        names.append(FIRST[pair % len(FIRST)] + SECOND[pair // len(FIRST)] + side + kind)
    return np.array(names)


def scramble(customer: int) -> int:
    """A number below 2^32 that is different for each customer and shows no order."""
    return customer * 2_654_435_761 % 2**32


def person_name(customer: int) -> str:
    """示例·, a surname and a given name of one or two characters."""
    mixed = scramble(customer)
    given = GIVEN[mixed // 20 % len(GIVEN)]
    if mixed % 7:
        given += GIVEN[mixed // 701 % len(GIVEN)]
    return f"示例·{SURNAMES[mixed % len(SURNAMES)]}{given}"


def birth_and_sequence(customer: int) -> tuple[date, int]:
    """Date of birth and sequence number, different for each of 21 million customers."""
    number = customer * _STRIDE % _PEOPLE
    return _EARLIEST_BIRTH + timedelta(days=number // _SEQUENCES), 1 + number % _SEQUENCES


def customer_of(birth: date, sequence: int) -> int:
    """The customer whose date of birth and sequence number these are: `birth_and_sequence` back."""
    number = (birth - _EARLIEST_BIRTH).days * _SEQUENCES + sequence - 1
    return number * _BACK % _PEOPLE


def company_name(customer: int, purpose: str) -> str:
    """贵阳示例, an invented word, the trade, and the form."""
    mixed = scramble(customer)
    word = FIRST[mixed // 3 % len(FIRST)] + SECOND[mixed // 97 % len(SECOND)]
    trades = TRADES[purpose]
    trade = trades[mixed // 2003 % len(trades)]
    return f"贵阳示例{word}{trade}{'' if purpose == 'public' else '有限公司'}"


def phone_number(customer: int) -> str:
    """A number of the block 199000, which is set aside here for fiction."""
    return f"199000{scramble(customer) % 100_000:05d}"
