"""A load from a list of equipment: the form of the list, and its sum in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.energy.equipment import CATEGORIES, CatalogueItem, catalogue_for
from tongdian.energy.load import Equipment, EquipmentError, LoadEstimate, estimate_load
from tongdian.service.casework.errors import FieldError
from tongdian.service.look.fields import FieldView, view_field
from tongdian.service.portal.forms import PartForm, PlainText
from tongdian.service.portal.prechecks import USUAL_PURPOSE
from tongdian.service.portal.words import pick

OWN_LINES = 3
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


def category_of(answers: Mapping[str, Any]) -> str:
    """The purpose whose equipment is offered: as answered, else usual for the kind of applicant;
    empty when neither says."""
    purpose = str(answers.get("purpose") or "")
    if purpose in CATEGORIES:
        return purpose
    return USUAL_PURPOSE.get(str(answers.get("applicant_kind") or ""), "")


@dataclass(frozen=True)
class Row:
    """A kind of equipment of the catalogue and how many of it."""

    name: str
    rated_kw: str
    count: FieldView


@dataclass(frozen=True)
class OwnRow:
    """A line that people fill in themselves."""

    number: int
    name: FieldView
    rated_kw: FieldView
    count: FieldView


class EstimateForm(PartForm):
    """How many of each; households for homes that share one supply; lines of one's own."""

    households = PlainText(
        label=gettext_lazy("几户合用这一路电？"),
        help_text=gettext_lazy("自己家用填 1"),
        initial="1",
        required=False,
        widget=forms.TextInput(NUMERIC),
    )

    def __init__(self, *args: Any, category: str, **kwargs: Any) -> None:
        self.category = category
        self.estimate: LoadEstimate | None = None
        super().__init__(*args, **kwargs)
        if category != "residential":
            del self.fields["households"]
        for item in catalogue_for(category):
            label = _("%(name)s，几台") % {"name": item_name(item)}
            self._add(f"n-{item.id}", label, {**NUMERIC, "aria-label": label})
        for n in range(1, OWN_LINES + 1):
            self._add(f"own-{n}-name", _("另外的设备 %(n)s：名称") % {"n": n}, {})
            self._add(f"own-{n}-kw", _("另外的设备 %(n)s：每台千瓦") % {"n": n}, DECIMAL)
            self._add(f"own-{n}-count", _("另外的设备 %(n)s：几台") % {"n": n}, NUMERIC)

    def _add(self, name: str, label: str, attributes: Mapping[str, str]) -> None:
        widget = forms.TextInput({"autocomplete": "off", **attributes})
        self.fields[name] = PlainText(label=label, required=False, max_length=40, widget=widget)

    @property
    def rows(self) -> list[Row]:
        return [
            Row(item_name(i), f"{i.rated_kw:f}", view_field(self[f"n-{i.id}"]))
            for i in catalogue_for(self.category)
        ]

    @property
    def own_rows(self) -> list[OwnRow]:
        return [
            OwnRow(n, *(view_field(self[f"own-{n}-{part}"]) for part in ("name", "kw", "count")))
            for n in range(1, OWN_LINES + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Add the list up, and put each refusal beside what it is about."""
        cleaned = super().clean()
        households = self._whole("households") if "households" in self.fields else 1
        lines = [*self._usual(), *self._own()]
        if self.errors:
            return cleaned
        try:
            equipment = [line for line, _field in lines]
            self.estimate = estimate_load(equipment, self.category, households)
        except EquipmentError as error:
            name = lines[error.line - 1][1] if error.line else error.field
            part = {"rated_kw": "-kw", "count": "-count"}.get(error.field, "")
            self._refuse(f"{name}{part}" if name.startswith("own-") else name, error)
        return cleaned

    def _refuse(self, name: str, error: EquipmentError) -> None:
        words = (error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en)
        self.add_words([FieldError(name, *words)])

    def _usual(self) -> list[tuple[Equipment, str]]:
        found = []
        for item in catalogue_for(self.category):
            name = f"n-{item.id}"
            if self.cleaned_data.get(name) not in ("", "0", None):
                line = Equipment(
                    item_name(item), item.rated_kw, self._whole(name), item.demand_factor
                )
                found.append((line, name))
        return found

    def _own(self) -> list[tuple[Equipment, str]]:
        found = []
        for n in range(1, OWN_LINES + 1):
            name, kw, count = (
                self.cleaned_data.get(f"own-{n}-{part}") or "" for part in ("name", "kw", "count")
            )
            if not (name or kw):
                continue
            pieces = self._whole(f"own-{n}-count") if count else 1
            line = Equipment(
                name or _("另外的设备 %(n)s") % {"n": n}, self._power(f"own-{n}-kw"), pieces
            )
            found.append((line, f"own-{n}"))
        return found

    def _whole(self, name: str) -> int:
        text = self.cleaned_data.get(name) or "1"
        if text.isascii() and text.isdigit():
            return int(text)
        self.add_error(name, _("请填整数，例如 2"))
        return 1

    def _power(self, name: str) -> Decimal:
        try:
            return Decimal(self.cleaned_data.get(name) or "")
        except InvalidOperation:
            self.add_error(name, _("请填每台的千瓦数，例如 1.5"))
            return Decimal(1)


def item_name(item: CatalogueItem) -> str:
    return pick(item.zh, item.en)


def steps_of(estimate: LoadEstimate) -> tuple[str, ...]:
    """How the sum was made, in the reader's language."""
    return estimate.steps_zh if pick("zh", "en") == "zh" else estimate.steps_en


def assumed(estimate: LoadEstimate) -> bool:
    """Whether a factor of the sum is a safe assumption in place of a published one."""
    return "default" in (estimate.coincidence.status, estimate.power_factor.status)
