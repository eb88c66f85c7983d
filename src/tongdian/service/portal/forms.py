"""Form parts shared by pre-check and application: checked by the same models as everything else."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import create_model

from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.connection import commands
from tongdian.service.portal.words import pick


@cache
def part_of(model: type[commands.Command], names: tuple[str, ...]) -> type[commands.Command]:
    """Some fields of a command, under the command's own rules."""
    fields: dict[str, Any] = {
        name: (model.model_fields[name].annotation, model.model_fields[name]) for name in names
    }
    return create_model(f"{model.__name__}Part", __base__=commands.Command, **fields)


def words_of(error: FieldError) -> str:
    """Rule and remedy in the reader's language."""
    rule = pick(error.rule_zh, error.rule_en)
    remedy = pick(error.remedy_zh, error.remedy_en)
    if not remedy:
        return rule
    return f"{rule}。{remedy}" if pick("zh", "en") == "zh" else f"{rule}. {remedy}"


def typed_text(text: str) -> str:
    """Full-width digits and letters as plain ones, without surrounding blanks."""
    return unicodedata.normalize("NFKC", text).strip()


_PHONE = (
    "电话号码不对",
    "This is not a telephone number",
    "手机是 1 开头的 11 位数字，座机要带区号，例如 0851-85550000",
    "Mobiles have 11 digits beginning with 1; landlines need the area code, as 0851-85550000",
)
# Words for people where the general rule would only say that the form is not right.
PLAINER = {
    (name, "The form is not right"): FieldError(name, *_PHONE) for name in ("phone", "agent_phone")
}


class PlainText(forms.CharField):
    """Text in which full-width digits and letters mean the plain ones: ８ is 8."""

    def to_python(self, value: Any) -> str:
        return typed_text(str(value)) if value not in (None, "") else ""


class PartForm(forms.Form):
    """A form whose `checked` fields obey the rules of `model`. What was typed stays typed."""

    model: ClassVar[type[commands.Command]] = commands.Application
    checked: ClassVar[tuple[str, ...]] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _required(field)
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = _("请从列出的选项中选择")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = tuple(n for n in self.checked if n in cleaned and cleaned[n] not in ("", None))
        if names:
            try:
                commands.parse(part_of(self.model, names), {n: cleaned[n] for n in names})
            except InvalidInput as error:
                self.add_words(error.errors)
        return dict(cleaned)

    def add_words(self, errors: Sequence[FieldError]) -> None:
        """Each error beside its field; those of other fields on top."""
        for error in errors:
            name = error.field.partition(".")[0]
            error = PLAINER.get((name, error.rule_en), error)
            self.add_error(name if name in self.fields else None, words_of(error))

    def typed(self) -> dict[str, Any]:
        """What the browser sent, valid or not, for keeping."""
        kept: dict[str, Any] = {}
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField):
                continue
            key = self.add_prefix(name)
            if isinstance(field, forms.MultipleChoiceField):
                kept[name] = list(self.data.getlist(key))  # type: ignore[attr-defined]
            elif key in self.data:
                kept[name] = _without_control(str(self.data[key]))[:2000]
            elif isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect):
                kept[name] = ""
        return kept


def _without_control(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\n\t")


def _required(field: forms.Field) -> str:
    if isinstance(field.widget, forms.RadioSelect | forms.Select):
        return _("请选择：%(label)s") % {"label": field.label}
    return _("请填写：%(label)s") % {"label": field.label}


def radio(
    label: Any,
    choices: Sequence[tuple[str, Any]],
    *,
    hints: Mapping[str, Any] | None = None,
    help_text: Any = "",
    required: bool = True,
) -> forms.ChoiceField:
    """A group of radio buttons, each with its own hint if it has one."""
    field = forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        help_text=help_text,
        required=required,
    )
    field.choice_hints = dict(hints or {})  # type: ignore[attr-defined]
    return field


KIND_CHOICES = (
    ("resident", gettext_lazy("居民家庭")),
    ("small_micro", gettext_lazy("小微企业、个体工商户")),
    ("enterprise", gettext_lazy("其他企业")),
    ("other", gettext_lazy("机关、学校、医院等其他单位")),
)
KIND_HINTS = {
    "resident": gettext_lazy("自家住房、车库、家用充电桩"),
    "small_micro": gettext_lazy("小店、餐馆、作坊、小公司。不清楚也可以选，我们会核对名录"),
}
PURPOSE_CHOICES = (
    ("residential", gettext_lazy("居民生活")),
    ("commercial", gettext_lazy("开店、办公")),
    ("industrial", gettext_lazy("工厂、加工生产")),
    ("agricultural", gettext_lazy("种植、养殖、灌溉")),
    ("public", gettext_lazy("学校、医院、路灯等公共事业")),
    ("charging", gettext_lazy("电动车充电")),
)
SUPPLIES_CHOICES = (
    ("1", gettext_lazy("一路")),
    ("2", gettext_lazy("两路")),
)
SUPPLIES_HINTS = {
    "1": gettext_lazy("绝大多数用户是一路"),
    "2": gettext_lazy("停电会造成人身危险或重大损失的单位，例如医院"),
}
WORKS_CHOICES = (
    ("no", gettext_lazy("不用")),
    ("yes", gettext_lazy("要")),
    ("unknown", gettext_lazy("不清楚，请现场勘查时判断")),
)
WORKS_HELP = gettext_lazy("外线工程：从公共电网的电杆或分支箱，到您家门口或红线，要新拉一段线路。")
ZONE_CHOICES = (
    ("", gettext_lazy("不清楚，按所在区县判断")),
    ("central_urban", gettext_lazy("中心城区")),
    ("urban", gettext_lazy("市区")),
    ("town", gettext_lazy("镇上")),
    ("rural", gettext_lazy("村里")),
)
