"""Facts instead of papers in an application: what is offered, what came, what it decides.

The draft's answers keep `facts_choice` (consent, own), `facts` (document → state, as last read),
and `declared_kind`, what the applicant had said before the register of small firms was asked.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.tracks import RequestError
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.exchange import facts
from tongdian.service.exchange.facts import FactView
from tongdian.service.identity.actors import Actor
from tongdian.service.look.templatetags.look import instant
from tongdian.service.portal import drafts
from tongdian.service.portal.models import Draft
from tongdian.service.portal.prechecks import found_answer, request_of
from tongdian.service.portal.words import fact_name, pick

WAIT_SECONDS = 2.0
CONSENT, OWN = "consent", "own"
FROM_REGISTER = {True: "small_micro", False: "enterprise"}
HANDLED = frozenset({"shared", "ask"})
Answers = Mapping[str, Any]


def holder_of(draft: Draft) -> str:
    return f"draft-{draft.pk}"


def is_offered(answers: Answers) -> bool:
    """Whether the page applies: somebody can be asked about a paper of this application, as far as
    it is known, and the applicant, whose consent it takes, is here. A contractor cannot consent
    for the owner."""
    if answers.get("filer") == "contractor" or not facts.is_configured():
        return False
    papers = _papers(answers)
    return papers is None or bool(facts.offered_documents(papers))


def is_settled(answers: Answers) -> bool:
    """Whether the applicant has chosen, about the person and the place that are typed now."""
    choice = answers.get("facts_choice")
    return choice == OWN or (choice == CONSENT and answers.get("facts_about") == about(answers))


def about(answers: Answers) -> list[str]:
    """Whom and what the consent is about."""
    typed = typed_of(answers)
    return [typed["id_number"], typed["name"], typed["address"]]


def typed_of(answers: Answers) -> dict[str, str]:
    number = str(answers.get("id_number", "")).replace(" ", "").upper()
    return {
        "id_number": number,
        "name": str(answers.get("name", "")),
        "address": str(answers.get("address", "")),
    }


def _papers(answers: Answers) -> list[str] | None:
    """What the track takes; None while that is not known."""
    try:
        track = found_answer(request_of(answers)).track
    except (InvalidInput, RequestError):
        return None
    return [document.id for document in track.documents if document.handling in HANDLED]


def wanted_documents(answers: Answers) -> list[str]:
    """The papers of the application that a registry can prove; what the track does not need is
    not asked for."""
    return facts.offered_documents(_papers(answers) or [])


def consent(draft: Draft, actor: Actor) -> None:
    """Give consent, ask, and wait for at most about two seconds."""
    answers = draft.answers
    given = facts.give_consent(
        holder_of(draft),
        documents=wanted_documents(answers),
        typed=typed_of(answers),
        actor=actor,
    )
    drafts.save_answers(draft, {"facts_choice": CONSENT, "facts_about": about(answers)})
    facts.fetch_now(given, actor=actor, seconds=WAIT_SECONDS)
    refresh(draft)


def ask_again(draft: Draft, actor: Actor) -> None:
    """Those that have not answered, once more."""
    given = facts.consent_of(holder_of(draft), typed_of(draft.answers))
    if given is not None:
        facts.fetch_now(given, actor=actor, seconds=WAIT_SECONDS)
        refresh(draft)


def take_back(draft: Draft, choice: str = "") -> None:
    """Withdraw: nothing more is fetched, what was fetched is gone, and what the applicant had said
    of the company counts again."""
    facts.withdraw_consent(holder_of(draft))
    kept: dict[str, Any] = {"facts_choice": choice, "facts": {}, "facts_about": []}
    if declared := draft.answers.get("declared_kind"):
        kept |= {"applicant_kind": declared, "declared_kind": ""}
    drafts.save_answers(draft, kept)


def refresh(draft: Draft) -> None:
    """Read anew what has come; a consent about somebody else, or gone, counts no more."""
    answers = draft.answers
    if answers.get("facts_choice") != CONSENT:
        return
    given = facts.consent_of(holder_of(draft), typed_of(answers))
    if given is None or not is_settled(answers):
        take_back(draft)
        return
    found = facts.facts_of(given)
    changed: dict[str, Any] = {"facts": {one.document: one.state for one in found}}
    kind = _kind_by_register(found, answers)
    if kind and kind != answers.get("applicant_kind"):
        declared = answers.get("declared_kind") or answers.get("applicant_kind")
        changed |= {"applicant_kind": kind, "declared_kind": declared}
    if any(answers.get(name) != value for name, value in changed.items()):
        drafts.save_answers(draft, changed)


def _kind_by_register(found: list[FactView], answers: Answers) -> str:
    """小微企业名录 decides between a small firm and another one; public bodies stay what they
    are."""
    if answers.get("applicant_kind") not in FROM_REGISTER.values():
        return ""
    licence = next((one for one in found if one.document == "licence" and one.is_proved), None)
    flag = licence.values.get("small_micro") if licence else None
    return FROM_REGISTER[flag] if isinstance(flag, bool) else ""


def found_facts(draft: Draft) -> list[FactView]:
    return facts.facts_of(facts.consent_of(holder_of(draft), typed_of(draft.answers)))


READ = {
    "identity": gettext_lazy("姓名、证号是否与您填写的一致，证件是否有效"),
    "licence": gettext_lazy("名称、法定代表人、住所、状态，是否在小微企业名录"),
    "premises": gettext_lazy("用电地址这一处的权证号、用途和面积，不看您的其他房产"),
    "planning_permit": gettext_lazy("地块、用途、建设工程规划许可证号"),
    "project_approval": gettext_lazy("项目代码、名称、备案日期"),
}
CHANGE = {"premises": "place"}


def notice_rows(answers: Answers) -> list[dict[str, Any]]:
    """What would be fetched, from whom, and what of it is looked at."""
    return [
        {
            "name": fact_name(document),
            "authority": pick(*_authority(document)),
            "read": READ[document],
        }
        for document in wanted_documents(answers)
    ]


def _authority(document: str) -> tuple[str, str]:
    return facts.authority_of(document)


def fact_rows(found: list[FactView]) -> list[dict[str, Any]]:
    """Each fact with its values, source and time, and where to change what it is about."""
    return [_fact_row(one) for one in found]


def _fact_row(one: FactView) -> dict[str, Any]:
    question = CHANGE.get(one.document, "identity")
    row: dict[str, Any] = {
        "name": fact_name(one.document),
        "authority": pick(*one.authority),
        "proved": one.is_proved,
        "pending": one.is_pending,
        "url": reverse("portal:apply-question", args=[question]),
    }
    if one.is_proved:
        assert one.obtained_at is not None
        source = _("%(authority)s，%(at)s") % {
            "authority": pick(*one.authority), "at": instant(one.obtained_at),
        }  # fmt: skip
        return row | {"text": _in_words(one), "source": source, "serial": one.serial}
    return row | {"text": pick(*one.rule), "source": pick(*one.remedy)}


def _in_words(one: FactView) -> str:
    values = one.values
    if one.document == "identity":
        return _("%(name)s，姓名与证号一致，证件有效") % {"name": values["name"]}
    if one.document == "licence":
        small = _("在小微企业名录") if values["small_micro"] else _("不在小微企业名录")
        return _("%(name)s，存续，%(small)s") % {"name": values["name"], "small": small}
    if one.document == "premises":
        return _("%(address)s，%(certificate)s") % {
            "address": values["address"], "certificate": values["certificate"],
        }  # fmt: skip
    if one.document == "planning_permit":
        return str(values["planning_permit"])
    return "；".join(f"{p['name']}（{p['code']}）" for p in values["projects"])


def _register_silent(answers: Answers) -> bool:
    """Whether only the silence of the register makes a firm of this applicant."""
    asked = answers.get("facts_choice") == CONSENT
    silent = answers.get("facts", {}).get("licence") == "pending"
    return asked and silent and answers.get("applicant_kind") == FROM_REGISTER[False]


def kind_note(answers: Answers) -> str:
    """What the register of small firms has decided, when it differs from what was said."""
    if _register_silent(answers):
        return _(
            "小微企业名录还没有答复，现在先按一般企业算。提交前查到您在名录里，自动改按“三零”服务；也可以自己上传证明。"
        )
    if not answers.get("declared_kind"):
        return ""
    if answers.get("applicant_kind") == "small_micro":
        return _("您在小微企业名录里，按“三零”服务办理，不用另外声明。")
    return _("您不在小微企业名录里，按一般企业办理。认为名录有误的，可以撤回授权，自己上传证明。")
