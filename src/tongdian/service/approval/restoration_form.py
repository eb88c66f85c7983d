"""The report of a restoration: made on a phone, on the spot."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.calendar import local_date
from tongdian.service.approval.packet_form import words_of
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor

PHOTOS = "image/jpeg,image/png"
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class PhotoField(forms.FileField):
    """A photograph, by its first bytes: whatever else it is called is refused."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            head = upload.read(8)
            upload.seek(0)
            if not head.startswith(SIGNATURES):
                raise forms.ValidationError(_("请上传照片（JPG 或 PNG）"))
        return upload


def photo(label: Any) -> PhotoField:
    """A control that opens the camera of a phone."""
    return PhotoField(
        label=label,
        widget=forms.ClearableFileInput({"accept": PHOTOS, "capture": "environment"}),
        error_messages={"required": gettext_lazy("请拍一张照片")},
    )


class RestorationForm(forms.Form):
    """Photographs first; measures when they were taken."""

    use_required_attribute = False
    before = photo(gettext_lazy("恢复前的照片"))
    after = photo(gettext_lazy("恢复后的照片"))
    length_m = forms.DecimalField(
        label=gettext_lazy("恢复长度"), required=False, min_value=0, decimal_places=2, max_digits=9
    )
    area_m2 = forms.DecimalField(
        label=gettext_lazy("恢复面积"), required=False, min_value=0, decimal_places=2, max_digits=9
    )
    completed_on = forms.DateField(
        label=gettext_lazy("哪天恢复好的？"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": gettext_lazy("请填写恢复好的日期")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"completed_on": local_date(clock.now())})
        super().__init__(*args, **kwargs)

    def data_for(self, case: Case, actor: Actor) -> dict[str, Any]:
        """The command's fields; the photographs are kept on the case."""
        data: dict[str, Any] = {"completed_on": self.cleaned_data["completed_on"].isoformat()}
        for name in ("before", "after"):
            data[name] = [self._keep(name, case, actor)]
        for name in ("length_m", "area_m2"):
            if self.cleaned_data[name] is not None:
                data[name] = str(self.cleaned_data[name])
        return data

    def _keep(self, name: str, case: Case, actor: Actor) -> str:
        try:
            return store_evidence(self.cleaned_data[name], actor=actor, case=case).digest
        except InvalidInput as error:
            first = error.errors[0]
            moved = FieldError(name, first.rule_zh, first.rule_en, first.remedy_zh, first.remedy_en)
            raise InvalidInput([moved]) from None

    def add_words(self, errors: Sequence[FieldError]) -> None:
        """Each error beside its field; those of other fields on top."""
        for error in errors:
            name = error.field.partition(".")[0]
            self.add_error(name if name in self.fields else None, words_of(error))
