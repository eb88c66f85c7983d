"""Made-up examples of every component, for the gallery page."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdian.law.calendar import SHANGHAI
from tongdian.law.process import Hold
from tongdian.service.look.charts import Series, district_bars, histogram, sparkline, trend
from tongdian.service.look.context import short_language
from tongdian.service.look.district_map import choropleth, render_picker
from tongdian.service.look.lanes import INK, Status
from tongdian.service.look.timeline import render_timeline


class SampleForm(forms.Form):
    """One field of each kind."""

    applicant = forms.CharField(label=_("申请人名称"), help_text=_("与身份证或营业执照一致"))
    load_kw = forms.DecimalField(label=_("用电容量"), min_value=0, max_value=1000)
    purpose = forms.ChoiceField(
        label=_("您用电做什么？"),
        choices=[("resident", _("居民生活")), ("business", _("小微企业")), ("other", _("其他"))],
        widget=forms.RadioSelect,
    )
    shared = forms.MultipleChoiceField(
        label=_("哪些材料可以由我们代查？"),
        choices=[("id", _("身份证明")), ("estate", _("不动产权证"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    district = forms.ChoiceField(
        label=_("所在区县"), choices=[("520102", _("南明区")), ("520103", _("云岩区"))]
    )
    note = forms.CharField(label=_("补充说明"), widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label=_("我已核对以上内容"))
    rating = forms.ChoiceField(
        label=_("这一步您满意吗？"),
        choices=[
            ("5", _("非常满意")),
            ("4", _("满意")),
            ("3", _("基本满意")),
            ("2", _("不满意")),
            ("1", _("非常不满意")),
        ],
        widget=forms.RadioSelect,
    )


SampleForm.base_fields["purpose"].choice_hints = {  # type: ignore[attr-defined]
    "business": _("用电容量不超过 160 kW 的企业和个体工商户")
}


def context() -> dict[str, Any]:
    """The gallery's template context."""
    typed = {"applicant": "示例·张三", "load_kw": "-3", "purpose": "", "rating": "4"}
    form = SampleForm(typed)
    form.is_valid()
    return {
        "form": SampleForm(initial={"applicant": "示例·张三"}),
        "bad_form": form,
        "rows": [
            {
                "question": _("申请人名称"),
                "answer": "示例·张三",
                "source": _("来自公安人口库，2026年9月17日"),
                "url": "#",
            },
            {"question": _("用电容量"), "answer": "8 kW", "url": "#"},
            {"question": _("补充说明"), "answer": "", "url": "#"},
        ],
        "statuses": [
            Status("draft", _("草稿")),
            Status("accepted", _("已受理"), "teal"),
            Status("deficient", _("待补正"), "applicant"),
            Status("survey", _("现场勘查"), "utility"),
            Status("joint", _("并联审批"), "government"),
            Status("paused", _("已中止"), "paused"),
            Status("late", _("超期"), "overdue"),
            Status("energised", _("已通电"), "energised"),
        ],
        "today": date(2021, 9, 22),
        "due_day": date(2021, 9, 26),
        "due_start": date(2021, 9, 17),
        "energised": True,
        **charts(),
    }


def charts() -> dict[str, Any]:
    """One picture of each kind, in the reader's language."""
    language = short_language()
    names = {zh: (zh if language == "zh" else en) for zh, en in STAGES.items()}
    grounds = {"申请人要求暂缓": str(_("申请人要求暂缓"))}
    return {
        "timelines": [
            render_timeline(
                OPEN_HOLDS,
                today=_at(22, 15),
                due=date(2021, 9, 27),
                lang=language,
                stage_names=names,
                forecast=(date(2021, 9, 24), date(2021, 9, 28)),
                promise_label=str(_("承诺")),
                prefix="open",
            ),
            render_timeline(
                PAUSED_HOLDS,
                today=_at(30, 10),
                due=date(2021, 9, 28),
                lang=language,
                stage_names=names,
                pauses=grounds,
                prefix="paused",
            ),
            render_timeline(
                DONE_HOLDS,
                today=_at(30, 10),
                due=date(2021, 9, 23),
                lang=language,
                stage_names=names,
                prefix="done",
            ),
        ],
        "charts": [
            histogram(
                {0: 12, 1: 160, 2: 420, 3: 388, 4: 61, 5: 22, 7: 4, 12: 1},
                3,
                title=str(_("九成以上的居民在 3 个工作日内通电")),
                as_of=_at(30, 10),
                url_for=lambda day: f"#{day}",
            ),
            trend(
                [f"2021-{month:02}" for month in range(1, 13)],
                [
                    Series(str(_("中位数")), [3, 3.2, 2.8, 2.9, 2.4, 2.5, 2.1, 2, 2, 2.1, 1.9, 2]),
                    Series(
                        "P90", [6, 6.1, 5.4, None, 5, 4.6, 4, 4.2, 3.8, 3.5, 3.6, 3.2], INK, "6 4"
                    ),
                ],
                title=str(_("一年里中位数缩短了 1 天")),
                unit=str(_("工作日")),
                limit=5,
                n=[90] * 12,
                as_of=date(2021, 12, 31),
            ),
            district_bars(
                DISTRICT_VALUES,
                title=str(_("清镇市最慢，超过上限")),
                unit=str(_("工作日")),
                limit=5,
                n={code: 40 for code in DISTRICT_VALUES},
                url_for=lambda code: f"#{code}",
            ),
            choropleth(
                DISTRICT_VALUES,
                title=str(_("离城区越远，办电越慢")),
                unit=str(_("工作日")),
                n=360,
                as_of=date(2021, 12, 31),
                url_for=lambda code: f"#{code}",
            ),
        ],
        "spark": sparkline([3, 3.2, 2.8, 2.9, 2.4, 2.5, 2.1], label=str(_("逐月缩短")), limit=3),
        "picker": render_picker(106.71, 26.58),
    }


STAGES = {
    "受理": "Acceptance",
    "现场勘查": "Site survey",
    "方案答复": "Supply scheme",
    "并联审批": "Joint approval",
    "外线施工": "External works",
    "装表接电": "Metering",
    "用户工程": "Own works",
}
MEDIANS = [3, 3.2, 2.8, 2.9, 2.4, 2.5, 2.1, 2, 2, 2.1, 1.9, 2]
P90S = [6, 6.1, 5.4, None, 5, 4.6, 4, 4.2, 3.8, 3.5, 3.6, 3.2]
DISTRICT_VALUES: dict[str, float | None] = {
    "520102": 2.1,
    "520103": 2,
    "520111": 3.1,
    "520112": 3.4,
    "520113": 2.6,
    "520115": 2.2,
    "520121": 4.8,
    "520122": None,
    "520123": 4.1,
    "520181": 5.4,
}


def _at(day: int, hour: int) -> datetime:
    return datetime(2021, 9, day, hour, tzinfo=SHANGHAI)


OPEN_HOLDS = [
    Hold("utility", "受理", _at(15, 9), _at(15, 16)),
    Hold("utility", "现场勘查", _at(15, 16), _at(17, 11)),
    Hold("utility", "方案答复", _at(17, 11), _at(18, 10)),
    Hold("applicant", "用户工程", _at(18, 10), _at(22, 9)),
    Hold("utility", "装表接电", _at(22, 9)),
]
PAUSED_HOLDS = [
    Hold("utility", "受理", _at(13, 9), _at(14, 9)),
    Hold("utility", "现场勘查", _at(14, 9), _at(16, 15)),
    Hold("utility", "现场勘查", _at(16, 15), _at(22, 9), "申请人要求暂缓"),
    Hold("government", "并联审批", _at(22, 9), _at(26, 17)),
    Hold("utility", "外线施工", _at(26, 17)),
]
DONE_HOLDS = [
    Hold("utility", "受理", _at(17, 9), _at(17, 14)),
    Hold("utility", "方案答复", _at(17, 14), _at(22, 10)),
    Hold("utility", "装表接电", _at(22, 10), _at(23, 16)),
]
