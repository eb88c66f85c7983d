"""Desk and applicant forms, made from the commands themselves, so that they can never disagree.

A form field is described once: label, hint, kind of control. What was typed stays typed when the
command is refused.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tongdian.law.plan import load_plan
from tongdian.service.casework.errors import FieldError
from tongdian.service.connection.commands import COMMANDS
from tongdian.service.connection.labels import CHOICES, LABELS

ROWS = 4


@dataclass
class ActionForm:
    """A Django form for one kind of event, plus its repeating rows."""

    kind: str
    form: forms.Form
    rows: list[forms.Form] = field(default_factory=list)
    rows_name: str = ""

    def data(self) -> dict[str, Any]:
        """What was typed, as the command wants it; empty answers are left out."""
        typed = {
            name: self.form.data.get(self.form.add_prefix(name), "") for name in self.form.fields
        }
        for name, control in self.form.fields.items():
            if isinstance(control, forms.MultipleChoiceField):
                typed[name] = self.form.data.getlist(self.form.add_prefix(name))  # type: ignore[attr-defined]
        answers = {name: value for name, value in typed.items() if value not in ("", [])}
        if self.rows_name:
            filled = [_row_data(row) for row in self.rows]
            answers[self.rows_name] = [row for row in filled if row]
        return answers

    def add_errors(self, errors: Sequence[FieldError], language: str) -> None:
        """Put each error beside its field; those of no field of the form go on top."""
        chinese = language.startswith("zh")
        for error in errors:
            text = error.rule_zh if chinese else error.rule_en
            remedy = error.remedy_zh if chinese else error.remedy_en
            form, name = self._locate(error.field)
            form.add_error(name, f"{text}{'。' if chinese else '. '}{remedy}" if remedy else text)

    def _locate(self, path: str) -> tuple[forms.Form, str | None]:
        head, _dot, rest = path.partition(".")
        if head == self.rows_name and rest:
            index, _dot, name = rest.partition(".")
            if index.isdigit() and int(index) < len(self.rows):
                row = self.rows[int(index)]
                return row, name if name in row.fields else None
        return self.form, head if head in self.form.fields else None


def action_form(
    kind: str, data: Any = None, *, choices: Mapping[str, Sequence[tuple[str, str]]] | None = None
) -> ActionForm:
    """The form of an event kind. `choices` gives controls that depend on the case (assignees)."""
    fields: dict[str, forms.Field] = {}
    rows_name, row_model = "", None
    for name, info in COMMANDS[kind].model_fields.items():
        inner = _row_model(info)
        if inner is not None:
            rows_name, row_model = name, inner
            continue
        fields[name] = _control(name, info, (choices or {}).get(name))
    bound = data if data is not None else None
    form = _form(fields, bound, kind)
    rows = []
    if row_model is not None:
        controls = {n: _control(n, i, None, row=True) for n, i in row_model.model_fields.items()}
        rows = [_form(dict(controls), bound, f"{kind}-{rows_name}-{i}") for i in range(ROWS)]
    return ActionForm(kind, form, rows, rows_name)


def _form(fields: Mapping[str, forms.Field], data: Any, prefix: str) -> forms.Form:
    form = forms.Form(data, prefix=prefix)
    form.fields.update(fields)
    return form


def _row_data(row: forms.Form) -> dict[str, str]:
    typed = {name: row.data.get(row.add_prefix(name), "").strip() for name in row.fields}
    return {name: value for name, value in typed.items() if value}


def _row_model(info: FieldInfo) -> type[BaseModel] | None:
    """The model of a repeating row, for `tuple[Model, ...]`."""
    if get_origin(info.annotation) is not tuple:
        return None
    inner = get_args(info.annotation)[0]
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """The type under Annotated and Optional."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [a for a in get_args(annotation) if a is not type(None)]
        return _bare(kept[0])
    return annotation


def _control(
    name: str,
    info: FieldInfo,
    choices: Sequence[tuple[str, str]] | None,
    *,
    row: bool = False,
) -> forms.Field:
    label, hint = LABELS.get(name, (gettext_lazy(name), ""))
    required = info.is_required() and not row
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    kind = _bare(info.annotation)
    initial = None if info.is_required() or info.default in (None, "") else info.default
    if name == "ground":
        choices = [(g.id, _(g.zh)) for g in load_plan().pause_grounds]
    if choices is not None:
        return forms.ChoiceField(choices=[("", "—"), *choices], **common)
    if get_origin(kind) is Literal:
        options = [(str(v), CHOICES.get(str(v), str(v))) for v in get_args(kind)]
        if initial is None and not required:
            options = [("", "—"), *options]
        return forms.ChoiceField(choices=options, initial=initial, **common)
    if get_origin(kind) is tuple:
        inner = _bare(get_args(kind)[0])
        options = [(str(v), CHOICES.get(str(v), str(v))) for v in get_args(inner)]
        return forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **common
        )
    if kind is date:
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **common)
    if kind is Decimal:
        return forms.CharField(widget=forms.TextInput({"inputmode": "decimal"}), **common)
    if kind is int:
        return forms.CharField(widget=forms.TextInput({"inputmode": "numeric"}), **common)
    long = name in ("reason", "remedy", "problem", "note", "comment", "evidence", "answer")
    widget = forms.Textarea({"rows": 2}) if long else forms.TextInput()
    return forms.CharField(widget=widget, initial=initial, **common)
