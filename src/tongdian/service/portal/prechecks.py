"""预检: the answer before applying, from the plan as data, in words and with its clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.plan import Document, Payment, Plan, load_plan
from tongdian.law.precheck import Answer, answer
from tongdian.law.tracks import Reason, RequestError, SupplyRequest
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.portal.clauses import ClauseLink, clause_link
from tongdian.service.portal.forms import (
    KIND_CHOICES,
    KIND_HINTS,
    PURPOSE_CHOICES,
    SUPPLIES_CHOICES,
    SUPPLIES_HINTS,
    WORKS_CHOICES,
    WORKS_HELP,
    PartForm,
    PlainText,
    radio,
)
from tongdian.service.portal.places import district_choices
from tongdian.service.portal.words import pick, track_name

USUAL_PURPOSE = {
    "resident": "residential",
    "small_micro": "commercial",
    "enterprise": "industrial",
    "other": "public",
}
PAYERS = {
    "utility": gettext_lazy("供电企业出"),
    "applicant": gettext_lazy("您出"),
    "government": gettext_lazy("政府出"),
    "free_choice": gettext_lazy("您选"),
}


def payer(payment: Payment) -> str:
    """Who pays; for a choice that is the customer's own, that it is."""
    return str(PAYERS.get(payment.id) or PAYERS[payment.who])


class PrecheckForm(PartForm):
    """What the answer depends on; the place only travels on to the application."""

    district = forms.ChoiceField(
        label=gettext_lazy("区、县、开发区"), choices=district_choices, required=False
    )
    address = PlainText(label=gettext_lazy("地址"), required=False)
    lon = PlainText(label=gettext_lazy("经度"), required=False)
    lat = PlainText(label=gettext_lazy("纬度"), required=False)
    applicant_kind = radio(gettext_lazy("谁用电？"), KIND_CHOICES, hints=KIND_HINTS)
    purpose = radio(gettext_lazy("用电主要做什么？"), PURPOSE_CHOICES, required=False)
    load_kw = PlainText(
        label=gettext_lazy("一共要用多大功率？"),
        help_text=gettext_lazy("一台普通空调约 1.5 kW，一家小店常为 8 到 15 kW"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    supplies = radio(
        gettext_lazy("需要几路电源？"), SUPPLIES_CHOICES, hints=SUPPLIES_HINTS, required=False
    )
    external_works = radio(
        gettext_lazy("要从外面拉新线路吗？"), WORKS_CHOICES, help_text=WORKS_HELP, required=False
    )
    checked = ("lon", "lat", "applicant_kind", "load_kw")

    def clean_load_kw(self) -> str:
        return str(self.cleaned_data["load_kw"]).replace(",", "").replace("，", "")

    def request(self) -> SupplyRequest:
        return request_of(self.cleaned_data)


def request_of(answers: Mapping[str, Any]) -> SupplyRequest:
    """Answers of a form or a draft as a supply request. A resident is not asked everything."""
    kind = str(answers.get("applicant_kind", ""))
    resident = kind == "resident"
    try:
        load = Decimal(str(answers.get("load_kw", "")).replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise RequestError(
            "load_kw", "必须是数字", "Must be a number", "例如 8 或 12.5", "For example 8 or 12.5"
        ) from None
    return SupplyRequest(
        purpose=str(answers.get("purpose") or USUAL_PURPOSE.get(kind, "commercial")),
        applicant_kind=kind,
        load_kw=load,
        supplies=1 if resident else int(answers.get("supplies") or 1),
        external_works="unknown" if resident else str(answers.get("external_works") or "unknown"),
    )


def found_answer(request: SupplyRequest) -> Answer:
    """The answer for an application filed today. Raises InvalidInput with the rule in words."""
    try:
        return answer(request, load_plan(settings.PLAN), default_calendar(), today())
    except RequestError as error:
        raise InvalidInput(
            [
                FieldError(
                    error.field, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en
                )
            ]
        ) from None


def today() -> date:
    return local_date(clock.now())


@dataclass(frozen=True)
class Line:
    """A statement with the clause behind it."""

    text: str
    clause: ClauseLink
    note: str = ""


@dataclass(frozen=True)
class AnswerPage:
    """An answer as the page shows it."""

    answer: Answer
    headline: str
    track: str
    steps: list[str]
    bring: list[Line]
    fill_in: list[Line]
    never_asked: list[Line]
    later: list[Line]
    payments: list[Line]
    reasons: list[Line]
    caution: Line | None
    promise_clause: ClauseLink
    whole_process: bool


def answer_page(found: Answer, request: SupplyRequest) -> AnswerPage:
    """Every line of the answer with its clause."""
    plan = load_plan(settings.PLAN)
    promise = plan.value(found.track.promise_key)
    return AnswerPage(
        answer=found,
        headline=pick(found.headline_zh, found.headline_en),
        track=track_name(found.track.id),
        steps=[pick(step.zh, step.en) for step in found.track.steps],
        bring=[_paper(d, plan) for d in found.asked if d.handling == "ask"],
        fill_in=[_paper(d, plan) for d in found.asked if d.handling == "form"],
        never_asked=[_paper(d, plan) for d in found.shared],
        later=[_paper(d, plan) for d in found.later],
        payments=[
            Line(pick(p.zh, p.en), clause_link(p.clause, plan), payer(p)) for p in found.payments
        ],
        reasons=[_reason(reason, plan) for reason in found.reasons],
        caution=_caution(found, request, plan),
        promise_clause=clause_link(promise.clause, plan, promise.quote),
        whole_process=found.track.promise_clock == "whole_process",
    )


def _reason(reason: Reason, plan: Plan) -> Line:
    return Line(pick(reason.zh, reason.en), clause_link(reason.clause, plan, reason.quote))


def _paper(document: Document, plan: Plan) -> Line:
    source = ""
    if document.handling == "shared" and document.registry:
        source = _("由%(registry)s共享") % {"registry": registry_name(document.registry)}
    return Line(pick(document.zh, document.en), clause_link(document.clause, plan), source)


def registry_name(registry: str) -> str:
    """The authority that shares a paper, in the reader's language."""
    return str(REGISTRIES.get(registry, registry))


REGISTRIES = {
    "市公安局": gettext_lazy("市公安局"),
    "市市场监督管理局": gettext_lazy("市市场监督管理局"),
    "市自然资源和规划局": gettext_lazy("市自然资源和规划局"),
    "市发展改革委": gettext_lazy("市发展改革委"),
}


def _caution(found: Answer, request: SupplyRequest, plan: Plan) -> Line | None:
    """Not knowing about external works: what the promise becomes when the survey finds them."""
    if found.track.id != "zero_lv" or request.external_works != "unknown":
        return None
    other = plan.value("promise.zero_lv_external")
    text = _("如果现场勘查认为要拉外线，承诺改为 %(days)s 个工作日，仍然不用您花钱。") % {
        "days": other.value
    }
    return Line(text, clause_link(other.clause, plan, other.quote))


@dataclass(frozen=True)
class PromiseCard:
    """What is promised if the application is submitted now."""

    track_name: str
    sentence: str
    due: date
    today: datetime
    start: date
    working_days: int
    provisional: bool
    clause: str
    label: str


def promise_of(answers: Mapping[str, Any]) -> PromiseCard | None:
    """The promise of a draft; None while its answers do not make a request."""
    try:
        request = request_of(answers)
        found = found_answer(request)
    except (InvalidInput, RequestError):
        return None
    page = answer_page(found, request)
    whole = page.whole_process
    return PromiseCard(
        page.track,
        page.headline,
        found.deadline.due,
        clock.now(),
        found.deadline.start,
        found.promise_working_days,
        found.deadline.provisional,
        page.promise_clause.reference,
        _("今天提交，最迟通电") if whole else _("今天提交，供电企业环节合计最迟"),
    )
