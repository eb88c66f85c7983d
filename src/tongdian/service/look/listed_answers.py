"""Answering a list of what is missing: for each line a text, a file, or both."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _


def add_pair(
    form: forms.Form,
    place: int,
    *,
    label: str,
    remedy: str,
    accept: str,
    longest: int,
    rows: int,
    file_hint: Any = "",
) -> None:
    """The two controls of line `place`: `answer-0` and `file-0` for the first. Of a pair one is
    enough and one is needed, see `refuse_unanswered`."""
    answer = forms.CharField(
        label=label,
        help_text=remedy,
        required=False,
        max_length=longest,
        widget=forms.Textarea({"rows": rows}),
    )
    file = forms.FileField(
        label=_("上传文件"),
        help_text=file_hint,
        required=False,
        widget=forms.ClearableFileInput({"accept": accept}),
    )
    answer.of_a_pair = file.of_a_pair = True  # type: ignore[attr-defined]
    form.fields |= {f"answer-{place}": answer, f"file-{place}": file}


def pairs_of(form: forms.Form, lines: int) -> list[tuple[BoundField, BoundField]]:
    """Bound text and file of each line, for the page."""
    return [(form[f"answer-{place}"], form[f"file-{place}"]) for place in range(lines)]


def refuse_unanswered(form: forms.Form, cleaned: dict[str, Any], lines: int) -> None:
    """An error at each line with neither; what is wrong already is not told twice."""
    for place in range(lines):
        answer, file = f"answer-{place}", f"file-{place}"
        answered = cleaned.get(answer) or cleaned.get(file)
        if not answered and not {answer, file} & set(form.errors):
            form.add_error(answer, _("请写明补正情况，或上传文件"))
