"""Forms of the console."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongdian.service.casework.errors import InvalidInput
from tongdian.service.exchange.addresses import AddressRefused, check_and_resolve
from tongdian.service.exchange.inbound import event_types
from tongdian.service.exchange.models import Source
from tongdian.service.exchange.selectors import kind_choices
from tongdian.service.identity.selectors import organisation_choices


class EndpointForm(forms.Form):
    """A new endpoint. Without `choose`, the organisation is fixed by who asks."""

    organisation = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(label=_("名称"), max_length=80)
    url = forms.CharField(
        label=_("地址"),
        max_length=300,
        help_text=_("https 开头、公网可访问；端口 443 或 8443；不跟随跳转"),
    )
    contact = forms.EmailField(
        label=_("联系邮箱"), required=False, help_text=_("停发时给这里发邮件")
    )
    match = forms.CharField(
        label=_("只要内容相符的"),
        required=False,
        max_length=200,
        help_text=_("如 authority=GY-LYJ；多个用逗号分开，须同时相符"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("只要这些事件"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kind_choices()  # type: ignore[attr-defined]
        if choose:
            self.fields["organisation"].choices = organisation_choices()  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            check_and_resolve(url)
        except AddressRefused as error:
            raise ValidationError(_english(error.rule_zh, error.rule_en)) from None
        return url

    def clean_match(self) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for part in self.cleaned_data["match"].replace("，", ",").split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not part.strip():
                continue
            if not equals or not name or not value:
                raise ValidationError(_("请写成 名称=值，如 authority=GY-LYJ。"))
            pairs[name] = value
        return pairs


class RangeForm(forms.Form):
    """Which places of the log to deliver again."""

    first = forms.IntegerField(label=_("从第几条"), min_value=0, max_value=2**53)
    last = forms.IntegerField(label=_("到第几条"), min_value=0, max_value=2**53)


class SourceForm(forms.Form):
    """A system that may send us messages."""

    source_id = forms.SlugField(
        label=_("代号"), max_length=40, help_text=_("小写字母、数字和连字符，出现在地址里")
    )
    organisation = forms.ChoiceField(label=_("单位"))
    name = forms.CharField(label=_("名称"), max_length=80)
    key = forms.CharField(
        label=_("密钥"),
        required=False,
        max_length=120,
        help_text=_("对方的 whpk_ 公钥或双方约定的 whsec_ 密钥；留空则由我们生成"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("可以发送的消息"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一种消息。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisation_choices()  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [(t, t) for t in event_types()]  # type: ignore[attr-defined]

    def clean_source_id(self) -> str:
        source_id = str(self.cleaned_data["source_id"]).lower()
        if Source.objects.filter(pk=source_id).exists():
            raise ValidationError(_("这个代号已经有了。"))
        return source_id


def say(form: forms.Form, error: InvalidInput) -> None:
    """Put what an action refused beside its fields."""
    for item in error.errors:
        field = item.field if item.field in form.fields else None
        form.add_error(field, _english(item.rule_zh, item.rule_en))


def _english(zh: str, en: str) -> str:
    return f"{en}." if (get_language() or "").startswith("en") else f"{zh}。"
