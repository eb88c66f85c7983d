"""Words for bad input: field, rule and remedy, Chinese and English."""

from collections.abc import Mapping
from typing import Any

from tongdian.law.identifiers import IdentifierError
from tongdian.service.casework.errors import FieldError

_BY_CODE: dict[str, tuple[str, str, str, str]] = {
    "item_twice": (
        "同一事项只能申报一次",
        "An item is filed for once",
        "请删去重复的事项",
        "Remove the second one",
    ),
    "refusal_reason": (
        "不予许可须说明理由",
        "A refusal says its reason",
        "请写明理由",
        "Give the reason",
    ),
    "refusal_clause": (
        "不予许可须写明依据的条款",
        "A refusal names its clause",
        "请写明法规名称和条号",
        "Give the law and the article",
    ),
    "refusal_remedy": (
        "不予许可须告知补救和救济途径",
        "A refusal says what can be done",
        "请写明怎样修改后重新申报，以及申请复议的途径",
        "Say how to file again and where to object",
    ),
    "future_date": (
        "日期不能晚于今天",
        "The date cannot lie in the future",
        "请填写实际发生的日期",
        "Give the day when it really happened",
    ),
    "past_date": (
        "日期必须晚于今天",
        "The date has to lie in the future",
        "请填写今天以后的日期",
        "Give a day after today",
    ),
    "absurd_date": (
        "日期过远，最多三年",
        "The date is more than three years away",
        "请核对年份",
        "Check the year",
    ),
    "unknown_ground": (
        "中止计时须选择方案列明的事由",
        "A pause needs a ground from the closed list",
        "请从列表中选择",
        "Choose one from the list",
    ),
    "second_source_point": (
        "双电源须写明第二电源点",
        "A dual supply names its second source point",
        "请填写第二电源点",
        "Give the second source point",
    ),
    "same_source_point": (
        "两个电源点不能相同",
        "The two source points have to differ",
        "请填写不同的电源点",
        "Give two different source points",
    ),
}
_FIELD_OF_CODE = {
    "item_twice": "items",
    "refusal_reason": "reason",
    "refusal_clause": "clause",
    "refusal_remedy": "remedy",
    "unknown_ground": "ground",
    "second_source_point": "second_source_point",
    "same_source_point": "second_source_point",
}

_BY_TYPE: dict[str, tuple[str, str, str, str]] = {
    "missing": ("必须填写", "This is required", "请填写", "Fill it in"),
    "string_too_short": (
        "内容太短，至少 {min_length} 个字",
        "Too short: at least {min_length} characters",
        "请写完整",
        "Write it in full",
    ),
    "string_too_long": (
        "内容太长，最多 {max_length} 个字",
        "Too long: at most {max_length} characters",
        "请缩短",
        "Shorten it",
    ),
    "string_pattern_mismatch": (
        "格式不对",
        "The form is not right",
        "请核对后重新填写",
        "Check it and write it again",
    ),
    "greater_than": ("必须大于 {gt}", "Must be more than {gt}", "请核对数值", "Check the number"),
    "greater_than_equal": (
        "不能小于 {ge}",
        "Must be at least {ge}",
        "请核对数值",
        "Check the number",
    ),
    "less_than": (
        "必须小于 {lt}",
        "Must be less than {lt}",
        "请核对数值和单位",
        "Check number and unit",
    ),
    "less_than_equal": (
        "不能大于 {le}",
        "Must be at most {le}",
        "请核对数值和单位",
        "Check number and unit",
    ),
    "decimal_parsing": (
        "必须是数字",
        "Must be a number",
        "例如 8 或 12.5",
        "For example 8 or 12.5",
    ),
    "decimal_max_places": (
        "小数最多 {decimal_places} 位",
        "At most {decimal_places} decimals",
        "请四舍五入",
        "Round it",
    ),
    "int_parsing": ("必须是整数", "Must be a whole number", "例如 1", "For example 1"),
    "literal_error": (
        "必须是列出的选项之一：{expected}",
        "Must be one of: {expected}",
        "请从选项中选择",
        "Choose one of them",
    ),
    "extra_forbidden": (
        "没有这个栏目",
        "There is no such field",
        "请删去，或核对名称",
        "Remove it, or check its name",
    ),
    "too_short": (
        "至少要有 {min_length} 项",
        "At least {min_length} are needed",
        "请补充",
        "Add what is missing",
    ),
    "too_long": (
        "最多 {max_length} 项",
        "At most {max_length} are possible",
        "请减少",
        "Leave some out",
    ),
    "date_from_datetime_parsing": (
        "日期格式应为 年-月-日",
        "Dates are written year-month-day",
        "例如 2026-11-24",
        "For example 2026-11-24",
    ),
    "date_parsing": (
        "日期格式应为 年-月-日",
        "Dates are written year-month-day",
        "例如 2026-11-24",
        "For example 2026-11-24",
    ),
}
_OTHER = ("填写有误", "This is not right", "请核对后重新填写", "Check it and write it again")


def describe_error(error: Mapping[str, Any]) -> FieldError:
    """One pydantic error as a field error in words."""
    context = error.get("ctx") or {}
    cause = context.get("error")
    field = ".".join(str(part) for part in error["loc"]) or "application"
    if isinstance(cause, IdentifierError):
        return FieldError(
            "id_number", cause.rule_zh, cause.rule_en, cause.remedy_zh, cause.remedy_en
        )
    if cause is not None and str(cause) in _BY_CODE:
        code = str(cause)
        return FieldError(_FIELD_OF_CODE.get(code, field), *_BY_CODE[code])
    words = _BY_TYPE.get(error["type"], _OTHER)
    return FieldError(field, *(_fill(text, context) for text in words))


def _fill(text: str, context: Mapping[str, Any]) -> str:
    try:
        return text.format(**context)
    except (KeyError, IndexError):
        return text
