"""Completing an item: a text, a file or both for each line of the department's one list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.process import Branch
from tongdian.service.approval.labels import paper_name
from tongdian.service.approval.packet_form import ACCEPT, words_of
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.service.look.listed_answers import add_pair, pairs_of, refuse_unanswered

LONGEST = 300


class CorrectionForm(forms.Form):
    """`listed` are the lines of the list, each with `field`, `problem` and `remedy`."""

    use_required_attribute = False

    def __init__(self, *args: Any, listed: list[dict[str, str]], **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(*args, **kwargs)
        for place, line in enumerate(listed):
            add_pair(
                self,
                place,
                label=_("%(paper)s：%(problem)s")
                % {"paper": paper_name(line["field"]), "problem": line["problem"]},
                remedy=line["remedy"],
                accept=ACCEPT,
                longest=LONGEST,
                rows=2,
                file_hint=gettext_lazy("PDF 或照片（JPG、PNG），不超过 10 MB"),
            )

    def pairs(self) -> list[tuple[Any, Any]]:
        """Text and file of each line, for the page."""
        return [*pairs_of(self, len(self.listed))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_unanswered(self, cleaned, len(self.listed))
        return dict(cleaned)

    def data_for(self, item: str, case: Case, actor: Actor) -> dict[str, Any] | None:
        """What the action wants; keeps the files. None when a file was refused, which then stands
        at its field."""
        lines, materials = [], []
        for place, line in enumerate(self.listed):
            said = self.cleaned_data[f"answer-{place}"]
            file = self.cleaned_data[f"file-{place}"]
            if file:
                try:
                    kept = store_evidence(file, actor=actor, case=case)
                except InvalidInput as error:
                    self.add_error(f"file-{place}", words_of(error.errors[0]))
                    continue
                materials.append({"kind": line["field"], "form": "2", "digest": kept.digest})
                said = f"{said}（{kept.name}）" if said else kept.name
            lines.append(f"{place + 1}. {said}")
        if self.errors:
            return None
        return {"item": item, "answer": "\n".join(lines), "materials": materials}


def listed_of(branch: Branch) -> list[dict[str, str]]:
    """The department's list."""
    return list(branch.facts.get("item_correction_listed", {}).get("items", []))
