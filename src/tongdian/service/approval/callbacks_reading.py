"""What a department says of an item, in the field names of the national tables, checked.

Names are those of 审批事项办理详细信息表, of 特别程序信息表 (`tbcx…`) and of 批复文件信息表
(`pfwh`). The tables have nothing for what the law asks to be told, so five fields are our own:
`flyj` 法律依据, `jjtj` 救济途径, `bzqd` 补正清单, `tbcxtzs` 特别程序通知书, `xjcn` 是否虚假承诺.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval.process import AUTHORITIES, ITEM_NAMES
from tongdian.service.casework.commands import text
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.messages import describe_error

PREFIX: Final = "SL-"
GROUNDS: Final[Mapping[str, str]] = {
    "听证": "hearing",
    "专家评审": "expert_review",
    "检验": "testing",
    "检测": "testing",
    "鉴定": "testing",
    "不可抗力": "force_majeure",
}


def _list(value: Any) -> Any:
    """A table file has the list as JSON in one cell."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else []
    except ValueError:
        return value


def _optional(value: Any) -> Any:
    """An empty cell is nothing."""
    return None if value == "" else value


def _of_shanghai(value: datetime | None) -> datetime | None:
    """The tables have local time without a zone."""
    return value.replace(tzinfo=SHANGHAI) if value is not None and not value.tzinfo else value


Instant = Annotated[datetime | None, BeforeValidator(_optional), AfterValidator(_of_shanghai)]


class Missing(BaseModel):
    """One line of 补正清单: which paper, what is wrong with it, how to mend it."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)
    clbm: Annotated[str, text(64)]
    wt: Annotated[str, text(1000)]
    bzyq: Annotated[str, text(1000)]


class Status(BaseModel):
    """How an item stands, as its department says. Other fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)
    spsxslbm: Annotated[str, text(80)]
    blzt: int
    spbmbm: Annotated[str, text(32)]
    spsxbm: Annotated[str | None, BeforeValidator(_optional)] = None
    blsj: Instant = None
    blyj: Annotated[str, text(1000, 0)] = ""
    flyj: Annotated[str, text(80, 0)] = ""
    jjtj: Annotated[str, text(1000, 0)] = ""
    pfwh: Annotated[str, text(80, 0)] = ""
    bzqd: Annotated[tuple[Missing, ...], BeforeValidator(_list), Field(max_length=30)] = ()
    tbcxmc: Annotated[str, text(80, 0)] = ""
    tbcxtzs: Annotated[str, text(300, 0)] = ""
    tbcxsx: Annotated[int | None, BeforeValidator(_optional)] = None
    xjcn: Annotated[bool | None, BeforeValidator(_optional)] = None
    sjyxbs: int = 1

    @property
    def case(self) -> str:
        return split(self.spsxslbm)[0]

    @property
    def item(self) -> str:
        return split(self.spsxslbm)[1]


def number_of(case: str, item: str) -> str:
    """审批事项实例编码 of an item of a case."""
    return f"{PREFIX}{case}-{item}"


def split(number: str) -> tuple[str, str]:
    """The case and the item that a 审批事项实例编码 names; empty when it is none."""
    case, _, item = number.removeprefix(PREFIX).rpartition("-")
    return (case, item) if number.startswith(PREFIX) and case else ("", "")


def read_status(data: Mapping[str, Any]) -> Status:
    """Raises InvalidInput naming every bad field of the table with its rule and remedy."""
    try:
        told = Status.model_validate(dict(data))
    except ValidationError as error:
        raise InvalidInput([describe_error(item) for item in error.errors()]) from None
    wrong = list(_wrong(told))
    if wrong:
        raise InvalidInput(wrong)
    return told


def _wrong(told: Status) -> Any:
    items = "、".join(f"{code}（{zh}）" for code, (zh, _) in ITEM_NAMES.items())
    if told.item not in AUTHORITIES:
        yield FieldError(
            "spsxslbm",
            "没有这种审批事项",
            "No such permit item",
            f"写作 SL-办件编号-事项，事项为 {items}",
            f"Write SL-<case>-<item>, the item one of {', '.join(ITEM_NAMES)}",
        )
        return
    if told.spsxbm is not None and told.spsxbm != told.item:
        yield FieldError(
            "spsxbm",
            "与 spsxslbm 中的事项不一致",
            "Another item than that of spsxslbm",
            f"填写 {told.item}",
            f"Write {told.item}",
        )
    if told.spbmbm != AUTHORITIES[told.item]:
        owner = AUTHORITIES[told.item]
        yield FieldError(
            "spbmbm",
            f"该事项由 {owner} 审批，其他部门不能办理",
            f"The item belongs to {owner}; no other department decides it",
            f"由 {owner} 推送，spbmbm 填写 {owner}",
            f"Let {owner} push it, with spbmbm {owner}",
        )
    if told.sjyxbs != 1:
        yield FieldError(
            "sjyxbs",
            "已标为无效的数据不办理",
            "A record that is marked invalid is not acted on",
            "办理状态有变时推送新的状态，sjyxbs 填 1",
            "Push the new status with sjyxbs 1",
        )
