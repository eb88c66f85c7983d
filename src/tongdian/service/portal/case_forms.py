"""The applicant's forms on a case: one for each thing an applicant may do, in plain words."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tongdian.law.process import CaseState
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case
from tongdian.service.connection import commands
from tongdian.service.connection.process import RATED_AFTER
from tongdian.service.identity.actors import Actor
from tongdian.service.look.listed_answers import add_pair, pairs_of, refuse_unanswered
from tongdian.service.portal.forms import PartForm, PlainText, radio, words_of

ACCEPT = "application/pdf,image/png,image/jpeg"
ROUTE_REASONS = (
    ("cost", gettext_lazy("费用")),
    ("route", gettext_lazy("线路走向")),
    ("voltage", gettext_lazy("电压等级")),
    ("capacity", gettext_lazy("容量")),
    ("timing", gettext_lazy("时间")),
    ("other", gettext_lazy("其他")),
)
WITHDRAW_REASONS = (
    ("plans_changed", gettext_lazy("计划有变，不办了")),
    ("applied_twice", gettext_lazy("重复申请")),
    ("cost", gettext_lazy("费用原因")),
    ("too_slow", gettext_lazy("办理太慢")),
    ("other", gettext_lazy("其他原因")),
)
STAR_CHOICES = (
    ("5", gettext_lazy("非常满意")),
    ("4", gettext_lazy("满意")),
    ("3", gettext_lazy("基本满意")),
    ("2", gettext_lazy("不满意")),
    ("1", gettext_lazy("非常不满意")),
)
STEP_NAMES = {
    "application": gettext_lazy("用电申请"),
    "scheme": gettext_lazy("供电方案"),
    "energisation": gettext_lazy("装表接电"),
}


class CaseForm(PartForm):
    """A form of one action. `data_for` gives what `connection.actions.act` wants."""

    def __init__(self, *args: Any, state: CaseState, **kwargs: Any) -> None:
        self.state = state
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fields that depend on the case."""

    def data_for(self, actor: Actor, case: Case) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if v not in ("", None, [])}


class ConfirmForm(CaseForm):
    """Nothing to fill in: the button is the answer."""


class WithdrawForm(CaseForm):
    model = commands.Withdraw
    checked = ("reason_code",)
    reason_code = radio(gettext_lazy("为什么撤回？"), WITHDRAW_REASONS)


class DisputeForm(CaseForm):
    model = commands.DisputeScheme
    checked = ("reason_code", "reason")
    reason_code = radio(gettext_lazy("对哪一方面有异议？"), ROUTE_REASONS)
    reason = forms.CharField(
        label=gettext_lazy("您的意见"),
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("写清楚您希望怎样改，供电企业会据此重新答复"),
    )


class CompletionForm(CaseForm):
    model = commands.ReportCompletion
    checked = ("completed_on", "contractor_licence")
    completed_on = forms.CharField(
        label=gettext_lazy("受电工程哪天完工的？"), widget=forms.TextInput({"type": "date"})
    )
    contractor_licence = PlainText(
        label=gettext_lazy("施工单位许可证编号"),
        help_text=gettext_lazy("承装（修、试）电力设施许可证"),
        required=False,
    )


class RateForm(CaseForm):
    model = commands.Rate
    checked = ("step", "stars", "comment")
    step = radio(gettext_lazy("评价哪一步？"), ())
    stars = radio(gettext_lazy("您满意吗？"), STAR_CHOICES)
    comment = forms.CharField(
        label=gettext_lazy("说说您的感受"),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )

    def prepare(self) -> None:
        steps = unrated_steps(self.state)
        field = self.fields["step"]
        field.choices = [(step, STEP_NAMES[step]) for step in steps]  # type: ignore[attr-defined]
        if len(steps) == 1:
            field.initial = steps[0]


class EvidenceForm(CaseForm):
    file = forms.FileField(
        label=gettext_lazy("选择文件"),
        help_text=gettext_lazy("PDF 或照片（JPG、PNG），不超过 10 MB"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
    )
    about = PlainText(label=gettext_lazy("这是什么材料？"), required=False, max_length=200)

    def data_for(self, actor: Actor, case: Case) -> dict[str, Any]:
        kept = store_evidence(self.cleaned_data["file"], actor=actor, case=case)
        return {
            "digest": kept.digest,
            "media_type": kept.media_type,
            "size_bytes": kept.size_bytes,
            "name": kept.name[:80],
            "about": self.cleaned_data["about"],
        }


class DeficiencyForm(CaseForm):
    """A text and a file for each item of the one list; each item needs at least one of the two."""

    def prepare(self) -> None:
        self.listed = list(self.state.facts.get("deficiency_listed", {}).get("items", []))
        for index, item in enumerate(self.listed):
            add_pair(
                self,
                index,
                label=item["problem"],
                remedy=item["remedy"],
                accept=ACCEPT,
                longest=1000,
                rows=3,
            )

    def pairs(self) -> list[tuple[Any, Any]]:
        """Bound text and file of each item, for the page."""
        return [*pairs_of(self, len(self.listed))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_unanswered(self, cleaned, len(self.listed))
        return cleaned

    def data_for(self, actor: Actor, case: Case) -> dict[str, Any]:
        answers = []
        for index, item in enumerate(self.listed):
            answer = {"field": item["field"], "answer": self.cleaned_data[f"answer-{index}"] or ""}
            file = self.cleaned_data[f"file-{index}"]
            if file:
                answer["digest"] = self._store(index, file, actor, case)
            answers.append(answer)
        return {"answers": answers}

    def _store(self, index: int, file: Any, actor: Actor, case: Case) -> str:
        try:
            return store_evidence(file, actor=actor, case=case).digest
        except InvalidInput as error:
            moved = [_renamed(item, f"file-{index}") for item in error.errors]
            raise InvalidInput(moved) from None


def _renamed(error: FieldError, name: str) -> FieldError:
    return FieldError(name, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en)


def unrated_steps(state: CaseState) -> list[str]:
    """Finished steps without a rating, in order."""
    return [
        step
        for step, kinds in RATED_AFTER.items()
        if any(state.done.get(kind) for kind in kinds) and not state.done.get(f"step_rated:{step}")
    ]


FORMS: Mapping[str, type[CaseForm]] = {
    "owner_confirmed": ConfirmForm,
    "deficiency_answered": DeficiencyForm,
    "scheme_accepted": ConfirmForm,
    "scheme_disputed": DisputeForm,
    "completion_reported": CompletionForm,
    "step_rated": RateForm,
    "withdrawn": WithdrawForm,
    "consent_withdrawn": ConfirmForm,
    "evidence_added": EvidenceForm,
}

__all__ = ["FORMS", "CaseForm", "DeficiencyForm", "unrated_steps", "words_of"]
