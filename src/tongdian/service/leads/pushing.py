"""A pushed permit becomes a lead, or brings an existing one up to date: once, in whatever order.

What counts is the newest message of a permit, by the time that it carries (at one instant, by its
content). So the same messages give the same lead, however often and in whatever order they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tongdian.law.plan import load_plan
from tongdian.law.process import CaseState
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import open_case, perform
from tongdian.service.identity.actors import Actor
from tongdian.service.leads.commands import PERMITS
from tongdian.service.leads.estimates import estimate_load
from tongdian.service.leads.models import Lead, unit_digest, uscc_digest
from tongdian.service.leads.permits import IssuedPermit
from tongdian.service.leads.process import LEAD_PROCESS, TRACK, is_withdrawn

OTHER_PROJECT = (
    "这个施工许可证编号已用于另一个项目",
    "This permit number belongs to another project",
    "请核对施工许可证编号和项目代码",
    "Check the permit number and the project code",
)


@dataclass(frozen=True, slots=True)
class Received:
    """The lead's number, and what came of the message: opened, updated, withdrawn, reinstated,
    unchanged, or stale for one that is older than what is known."""

    lead: str
    outcome: str


def receive_permit(permit: IssuedPermit, *, told_at: datetime, actor: Actor) -> Received:
    """Take a permit that the approval system has sent at `told_at`. Raises InvalidInput."""
    with transaction.atomic():
        lead = _locked(permit.sgxkzbh)
        if lead is None:
            return _open(permit, told_at, actor)
        if lead.project_code != permit.project_code:
            raise InvalidInput([FieldError("sgxkzbh", *OTHER_PROJECT)])
        return _bring_up_to_date(lead, permit, told_at, actor)


def _locked(permit: str) -> Lead | None:
    """The lead of a permit, its case locked first, as every action does."""
    found = Lead.objects.filter(permit=permit).values_list("case_id", flat=True).first()
    if found is None:
        return None
    case = Case.objects.select_for_update().get(pk=found)
    lead = Lead.objects.get(case_id=found)
    lead.case = case
    return lead


def _open(permit: IssuedPermit, told_at: datetime, actor: Actor) -> Received:
    plan = load_plan().id
    payload, personal = event_parts("permit_pushed", permit, told_at, plan)
    opened = open_case(
        LEAD_PROCESS.id, "permit_pushed", actor=actor, payload=payload, personal=personal
    )
    pushed_at = opened.event.recorded_at
    Lead.objects.create(case=opened.case, pushed_at=pushed_at, **columns(payload, personal))
    if not permit.is_valid:
        _say("permit_withdrawn", opened.case.number, permit, told_at, plan, actor)
    return Received(opened.case.number, "opened")


def _bring_up_to_date(
    lead: Lead, permit: IssuedPermit, told_at: datetime, actor: Actor
) -> Received:
    number = lead.case.number
    if (told_at, permit.content) <= (lead.told_at, lead.content):
        same = permit.content == lead.content
        return Received(number, "unchanged" if same else "stale")
    if permit.content == lead.content:
        Lead.objects.filter(pk=lead.pk).update(told_at=told_at)
        return Received(number, "unchanged")
    kind = _kind(lead.case.folded, permit)
    _say(kind, number, permit, told_at, lead.case.plan, actor)
    return Received(number, kind.removeprefix("permit_"))


def _kind(state: CaseState, permit: IssuedPermit) -> str:
    """Which event a changed permit is."""
    if is_withdrawn(state) == permit.is_valid:
        return "permit_reinstated" if permit.is_valid else "permit_withdrawn"
    return "permit_updated"


def _say(
    kind: str, number: str, permit: IssuedPermit, told_at: datetime, plan: str, actor: Actor
) -> None:
    payload, personal = event_parts(kind, permit, told_at, plan)
    perform(number, kind, actor=actor, payload=payload, personal=personal)
    Lead.objects.filter(case__number=number).update(**columns(payload, personal))


def event_parts(
    kind: str, permit: IssuedPermit, told_at: datetime, plan: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Payload and personal part of an event about a permit."""
    expected = estimate_load(permit.jsgm, permit.yt, plan)
    return PERMITS[kind](
        plan=plan,
        track=TRACK,
        permit=permit.sgxkzbh,
        project_code=permit.project_code,
        engineering_code=permit.gcdm,
        district=permit.district,
        use=permit.yt,
        area_m2=permit.jsgm,
        w_per_m2=expected.w_per_m2,
        expected_kw=expected.load_kw,
        starts_on=permit.jhkgrq,
        expected_on=permit.jhjgrq,
        issued_by=permit.fzjg,
        issued_on=permit.fzrq,
        valid=permit.is_valid,
        told_at=told_at.astimezone(UTC),
        content=permit.content,
        name=permit.jsdw,
        id_number=permit.uscc,
        phone=permit.lxrsjh,
        address=permit.jsdz,
        lon=permit.jd,
        lat=permit.wd,
        real_estate_unit=permit.unit,
        project_name=permit.gcmc,
    ).split()


def columns(payload: Mapping[str, Any], personal: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a lead's row that follow from the newest event about its permit."""
    return {
        "permit": payload["permit"],
        "project_code": payload["project_code"],
        "unit_digest": unit_digest(personal.get("real_estate_unit", "")),
        "uscc_digest": uscc_digest(personal.get("id_number", "")),
        "lon": _decimal(personal.get("lon")),
        "lat": _decimal(personal.get("lat")),
        "use": payload["use"],
        "area_m2": Decimal(payload["area_m2"]),
        "expected_kw": Decimal(payload["expected_kw"]),
        "expected_on": date.fromisoformat(payload["expected_on"]),
        "told_at": datetime.fromisoformat(payload["told_at"]),
        "content": payload["content"],
    }


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
