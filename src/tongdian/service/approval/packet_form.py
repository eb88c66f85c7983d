"""One form for all departments: when, how, whom to call, and each paper once."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.calendar import local_date
from tongdian.service.approval.route_materials import Paper, item_names, papers_for
from tongdian.service.approval.route_words import chinese, pick
from tongdian.service.casework import clock, commands
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.works.permits import Assessment

ACCEPT = "application/pdf,image/png,image/jpeg"
METHODS = (
    ("open_cut", gettext_lazy("开挖")),
    ("trenchless", gettext_lazy("非开挖（顶管、拉管）")),
    ("overhead", gettext_lazy("架空")),
    ("mixed", gettext_lazy("多种方式")),
)
LONGEST_DAYS = 365
PLAIN = (
    "starts_on", "ends_on", "method", "works", "lanes_kept", "contractor", "contact_name",
    "contact_phone",
)  # fmt: skip


class _Contact(commands.Command):
    """What the form asks of text, checked as everywhere."""

    kind = "permits_form"
    works: commands.LongText
    lanes_kept: commands.OptionalText = ""
    contractor: commands.ShortText
    contact_name: commands.ShortText
    contact_phone: commands.Phone


def words_of(error: FieldError) -> str:
    """Rule and remedy of a refused field in the reader's language."""
    rule, remedy = pick(error.rule_zh, error.rule_en), pick(error.remedy_zh, error.remedy_en)
    if not remedy:
        return rule
    return f"{rule}。{remedy}" if chinese() else f"{rule}. {remedy}"


class PacketForm(forms.Form):
    """The packet. `typed` is what earlier visits left, files included."""

    use_required_attribute = False
    starts_on = forms.DateField(
        label=gettext_lazy("计划哪天开工？"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("计划哪天恢复完毕？"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("道路和绿化恢复好的那一天；占用、挖掘不得超过批准的期限"),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("怎样施工？"), choices=METHODS, widget=forms.RadioSelect
    )
    works = forms.CharField(
        label=gettext_lazy("施工内容"),
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("沟宽、沟深、占用面积、是否夜间施工"),
    )
    lanes_kept = forms.CharField(
        label=gettext_lazy("交通怎样保障？"), required=False, widget=forms.Textarea({"rows": 2})
    )
    contractor = forms.CharField(label=gettext_lazy("施工单位"), max_length=80)
    contact_name = forms.CharField(label=gettext_lazy("现场联系人"), max_length=80)
    contact_phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20)

    def __init__(
        self,
        *args: Any,
        assessment: Assessment,
        kept: dict[str, Any],
        known: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.kept: dict[str, dict[str, str]] = dict(kept.get("materials", {}))
        later = set(kept.get("later", []))
        self.papers = papers_for(assessment)
        self.assessment = assessment
        known = {name: kept.get(name) or (known or {}).get(name, "") for name in PLAIN}
        kwargs.setdefault("initial", known)
        super().__init__(*args, **kwargs)
        for paper in self.papers:
            self.fields[f"file-{paper.kind}"] = forms.FileField(
                label=paper.name,
                required=self._wanted(paper),
                widget=forms.ClearableFileInput({"accept": ACCEPT}),
                help_text=_("交给：%(items)s") % {"items": item_names(paper.items(assessment))},
            )
            self.fields[f"file-{paper.kind}"].of_a_pair = True  # type: ignore[attr-defined]
            self.fields[f"later-{paper.kind}"] = forms.BooleanField(
                label=_("先容缺受理，稍后补交"), required=False, initial=paper.kind in later
            )
        for name, field in self.fields.items():
            field.error_messages["required"] = (
                _("请上传，或选择先容缺受理")
                if name.startswith("file-")
                else _("请填写：%(label)s") % {"label": field.label}
            )

    def _wanted(self, paper: Paper) -> bool:
        """Whether the paper has to come with this visit."""
        return paper.kind not in self.kept and not self.data.get(f"later-{paper.kind}")

    def rows(self) -> list[dict[str, Any]]:
        """The papers with their two controls and the file that is already here."""
        return [
            {
                "paper": paper,
                "file": self[f"file-{paper.kind}"],
                "later": self[f"later-{paper.kind}"],
                "kept": self.kept.get(paper.kind),
            }
            for paper in self.papers
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_text(cleaned)
        self._check_dates(cleaned.get("starts_on"), cleaned.get("ends_on"))
        return dict(cleaned)

    def _check_text(self, cleaned: dict[str, Any]) -> None:
        names = [name for name in _Contact.model_fields if cleaned.get(name)]
        given = {name: cleaned[name] for name in names}
        try:
            commands.parse(_Contact, given)
        except InvalidInput as error:
            for each in error.errors:
                if each.field in given:
                    self.add_error(each.field, words_of(each))

    def _check_dates(self, starts: date | None, ends: date | None) -> None:
        today = local_date(clock.now())
        if starts and starts < today:
            self.add_error("starts_on", _("开工日期不能早于今天"))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("恢复完毕的日期不能早于开工日期"))
        if starts and ends and (ends - starts).days > LONGEST_DAYS:
            self.add_error("ends_on", _("占用、挖掘的期限最长一年，请分期申报"))

    def keep_files(self, case: Case, actor: Actor) -> None:
        """Keep the files of this visit, so that none has to be sent twice; a refused one gets its
        error beside it."""
        refused: dict[str, str] = {}
        for paper in self.papers:
            upload = self.files.get(f"file-{paper.kind}")
            if upload is None:
                continue
            try:
                stored = store_evidence(upload, actor=actor, case=case)
            except InvalidInput as error:
                refused[f"file-{paper.kind}"] = words_of(error.errors[0])
            else:
                self.kept[paper.kind] = {"digest": stored.digest, "name": stored.name}
            self.fields[f"file-{paper.kind}"].required = False
        self.full_clean()
        for name, words in refused.items():
            if name in self.errors:
                del self.errors[name]
            self.add_error(name, words)

    def typed(self) -> dict[str, Any]:
        """What to keep of this visit."""
        later = [p.kind for p in self.papers if self.data.get(f"later-{p.kind}")]
        words = {name: _printable(self.data.get(name, "")) for name in PLAIN}
        return {**words, "materials": self.kept, "later": later}


def _printable(text: str) -> str:
    return "".join(c for c in str(text) if c >= " " or c in "\n\t")[:1000]


def papers_of(typed: dict[str, Any], papers: list[Paper]) -> list[dict[str, str]]:
    """The packet's papers as the event lists them: kind, form, digest."""
    found = []
    for paper in papers:
        kept = typed.get("materials", {}).get(paper.kind)
        if kept:
            found.append({"kind": paper.kind, "form": "2", "digest": kept["digest"]})
        elif paper.kind in typed.get("later", []):
            found.append({"kind": paper.kind, "form": "4"})
    return found
