"""The desk's forms of a lead: a field for each thing that its command wants, no rule of its own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.service.casework.errors import FieldError
from tongdian.service.identity.selectors import Colleague
from tongdian.service.leads.labels import CHOICES, LABELS

VOLTAGES = ("380V", "10kV", "35kV", "110kV")
PREPARED = (
    "site_visited", "source_checked", "capacity_reserved", "duct_checked", "scheme_drafted",
)  # fmt: skip
UNTYING = ("other_project", "other_place", "wrong_number")
CLOSING = ("project_stopped", "no_new_load", "duplicate", "outside_area")


def _pairs(values: Sequence[str]) -> list[tuple[str, Any]]:
    return [(value, CHOICES.get(value, value)) for value in values]


def _note() -> forms.CharField:
    return forms.CharField(
        label=LABELS["note"], required=False, widget=forms.Textarea({"rows": 3}), max_length=1000
    )


class LeadForm(forms.Form):
    """A form of one action; refusals of the action stand beside their field."""

    use_required_attribute = False

    def data_for_action(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def add_refusals(self, errors: Sequence[FieldError], chinese: bool) -> None:
        for error in errors:
            name = error.field.partition(".")[0]
            rule, remedy = (
                (error.rule_zh, error.remedy_zh) if chinese else (error.rule_en, error.remedy_en)
            )
            stop = "。" if chinese else ". "
            words = f"{rule}{stop}{remedy}" if remedy else rule
            self.add_error(name if name in self.fields else None, words)


class StartForm(LeadForm):
    """Nothing is asked."""


class CompleteForm(LeadForm):
    source_point = forms.CharField(
        label=LABELS["source_point"],
        help_text=gettext_lazy("写明变电站、线路或环网柜"),
        max_length=80,
    )
    voltage = forms.ChoiceField(
        label=LABELS["voltage"], choices=[("", gettext_lazy("请选择")), *_pairs(VOLTAGES)]
    )
    available_kw = forms.CharField(
        label=LABELS["available_kw"], required=False, max_length=12,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip
    prepared = forms.MultipleChoiceField(
        label=LABELS["prepared"], choices=_pairs(PREPARED), widget=forms.CheckboxSelectMultiple
    )
    note = _note()


class TieForm(LeadForm):
    connection = forms.CharField(
        label=LABELS["connection"],
        help_text=gettext_lazy("办电案件编号，GY 开头的 16 位"),
        max_length=20,
    )

    def clean_connection(self) -> str:
        return str(self.cleaned_data["connection"]).upper().replace(" ", "")


class UntieForm(LeadForm):
    reason = forms.ChoiceField(
        label=LABELS["reason"], choices=_pairs(UNTYING), widget=forms.RadioSelect
    )
    note = _note()


class DismissForm(LeadForm):
    connection = forms.CharField(label=LABELS["connection"], widget=forms.HiddenInput)


class CloseForm(LeadForm):
    reason = forms.ChoiceField(
        label=LABELS["reason"], choices=_pairs(CLOSING), widget=forms.RadioSelect
    )
    note = _note()


class AssignForm(LeadForm):
    assignee = forms.ChoiceField(label=LABELS["assignee"])

    def __init__(self, *args: Any, colleagues: Sequence[Colleague] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)
        people = [(one.pseudonym, one.label) for one in colleagues]
        field.choices = [("", _("请选择")), *people]


FORMS: dict[str, type[LeadForm]] = {
    "preparation_started": StartForm,
    "preparation_completed": CompleteForm,
    "matched": TieForm,
    "match_undone": UntieForm,
    "match_dismissed": DismissForm,
    "closed": CloseForm,
    "assigned": AssignForm,
}
