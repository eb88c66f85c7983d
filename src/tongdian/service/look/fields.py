"""How a Django form field becomes a GOV.UK-style field: label, hint, error beside it, control."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look.icons import icon

WIDTHS = {"2", "4", "6", "10", "20"}


@dataclass(frozen=True, slots=True)
class Option:
    """One radio or checkbox."""

    tag: SafeString
    id: str
    label: str
    hint: str = ""
    value: str = ""

    @property
    def sign(self) -> SafeString:
        """As many stars as the value says, for 好差评."""
        count = int(self.value) if self.value.isdigit() else 0
        return format_html("<span class='stars-row'>{}</span>", mark_safe(icon("star") * count))


@dataclass(slots=True)
class FieldView:
    """Everything the field template needs."""

    bound: BoundField
    kind: str
    label: str
    hint: str
    errors: list[str]
    control: SafeString | str = ""
    options: list[Option] = field(default_factory=list)
    heading: bool = False
    prefix: str = ""
    suffix: str = ""
    source: str = ""
    described_by: str = ""

    @property
    def id(self) -> str:
        return str(self.bound.id_for_label or self.bound.auto_id)

    @property
    def hint_id(self) -> str:
        return f"{self.bound.auto_id}_hint"

    @property
    def error_id(self) -> str:
        return f"{self.bound.auto_id}_error"


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "group"
    return "control"


def _classes(widget: forms.Widget, width: str, kind: str) -> str:
    if kind in ("radios", "checkboxes", "checkbox"):
        return "choice-input"
    names = ["select" if isinstance(widget, forms.Select) else "input"]
    if isinstance(widget, forms.Textarea):
        names = ["textarea"]
    if isinstance(widget, forms.FileInput):
        names = ["file"]
    if width in WIDTHS:
        names.append(f"width-{width}")
    own = str(widget.attrs.get("class", ""))
    return " ".join([*names, own]).strip()


def view_field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    heading: bool = False,
    prefix: str = "",
    suffix: str = "",
    source: str = "",
    width: str = "",
) -> FieldView:
    """Prepare `bound` for the field template. What was typed stays typed."""
    widget = bound.field.widget
    kind = _kind(widget)
    text = str(label or bound.label)
    # Of a pair one is enough and one is needed: neither is optional by itself.
    of_a_pair = getattr(bound.field, "of_a_pair", False)
    if not bound.field.required and kind != "checkbox" and not of_a_pair:
        text += _("（选填）")
    view = FieldView(
        bound=bound,
        kind=kind,
        label=text,
        hint=str(hint or bound.help_text),
        errors=[str(error) for error in bound.errors],
        heading=heading,
        prefix=prefix,
        suffix=suffix,
        source=source,
    )
    ids = [view.hint_id] * bool(view.hint) + [view.error_id] * bool(view.errors)
    view.described_by = " ".join(ids)
    attrs: dict[str, Any] = {"class": _classes(widget, width, kind)}
    if view.described_by and kind in ("control", "checkbox"):
        attrs["aria-describedby"] = view.described_by
    if view.errors:
        attrs["aria-invalid"] = "true"
    if kind in ("radios", "checkboxes"):
        view.options = _options(bound, attrs)
    else:
        view.control = bound.as_widget(attrs=attrs)
    return view


def _options(bound: BoundField, attrs: dict[str, Any]) -> list[Option]:
    """The choices of a radio or checkbox group; `field.choice_hints` maps a value to its hint."""
    hints = getattr(bound.field, "choice_hints", {})
    options = []
    for item in bound.subwidgets:
        data = item.data
        data["attrs"] = {**data["attrs"], **attrs}
        hint = str(hints.get(data["value"], ""))
        if hint:
            data["attrs"]["aria-describedby"] = f"{item.id_for_label}_hint"
        tag = item.tag()
        options.append(
            Option(tag, item.id_for_label, str(item.choice_label), hint, str(data["value"]))
        )
    return options
