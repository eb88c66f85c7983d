"""Forms of the administrator's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdian.service.identity.names import ROLE_NAMES
from tongdian.service.identity.actors import STAFF_ROLES
from tongdian.service.identity.models import Organisation


class NewUserForm(forms.Form):
    """A staff account; the person sets up the second factor at the first sign-in."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    display_name = forms.CharField(label=_("姓名"), max_length=80)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("单位"))
    password = forms.CharField(label=_("初始密码"), widget=forms.PasswordInput, min_length=12)


class GrantForm(forms.Form):
    role = forms.ChoiceField(
        label=_("角色"), choices=[(role.value, ROLE_NAMES[role]) for role in sorted(STAFF_ROLES)]
    )


class ClientForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("单位"))
