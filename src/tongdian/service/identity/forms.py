"""Forms of sign-in, sign-up and administration. Rules live in the actions."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.identity.actors import PRECEDENCE, STAFF_ROLES
from tongdian.service.identity.models import ApiClient
from tongdian.service.identity.selectors import organisation_choices
from tongdian.service.identity.words import role_name

PASSWORD_HINT = _("至少 8 位，不能全是数字，不能是常见密码，也不能与用户名相近。")
MOBILE = RegexValidator(r"^1[3-9]\d{9}$", _("请填写 11 位手机号码，例如 19900000001。"))


class PlainMixin:
    """Labels above the fields instead of placeholders inside them."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name == "code":
                field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class LoginForm(PlainMixin, AllauthLoginForm):
    labels = {"login": _("用户名"), "password": _("密码")}


class SignupForm(PlainMixin, AllauthSignupForm):
    """An applicant's account. Name and telephone are a convenience and may stay empty."""

    labels = {
        "username": _("用户名"),
        "password1": _("密码"),
        "password2": _("再输入一次密码"),
        "display_name": _("您的称呼"),
        "phone": _("手机号码"),
    }
    hints = {
        "username": _("字母、数字和 @ . + - _，登录时使用。"),
        "password1": PASSWORD_HINT,
        "phone": _("仅用于办电进度联系。"),
    }
    display_name = forms.CharField(
        max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        max_length=11,
        required=False,
        validators=[MOBILE],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    field_order = ("username", "display_name", "phone", "password1", "password2")


class ChangePasswordForm(PlainMixin, AllauthChangePasswordForm):
    labels = {
        "oldpassword": _("当前密码"),
        "password1": _("新密码"),
        "password2": _("再输入一次新密码"),
    }
    hints = {"password1": PASSWORD_HINT}


class ReauthenticateForm(PlainMixin, AllauthReauthenticateForm):
    labels = {"password": _("密码")}


class AuthenticateForm(PlainMixin, AllauthAuthenticateForm):
    labels = {"code": _("验证码")}
    hints = {"code": _("验证器上显示的 6 位数字，或一个 8 位备用码。")}


class CodeForm(PlainMixin, AllauthCodeForm):
    labels = {"code": _("验证码")}
    hints = {"code": _("验证器上显示的 6 位数字，或一个 8 位备用码。")}


class ActivateTOTPForm(PlainMixin, AllauthActivateTOTPForm):
    labels = {"code": _("验证码")}
    hints = {"code": _("扫码后验证器上显示的 6 位数字。")}


class UserForm(forms.Form):
    """A new account; the password is made by the system."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("只能用字母、数字和 @ . + - _。"))],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    display_name = forms.CharField(label=_("姓名"), max_length=80)
    organisation = forms.ChoiceField(label=_("单位"))
    phone = forms.CharField(label=_("手机号码"), max_length=11, required=False, validators=[MOBILE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisation_choices()  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """A role to be granted."""

    role = forms.ChoiceField(label=_("角色"))
    district = forms.ChoiceField(label=_("限于区县"), required=False)

    def __init__(self, *args: Any, english: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = staff_role_choices()  # type: ignore[attr-defined]
        self.fields["district"].choices = [  # type: ignore[attr-defined]
            ("", _("全市")),
            *((d.code, d.en if english else d.zh) for d in GUIYANG_DIVISIONS.values()),
        ]


class UserFilterForm(forms.Form):
    """What to list."""

    q = forms.CharField(label=_("用户名、姓名或单位"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("角色"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", _("全部")),
            *staff_role_choices(),
            ("none", _("没有角色")),
        ]


class ApiClientForm(forms.Form):
    """A program that may call the API."""

    name = forms.CharField(label=_("名称"), max_length=120)
    organisation = forms.ChoiceField(label=_("单位"))
    scopes = forms.MultipleChoiceField(
        label=_("权限"),
        choices=ApiClient.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项权限。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisation_choices()  # type: ignore[attr-defined]


def staff_role_choices() -> list[tuple[str, str]]:
    """The roles that can be granted, in the order of a case."""
    return [(str(role), role_name(role)) for role in PRECEDENCE if role in STAFF_ROLES]
