"""Answers in words: for the check page before submission, and for the owner who confirms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.service.connection.labels import label
from tongdian.service.look.dates import instant_in_full
from tongdian.service.portal.forms import (
    KIND_CHOICES,
    PURPOSE_CHOICES,
    SUPPLIES_CHOICES,
    WORKS_CHOICES,
)
from tongdian.service.portal.places import district_name, zone_of
from tongdian.service.portal.questions import id_type_of, questions_for


def _chosen(choices: Any, value: Any) -> str:
    return str(dict(choices).get(str(value), value or ""))


def identifier_label(id_type: str) -> str:
    return _("身份证号码") if id_type == "resident_id" else _("统一社会信用代码")


def masked_identifier(text: str) -> str:
    """`110101********1234`: enough to recognise a slip, too little to copy."""
    return f"{text[:6]}{'*' * max(len(text) - 10, 0)}{text[-4:]}" if len(text) > 10 else text


def answer_rows(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every question that applies with its answer and the page on which to change it."""
    facts = {
        "filer": (_("谁来办"), _filer(str(answers.get("filer", "")))),
        "applicant": (_("用电人"), _chosen(KIND_CHOICES, answers.get("applicant_kind"))),
        "place": (_("用电地址"), _place(answers)),
        "purpose": (_("用途"), _chosen(PURPOSE_CHOICES, answers.get("purpose"))),
        "load": (_("功率"), _load(answers.get("load_kw"))),
        "supplies": (_("电源"), _chosen(SUPPLIES_CHOICES, answers.get("supplies"))),
        "works": (_("外线工程"), _chosen(WORKS_CHOICES, answers.get("external_works"))),
    }
    rows = []
    for question in questions_for(answers):
        change = f"{reverse('portal:apply-question', args=[question.id])}?back=check"
        if question.id in facts:
            name, text = facts[question.id]
            rows.append({"question": name, "answer": text, "url": change})
        elif question.id == "identity":
            rows += _identity_rows(answers, change)
        elif question.id == "agent":
            text = f"{answers.get('agent_name', '')}　{answers.get('agent_phone', '')}".strip()
            rows.append({"question": _("经办人"), "answer": text, "url": change})
    return rows + _permit_row(answers)


def _permit_row(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where the answers came from that nobody had to type."""
    if not answers.get("construction_permit"):
        return []
    at = instant_in_full(datetime.fromisoformat(str(answers["permit_pushed_at"])))
    text = _("%(permit)s（审批系统 %(at)s 推送，地址、用途、功率由此带出，可以修改）") % {
        "permit": answers["construction_permit"], "at": at,
    }  # fmt: skip
    change = reverse("portal:apply-question", args=["place"]) + "?back=check"
    return [{"question": _("施工许可证"), "answer": text, "url": change}]


def _filer(value: str) -> str:
    return {
        "self": _("本人或自家"),
        "agent": _("单位经办人"),
        "contractor": _("施工单位或代办人，由业主确认"),
    }.get(value, "")


def _place(answers: Mapping[str, Any]) -> str:
    district = str(answers.get("district", ""))
    zone = str(answers.get("zone") or zone_of(district))
    address = str(answers.get("address", ""))
    if not district:
        return address
    return _("%(district)s %(address)s（%(zone)s）") % {
        "district": district_name(district),
        "address": address,
        "zone": label(zone),
    }


def _load(value: Any) -> str:
    return f"{value} kW" if value else ""


def _identity_rows(answers: Mapping[str, Any], change: str) -> list[dict[str, str]]:
    id_type = id_type_of(answers)
    name = _("姓名") if id_type == "resident_id" else _("单位名称")
    return [
        {"question": name, "answer": str(answers.get("name", "")), "url": change},
        {
            "question": identifier_label(id_type),
            "answer": str(answers.get("id_number", "")),
            "url": change,
        },
        {"question": _("联系电话"), "answer": str(answers.get("phone", "")), "url": change},
    ]


def filed_rows(payload: Mapping[str, Any], personal: Mapping[str, Any]) -> list[dict[str, str]]:
    """A filed application in words, for the owner who confirms it."""
    id_type = str(personal.get("id_type", "resident_id"))
    agent = personal.get("agent") or {}
    rows = [
        (_("用电人"), str(personal.get("name", ""))),
        (identifier_label(id_type), masked_identifier(str(personal.get("id_number", "")))),
        (_("联系电话"), str(personal.get("phone", ""))),
        (
            _("用电地址"),
            f"{district_name(str(payload.get('district', '')))} {personal.get('address', '')}",
        ),
        (_("用途"), _chosen(PURPOSE_CHOICES, payload.get("purpose"))),
        (_("功率"), _load(payload.get("load_kw"))),
        (_("电源"), _chosen(SUPPLIES_CHOICES, payload.get("supplies"))),
        (_("外线工程"), _chosen(WORKS_CHOICES, payload.get("external_works"))),
        (_("代办人"), f"{agent.get('name', '')}　{agent.get('phone', '')}".strip()),
    ]
    return [{"question": name, "answer": text} for name, text in rows if text]
