"""The figures of the board: each with its formula in words and the cases behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.aggregates import Aggregate
from django.db.models.expressions import Expression

from tongdian.law.calendar import SHANGHAI, default_calendar, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case

SOON_WORKING_DAYS = 1


@dataclass(frozen=True)
class Period:
    """Closed cases are counted by the local day of closing, start ≤ day ≤ end."""

    start: date
    end: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return (
            datetime.combine(self.start, time.min, SHANGHAI),
            datetime.combine(self.end, time.max, SHANGHAI),
        )


@dataclass(frozen=True)
class Figure:
    """A number on the board. `rows` are the cases it is made of; `unit` a gettext msgid."""

    id: str
    zh: str
    en: str
    formula_zh: str
    formula_en: str
    rows: Callable[[Period], Q]
    value: Callable[[Period], Expression]
    unit: str = "件"
    decimals: int = 0


class Percentile(Aggregate):
    """`percentile_cont(fraction) WITHIN GROUP (ORDER BY column)`."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    window_compatible = False

    def __init__(self, column: str, fraction: float, **extra: object) -> None:
        super().__init__(column, fraction=fraction, **extra)


def _today() -> date:
    return local_date(clock.now())


def _open(period: Period) -> Q:
    return Q(outcome="")


def _soon(period: Period) -> Q:
    today = _today()
    return Q(outcome="", due_on__gte=today, due_on__lte=_soon_limit(today))


def _soon_limit(today: date) -> date:
    return default_calendar().add(today, SOON_WORKING_DAYS)


def _late_now(period: Period) -> Q:
    return Q(outcome="", due_on__lt=_today())


def _done(period: Period) -> Q:
    return Q(outcome="energised", closed_at__range=period.bounds)


def _in_limit(period: Period) -> Q:
    return _done(period) & Q(late=False)


def _done_late(period: Period) -> Q:
    return _done(period) & Q(late=True)


def _breached(period: Period) -> Q:
    return _done(period) & Q(breached=True)


def _online(period: Period) -> Q:
    return _done(period) & ~Q(channel="window")


def _count(rows: Callable[[Period], Q]) -> Callable[[Period], Expression]:
    return lambda period: Count("id", filter=rows(period))


def _share(rows: Callable[[Period], Q]) -> Callable[[Period], Expression]:
    """Share in percent of all cases energised in the period; null when there are none."""

    def value(period: Period) -> Expression:
        from django.db.models.functions import NullIf

        return (
            100.0 * Count("id", filter=rows(period)) / NullIf(Count("id", filter=_done(period)), 0)
        )

    return value


def _percentile(column: str, fraction: float) -> Callable[[Period], Expression]:
    return lambda period: Percentile(column, fraction, filter=_done(period))


TOTALS = (
    ("whole_process_days", "全过程", "Whole process", "工作日"),
    ("utility_days", "供电企业各环节合计", "Utility stages", "工作日"),
    ("government_days", "并联审批", "Joint approval", "工作日"),
    ("calendar_days", "世界银行口径", "World Bank days", "日历日"),
)

_BASE = (
    Figure(
        "open", "在办", "Open", "尚未办结的案件数", "Cases without an outcome", _open, _count(_open)
    ),
    Figure(
        "soon",
        "即将到期",
        "Due soon",
        "在办且到期日在今天至下一个工作日之间（含）",
        "Open, with a due date from today to the next working day",
        _soon,
        _count(_soon),
    ),
    Figure(
        "late_now",
        "超期在办",
        "Late now",
        "在办且到期日早于今天",
        "Open, with a due date before today",
        _late_now,
        _count(_late_now),
    ),
    Figure(
        "done",
        "已通电",
        "Energised",
        "期间内通电的案件数",
        "Energised in the period",
        _done,
        _count(_done),
    ),
    Figure(
        "in_limit",
        "按时率",
        "Within the limit",
        "期间内通电且未超过方案承诺的案件 ÷ 期间内通电的案件",
        "Energised within the plan's promise ÷ energised",
        _in_limit,
        _share(_in_limit),
        "%",
        1,
    ),
    Figure(
        "done_late",
        "超期办结",
        "Closed late",
        "期间内通电但超过方案承诺的案件数",
        "Energised, but beyond the plan's promise",
        _done_late,
        _count(_done_late),
    ),
    Figure(
        "breached",
        "违反法定时限",
        "Statutory breaches",
        "期间内通电且有一项法定时限被超过的案件数",
        "Energised with a statutory period exceeded",
        _breached,
        _count(_breached),
    ),
    Figure(
        "online",
        "网上办理率",
        "Share online",
        "期间内通电且申请渠道不是窗口的案件 ÷ 期间内通电的案件",
        "Energised and not filed at a window ÷ energised",
        _online,
        _share(_online),
        "%",
        1,
    ),
    Figure(
        "steps",
        "平均环节",
        "Steps counted",
        "期间内通电案件的计数环节平均值",
        "Mean of the counted steps of the cases energised",
        _done,
        lambda period: Avg("steps", filter=_done(period)),
        "个",
        1,
    ),
)

_TIMES = tuple(
    Figure(
        f"{column}_{name}",
        f"{zh}{label_zh}",
        f"{en}, {label_en}",
        f"期间内通电案件的“{zh}”{unit}数的{label_zh}（连续插值）",
        f"{label_en} of “{en}” over the cases energised (continuous)",
        _done,
        _percentile(column, fraction),
        unit,
        1,
    )
    for column, zh, en, unit in TOTALS
    for name, label_zh, label_en, fraction in (
        ("median", "中位数", "median", 0.5),
        ("p90", "九成分位", "P90", 0.9),
    )
)

FIGURES: dict[str, Figure] = {figure.id: figure for figure in (*_BASE, *_TIMES)}


def values_by(cases: QuerySet[Case], column: str | None, period: Period) -> list[dict[str, object]]:
    """All figures, grouped by a column or for the whole, in one statement."""
    expressions = {f"v_{figure.id}": figure.value(period) for figure in FIGURES.values()}
    if column is None:
        return [cases.aggregate(**expressions)]
    return list(cases.values(key=F(column)).annotate(**expressions).order_by("key"))
