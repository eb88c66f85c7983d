"""The figures of the board: each with its formula in words and the cases behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_noop

from tongdian.indicators import mean, quantile
from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.supervision.periods import Period
from tongdian.service.supervision.slices import Slice
from tongdian.service.supervision.tallies import SOON_WORKING_DAYS

CASES, STEPS = gettext_noop("件"), gettext_noop("个")
WORKING_DAYS, CALENDAR_DAYS = gettext_noop("工作日"), gettext_noop("日历日")


@dataclass(frozen=True)
class Figure:
    """A number on the board.

    `rows` are the cases it is made of, `value` the number itself, None when there is nothing to
    measure; `unit` a gettext msgid; `column` names the days measured; `now` is for figures of what
    is open, whatever the period.
    """

    id: str
    zh: str
    en: str
    formula_zh: str
    formula_en: str
    rows: Callable[[Period], Q]
    value: Callable[[Slice], float | None]
    unit: str = CASES
    decimals: int = 0
    column: str = ""
    now: bool = False


def _open(period: Period) -> Q:
    return Q(outcome="")


def _soon(period: Period) -> Q:
    today = local_date(clock.now())
    limit = default_calendar().add(today, SOON_WORKING_DAYS)
    return Q(outcome="", due_on__gte=today, due_on__lte=limit)


def _late_now(period: Period) -> Q:
    return Q(outcome="", due_on__lt=local_date(clock.now()))


def _done(period: Period) -> Q:
    first, end = period.bounds
    return Q(outcome="energised", closed_at__gte=first, closed_at__lt=end)


def _approved(period: Period) -> Q:
    """Most cases never need a permit; they have no time of joint approval, not a short one."""
    return _done(period) & Q(government_days__isnull=False)


def _in_limit(period: Period) -> Q:
    return _done(period) & Q(late=False)


def _done_late(period: Period) -> Q:
    return _done(period) & Q(late=True)


def _breached(period: Period) -> Q:
    return _done(period) & Q(breached=True)


def _online(period: Period) -> Q:
    return _done(period) & ~Q(channel="window")


def _quantile(column: str, fraction: float) -> Callable[[Slice], float | None]:
    return lambda one: quantile(one.days[column], fraction)


TOTALS = (
    ("whole_process_days", "全过程", "Whole process", WORKING_DAYS),
    ("utility_days", "供电企业各环节合计", "Utility stages", WORKING_DAYS),
    ("government_days", "并联审批", "Joint approval", WORKING_DAYS),
    ("calendar_days", "世界银行口径", "World Bank days", CALENDAR_DAYS),
)

_BASE = (
    Figure(
        "open",
        "在办",
        "Open",
        "现在尚未办结的案件数",
        "Cases without an outcome, now",
        _open,
        lambda one: one.open,
        now=True,
    ),
    Figure(
        "soon",
        "即将到期",
        "Due soon",
        "在办且到期日在今天至下一个工作日之间（含）的案件数",
        "Open cases with a due date from today to the next working day, inclusive",
        _soon,
        lambda one: one.open_soon,
        now=True,
    ),
    Figure(
        "late_now",
        "超期在办",
        "Late now",
        "在办且到期日早于今天的案件数",
        "Open cases with a due date before today",
        _late_now,
        lambda one: one.open_late,
        now=True,
    ),
    Figure(
        "done",
        "已通电",
        "Energised",
        "期间内通电的案件数",
        "Cases energised in the period",
        _done,
        lambda one: one.done,
    ),
    Figure(
        "in_limit",
        "按时率",
        "Within the limit",
        "期间内通电且未超过方案承诺的案件 ÷ 期间内通电的案件",
        "Cases energised within the plan's promise ÷ cases energised",
        _in_limit,
        lambda one: one.share(one.done - one.late),
        "%",
        1,
    ),
    Figure(
        "done_late",
        "超期办结",
        "Closed late",
        "期间内通电但超过方案承诺的案件数",
        "Cases energised beyond the plan's promise",
        _done_late,
        lambda one: one.late,
    ),
    Figure(
        "breached",
        "违反法定时限",
        "Statutory breaches",
        "期间内通电且有一项法定时限被超过的案件数",
        "Cases energised with a statutory period exceeded",
        _breached,
        lambda one: one.breached,
    ),
    Figure(
        "online",
        "网上办理率",
        "Share online",
        "期间内通电且申请渠道不是窗口的案件 ÷ 期间内通电的案件",
        "Cases energised and not filed at a window ÷ cases energised",
        _online,
        lambda one: one.share(one.done - one.window),
        "%",
        1,
    ),
    Figure(
        "steps",
        "平均环节",
        "Steps counted",
        "期间内通电案件的计数环节之和 ÷ 期间内通电的案件",
        "Counted steps of the cases energised ÷ cases energised",
        _done,
        lambda one: mean(one.days["steps"]),
        STEPS,
        1,
        "steps",
    ),
)

_TIMES = tuple(
    Figure(
        f"{column}_{name}",
        f"{zh}{label_zh}",
        f"{en}, {label_en}",
        f"期间内通电{which_zh}案件的“{zh}”{unit}数从小到大排列，{words_zh}（两数之间线性插值）",
        f"“{en}” of the cases energised{which_en}, in order of size: {words_en} (interpolated)",
        rows,
        _quantile(column, fraction),
        unit,
        1,
        column,
    )
    for column, zh, en, unit in TOTALS
    for rows, which_zh, which_en in (
        (_approved, "、办过并联审批的", " that were before the departments")
        if column == "government_days"
        else (_done, "", ""),
    )
    for name, label_zh, label_en, fraction, words_zh, words_en in (
        ("median", "中位数", "median", 0.5, "居中的数", "the middle one"),
        ("p90", "九成分位", "P90", 0.9, "九成案件不超过的数", "nine in ten took no longer"),
    )
)

FIGURES: dict[str, Figure] = {figure.id: figure for figure in (*_BASE, *_TIMES)}
PROMISE_COLUMN = {"whole_process": "whole_process_days", "utility_stages": "utility_days"}


def limit_of(figure: Figure, track: str) -> float | None:
    """The plan's limit that a figure is held against, if the plan sets one for this track."""
    if figure.column == "government_days":
        return float(load_plan().limit("approvals.total_working_days"))
    if not track or not figure.column:
        return None
    rule = load_plan().tracks[track]
    if figure.column == "steps":
        return float(len(rule.steps))
    if figure.column == PROMISE_COLUMN[rule.promise_clock]:
        return float(rule.promise_working_days)
    return None
