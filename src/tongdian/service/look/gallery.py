"""Made-up examples of every component, for the gallery page."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdian.service.look.lanes import Status


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
    }
