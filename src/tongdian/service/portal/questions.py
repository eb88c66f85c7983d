"""The questions of an application, one per page, in order; which of them apply is decided here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdian.law.identifiers import IdentifierError, parse_resident_id, parse_uscc
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.connection import commands
from tongdian.service.portal.documents import documents_complete
from tongdian.service.portal.forms import (
    KIND_CHOICES,
    KIND_HINTS,
    PURPOSE_CHOICES,
    SUPPLIES_CHOICES,
    SUPPLIES_HINTS,
    WORKS_CHOICES,
    WORKS_HELP,
    ZONE_CHOICES,
    PartForm,
    PlainText,
    part_of,
    radio,
)
from tongdian.service.portal.places import district_choices, zone_of
from tongdian.service.portal.shared_facts import is_offered, is_settled

Answers = Mapping[str, Any]


class FilerForm(PartForm):
    filer = radio(
        _("您替谁办电？"),
        (
            ("self", _("为自己或自家办")),
            ("agent", _("我是单位的经办人，替本单位办")),
            ("contractor", _("我是施工单位或代办人，替业主办")),
        ),
        hints={"contractor": _("提交后业主会收到查询码，业主确认后才开始计时")},
    )


class KindForm(PartForm):
    applicant_kind = radio(_("用电人是谁？"), KIND_CHOICES, hints=KIND_HINTS)
    checked = ("applicant_kind",)


class PlaceForm(PartForm):
    district = forms.ChoiceField(label=_("区、县、开发区"), choices=district_choices)
    address = PlainText(
        label=_("详细地址"), help_text=_("写到门牌号，例如：示例街道示例路 12 号 1 楼")
    )
    zone = forms.ChoiceField(label=_("那里是"), choices=ZONE_CHOICES, required=False)
    lon = PlainText(label=_("经度"), required=False, help_text=_("点地图自动填写，也可以不填"))
    lat = PlainText(label=_("纬度"), required=False)
    checked = ("district", "address", "lon", "lat")


class PurposeForm(PartForm):
    purpose = radio(_("用电主要做什么？"), PURPOSE_CHOICES)
    checked = ("purpose",)


class LoadForm(PartForm):
    load_kw = PlainText(
        label=_("一共要用多大功率？"),
        help_text=_("所有电器同时用的最大功率。一台普通空调约 1.5 kW，一家小店常为 8 到 15 kW。"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    checked = ("load_kw",)

    def clean_load_kw(self) -> str:
        return str(self.cleaned_data["load_kw"]).replace(",", "").replace("，", "")


class SuppliesForm(PartForm):
    supplies = radio(_("需要几路电源？"), SUPPLIES_CHOICES, hints=SUPPLIES_HINTS)
    checked = ("supplies",)


class WorksForm(PartForm):
    external_works = radio(_("要从外面拉新线路吗？"), WORKS_CHOICES, help_text=WORKS_HELP)
    checked = ("external_works",)


class IdentityForm(PartForm):
    """Name, identifier and telephone of the one who will use the electricity."""

    name = PlainText(label=_("姓名"), help_text=_("与身份证上的一致"))
    id_number = PlainText(
        label=_("身份证号码"),
        help_text=_("18 位。最后一位是校验码，输错一位我们会马上告诉您"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    phone = PlainText(
        label=_("联系电话"),
        help_text=_("只用于联系这一次办电"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    checked = ("name", "phone")

    def __init__(self, *args: Any, answers: Answers, **kwargs: Any) -> None:
        self.id_type = id_type_of(answers)
        super().__init__(*args, **kwargs)
        if self.id_type == "uscc":
            self.fields["name"].label = _("单位名称")
            self.fields["name"].help_text = _("与营业执照上的一致")
            self.fields["id_number"].label = _("统一社会信用代码")
            self.fields["id_number"].help_text = _(
                "营业执照上的 18 位代码。最后一位是校验码，输错一位我们会马上告诉您"
            )

    def clean_id_number(self) -> str:
        text = str(self.cleaned_data["id_number"]).replace(" ", "").upper()
        parse = parse_resident_id if self.id_type == "resident_id" else parse_uscc
        try:
            parse(text)
        except IdentifierError as error:
            self.add_words(
                [
                    FieldError(
                        "id_number", error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en
                    )
                ]
            )
        return text


class AgentForm(PartForm):
    """Whoever files for somebody else."""

    agent_name = PlainText(label=_("您的姓名"))
    agent_phone = PlainText(
        label=_("您的电话"), widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        renamed = {
            target: cleaned[source]
            for source, target in (("agent_name", "name"), ("agent_phone", "phone"))
            if cleaned.get(source)
        }
        try:
            commands.parse(part_of(commands.Application, tuple(renamed)), renamed)
        except InvalidInput as error:
            self.add_words(
                [
                    FieldError(
                        f"agent_{item.field}",
                        item.rule_zh,
                        item.rule_en,
                        item.remedy_zh,
                        item.remedy_en,
                    )
                    for item in error.errors
                ]
            )
        return cleaned


@dataclass(frozen=True)
class Question:
    """One page. `fields` are the answers it is about; `form` is None where a view has its own."""

    id: str
    title: Any
    form: type[PartForm] | None
    applies: Callable[[Answers], bool] = lambda answers: True
    needs_answers: bool = False

    def build(self, answers: Answers, data: Any = None) -> PartForm:
        """The form, with what was typed before, or bound to what was sent."""
        assert self.form is not None
        extra = {"answers": answers} if self.needs_answers else {}
        if data is not None:
            return self.form(data, **extra)
        return self.form(initial={k: v for k, v in answers.items() if isinstance(v, str)}, **extra)

    def complete(self, answers: Answers) -> bool:
        """Whether its answers are all there and right."""
        if self.id == "documents":
            return documents_complete(answers)
        if self.id == "facts":
            return is_settled(answers)
        if self.form is None:
            return True
        form = self.build(answers, {k: str(v) for k, v in answers.items()})
        return form.is_valid()


def _not_resident(answers: Answers) -> bool:
    return answers.get("applicant_kind") != "resident"


def _for_another(answers: Answers) -> bool:
    return answers.get("filer") in ("agent", "contractor")


QUESTIONS = (
    Question("filer", _("谁来办"), FilerForm),
    Question("applicant", _("用电人"), KindForm),
    Question("place", _("用电地址"), PlaceForm),
    Question("purpose", _("用途"), PurposeForm),
    Question("load", _("功率"), LoadForm),
    Question("supplies", _("电源"), SuppliesForm, _not_resident),
    Question("works", _("外线工程"), WorksForm, _not_resident),
    Question("identity", _("身份"), IdentityForm, needs_answers=True),
    Question("agent", _("经办人"), AgentForm, _for_another),
    Question("facts", _("取用证照"), None, is_offered),
    Question("documents", _("材料"), None),
    Question("check", _("核对并提交"), None),
)


def questions_for(answers: Answers) -> list[Question]:
    """The pages that apply, given what is answered so far: the true step count."""
    return [question for question in QUESTIONS if question.applies(answers)]


def question_of(question_id: str, answers: Answers) -> Question | None:
    return next((q for q in questions_for(answers) if q.id == question_id), None)


def next_question(question: Question, answers: Answers) -> Question:
    """The page after `question`; once every answer is right, changing one leads back to check."""
    pages = questions_for(answers)
    place = pages.index(question)
    return pages[min(place + 1, len(pages) - 1)]


def first_incomplete(answers: Answers) -> Question:
    """The page on which somebody who returns goes on."""
    pages = questions_for(answers)
    for question in pages:
        if not question.complete(answers):
            return question
    return pages[-1]


def id_type_of(answers: Answers) -> str:
    """一证办电: a resident shows the identity card, everybody else the one certificate."""
    return "resident_id" if answers.get("applicant_kind") == "resident" else "uscc"


def application_of(answers: Answers, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The answers as the data of an Application command; of skipped pages nothing is used."""
    names = ["applicant_kind", "district", "address", "purpose", "load_kw"]
    names += ["name", "id_number", "phone", "lon", "lat", "construction_permit", "project_code"]
    if _not_resident(answers):
        names += ["supplies", "external_works"]
    data = {name: answers[name] for name in names if answers.get(name)}
    data["load_kw"] = str(data.get("load_kw", "")).replace(",", "").replace("，", "")
    data["id_number"] = str(data.get("id_number", "")).replace(" ", "").upper()
    data["id_type"] = id_type_of(answers)
    data["zone"] = answers.get("zone") or zone_of(str(answers.get("district", "")))
    data["channel"] = "online"
    data["documents"] = documents
    if _for_another(answers):
        data["agent"] = {
            "name": answers.get("agent_name", ""),
            "phone": answers.get("agent_phone", ""),
        }
    if answers.get("filer") == "contractor":
        data["owner"] = {"name": answers.get("name", ""), "phone": answers.get("phone", "")}
    return data
