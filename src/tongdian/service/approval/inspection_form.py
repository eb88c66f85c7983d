"""The inspection on the spot: every line met or not, what was measured, photographs, the term."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.calendar import local_date
from tongdian.service.approval.inspection_checklist import Check
from tongdian.service.approval.restoration_form import PHOTOS, PhotoField
from tongdian.service.casework import clock

ANSWERS = (("met", gettext_lazy("符合")), ("unmet", gettext_lazy("不符合")))


class InspectionForm(forms.Form):
    """One field for each line of the checklist."""

    use_required_attribute = False

    def __init__(self, *args: Any, checks: list[Check], **kwargs: Any) -> None:
        self.checks = checks
        super().__init__(*args, **kwargs)
        for check in checks:
            self.fields[f"result-{check.id}"] = forms.ChoiceField(
                label=check.text,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("请选择符合或不符合：%(what)s") % {"what": check.text}
                },
            )
            if check.limit is not None:
                self.fields[f"measured-{check.id}"] = forms.DecimalField(
                    label=_("实测"), min_value=0, decimal_places=2, max_digits=9,
                    error_messages={"required": _("请填写实测值")},
                )  # fmt: skip
        self.fields["notes"] = forms.CharField(
            label=_("发现的情况"),
            required=False,
            max_length=600,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("有不符合的，写明在哪里、差多少、怎样整改"),
        )
        self.fields["photo"] = PhotoField(
            label=_("现场照片"),
            required=False,
            widget=forms.ClearableFileInput({"accept": PHOTOS, "capture": "environment"}),
        )
        self.fields["rectify_by"] = forms.DateField(
            label=_("整改期限"),
            required=False,
            widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            help_text=_("有不符合的才填"),
        )

    def rows(self) -> list[dict[str, Any]]:
        """The lines with their controls."""
        return [
            {
                "check": check,
                "result": self[f"result-{check.id}"],
                "measured": self[f"measured-{check.id}"] if check.limit is not None else None,
            }
            for check in self.checks
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for check in self.checks:
            self._agrees(check, cleaned)
        if self.unmet(cleaned):
            self._term(cleaned.get("rectify_by"))
            if not cleaned.get("notes", "").strip():
                self.add_error("notes", _("有不符合的，请写明发现的情况"))
        return dict(cleaned)

    def _agrees(self, check: Check, cleaned: dict[str, Any]) -> None:
        """A measured value decides: nobody ticks met for what is over the limit."""
        measured = cleaned.get(f"measured-{check.id}")
        if measured is None or check.limit is None:
            return
        met = check.met_by(str(measured))
        said = cleaned.get(f"result-{check.id}")
        if said == "met" and met is False:
            text = _("实测 %(value)s 超过 %(limit)s，不能选“符合”")
            self.add_error(f"result-{check.id}", text % {"value": measured, "limit": check.limit})

    def _term(self, day: date | None) -> None:
        if day is None:
            self.add_error("rectify_by", _("有不符合的，请给出整改期限"))
        elif day <= local_date(clock.now()):
            self.add_error("rectify_by", _("整改期限须在今天以后"))

    def unmet(self, cleaned: dict[str, Any]) -> list[Check]:
        """The lines that were found unmet."""
        return [c for c in self.checks if cleaned.get(f"result-{c.id}") == "unmet"]

    def record(self) -> list[dict[str, str]]:
        """The answers, for the record of the inspection."""
        return [
            {
                "id": check.id,
                "zh": check.zh,
                "en": check.en,
                "result": str(self.cleaned_data[f"result-{check.id}"]),
                "measured": str(self.cleaned_data.get(f"measured-{check.id}") or ""),
            }
            for check in self.checks
        ]

    def findings(self, record: str) -> str:
        """What the event says: the lines unmet, what was noted, and the record by digest."""
        unmet = self.unmet(self.cleaned_data)
        lines = [_("不符合：%(what)s") % {"what": check.text} for check in unmet]
        lines = lines or [_("各项均符合")]
        if self.cleaned_data["notes"].strip():
            lines.append(self.cleaned_data["notes"].strip())
        return "\n".join([*lines, _("核查记录 SHA-256 %(digest)s") % {"digest": record}])[:1000]
