"""Desk and applicant forms, made from the commands themselves, so that they can never disagree.

A form field is described once: label, hint, kind of control. What was typed stays typed when the
command is refused.
"""

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tongdian.law.plan import load_plan
from tongdian.service.approval.labels import correction_choices
from tongdian.service.casework.errors import FieldError
from tongdian.service.connection.commands import COMMANDS
from tongdian.service.connection.event_words import names
from tongdian.service.connection.labels import CHOICES, DEFECTS, LABELS, LABELS_OF_KIND, SUBJECTS
from tongdian.service.connection.problems import in_words

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 30
# Files go with an event by their own control; nobody types a digest.
NOT_TYPED = frozenset({"materials"})
FEW = 4
FILE_TYPES = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
LONG = frozenset(
    {"reason", "remedy", "problem", "note", "comment", "evidence", "answer", "conditions",
     "changes", "outcome"}
)  # fmt: skip
Choices = Sequence[tuple[Any, Any]]


class ShownForm(forms.Form):
    """A form that only shows: commands check, and what they refuse is put in with `add_error`."""

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data = {}


@dataclass
class ActionForm:
    """A Django form for one kind of event, plus its repeating rows."""

    kind: str
    form: forms.Form
    rows: list[forms.Form] = field(default_factory=list)
    rows_name: str = ""
    file: forms.BoundField | None = None

    def data(self) -> dict[str, Any]:
        """What was typed, as the command wants it; empty answers are left out."""
        answers = _typed(self.form)
        if self.rows_name:
            filled = [_typed(row) for row in self.rows]
            answers[self.rows_name] = [row for row in filled if row]
        return answers

    def typed(self) -> list[tuple[str, str]]:
        """Labels and answers, for showing what was typed where the form itself has gone."""
        return [
            (str(form.fields[name].label), str(value))
            for form in (self.form, *self.rows)
            for name, value in _typed(form).items()
        ]

    @property
    def errors(self) -> bool:
        """Whether anything was refused, in the form or in a row."""
        return any(form.errors for form in (self.form, *self.rows))

    @property
    def may_grow(self) -> bool:
        return 0 < len(self.rows) < MOST_ROWS

    def add_errors(self, errors: Sequence[FieldError]) -> None:
        """Put each error beside its field; those of no field of the form go on top."""
        for error in errors:
            form, name = self._locate(error.field)
            form.add_error(name, in_words(error))

    def _locate(self, path: str) -> tuple[forms.Form, str | None]:
        head, _dot, rest = path.partition(".")
        if head == self.rows_name:
            index, _dot, name = rest.partition(".")
            rows = [row for row in self.rows if _typed(row)] or self.rows
            if index.isdigit() and int(index) < len(rows):
                row = rows[int(index)]
                return row, name if name in row.fields else None
            return self.rows[0], next(iter(self.rows[0].fields))
        return self.form, head if head in self.form.fields else None


def action_form(
    kind: str,
    data: Any = None,
    *,
    choices: Mapping[str, Choices] | None = None,
    initial: Mapping[str, Any] | None = None,
    with_file: bool = False,
) -> ActionForm:
    """The form of an event kind. `choices` gives controls that depend on the case (assignees),
    `initial` what is known beforehand. With `more_rows` in the data it grows by some rows."""
    fields: dict[str, forms.Field] = {}
    rows_name, row_model = "", None
    for name, info in COMMANDS[kind].model_fields.items():
        if name in NOT_TYPED:
            continue
        inner = _row_model(info)
        if inner is not None:
            rows_name, row_model = name, inner
            continue
        fields[name] = _control(kind, name, info, (choices or {}).get(name))
    if with_file:
        fields["file"] = _file_control(alone="evidence" not in fields)
    form = _form(fields, data, kind, initial)
    rows = []
    if row_model is not None:
        for index in range(_row_count(data)):
            controls = {n: _control(kind, n, i, None) for n, i in row_model.model_fields.items()}
            rows.append(_form(controls, data, f"{kind}-{rows_name}-{index}", None))
            rows[-1].use_required_attribute = index == 0
    return ActionForm(kind, form, rows, rows_name, form["file"] if with_file else None)


def _row_count(data: Any) -> int:
    asked = str(data.get("rows", "")) if data is not None else ""
    count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else ROWS
    more = MORE_ROWS if data is not None and "more_rows" in data else 0
    return max(1, min(count + more, MOST_ROWS))


def _form(
    fields: Mapping[str, forms.Field], data: Any, prefix: str, initial: Mapping[str, Any] | None
) -> forms.Form:
    form = ShownForm(data, prefix=prefix, initial=dict(initial or {}))
    form.fields.update(fields)
    return form


def _file_control(*, alone: bool) -> forms.Field:
    label, hint = LABELS["file"]
    widget = forms.FileInput({"accept": FILE_TYPES})
    return forms.FileField(
        label=gettext_lazy("现场照片或文件") if alone else label,
        help_text=str(hint),
        required=False,
        widget=widget,
    )


def _typed(form: forms.Form) -> dict[str, Any]:
    """The answers of one form by name. A moment is typed in Shanghai time."""
    answers: dict[str, Any] = {}
    for name, control in form.fields.items():
        key = form.add_prefix(name)
        if isinstance(control, forms.FileField):
            continue
        if isinstance(control, forms.MultipleChoiceField):
            value: Any = form.data.getlist(key)  # type: ignore[attr-defined]
        else:
            value = str(form.data.get(key, "")).strip()
            if isinstance(control.widget, forms.DateTimeInput) and value:
                value = _in_shanghai(value)
        if value not in ("", []):
            answers[name] = value
    return answers


def _in_shanghai(text: str) -> str:
    """`2026-11-24T09:30` as an instant; anything else is left for the command to refuse."""
    return f"{text}+08:00" if _LOCAL.fullmatch(text) else text


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
    kind_of_event: str, name: str, info: FieldInfo, choices: Choices | None
) -> forms.Field:
    plain_label = LABELS.get(name, (gettext_lazy(name), ""))
    label, hint = LABELS_OF_KIND.get((kind_of_event, name), plain_label)
    required = info.is_required()
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    kind = _bare(info.annotation)
    initial = None if required or info.default in (None, "") else info.default
    if choices is None and (kind_of_event, name) == ("item_correction_listed", "field"):
        choices = correction_choices()
    known = choices if choices is not None else _known_choices(name)
    if known is not None:
        return forms.ChoiceField(choices=[("", "—"), *known], **common)
    if get_origin(kind) is Literal:
        return _choice(get_args(kind), initial, common)
    if get_origin(kind) is tuple:
        inner = _bare(get_args(kind)[0])
        return forms.MultipleChoiceField(
            choices=_options(get_args(inner)), widget=forms.CheckboxSelectMultiple, **common
        )
    if kind is date:
        return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **common)
    if kind is Decimal or kind is int:
        mode = "decimal" if kind is Decimal else "numeric"
        widget = forms.TextInput({"inputmode": mode, "autocomplete": "off"})
        return forms.CharField(widget=widget, initial=initial, **common)
    if name == "instant":
        return forms.CharField(
            widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"), **common
        )
    if name in LONG:
        return forms.CharField(widget=forms.Textarea({"rows": 2}), initial=initial, **common)
    plain = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(widget=plain, initial=initial, **common)


def _known_choices(name: str) -> Choices | None:
    """Lists that the plan or the trade closes: grounds, papers and fields, defects."""
    if name == "ground":
        return [(ground.id, names(ground)) for ground in load_plan().pause_grounds]
    if name == "field":
        papers = [(paper.id, names(paper)) for paper in load_plan().documents.values()]
        return [(_("材料"), papers), (_("填写的内容"), list(SUBJECTS.items()))]
    if name == "code":
        return list(DEFECTS.items())
    return None


def _options(values: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(str(value), CHOICES.get(str(value), str(value))) for value in values]


def _choice(values: Sequence[Any], initial: Any, common: dict[str, Any]) -> forms.Field:
    """A few answers are seen at once, and none is chosen for anybody who has to choose."""
    options = _options(values)
    common["required"] = common["required"] or initial is not None
    if len(options) <= FEW:
        return forms.ChoiceField(
            choices=options, initial=initial, widget=forms.RadioSelect, **common
        )
    if initial is None:
        options = [("", "—"), *options]
    return forms.ChoiceField(choices=options, initial=initial, **common)
