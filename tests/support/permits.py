"""Construction permits as the approval system sends them, visibly fictitious."""

from datetime import UTC, datetime, timedelta
from typing import Any

from support.people import organisation
from support.sending import Sending
from tongdian.law.identifiers import make_project_code, make_real_estate_unit, make_uscc
from tongdian.service.casework.models import Case
from tongdian.service.exchange.signing import Key
from tongdian.service.exchange.sources import create_source
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.leads.inbound import EVENT_TYPE
from tongdian.service.leads.models import Lead
from tongdian.service.leads.permits import read_permit
from tongdian.service.leads.pushing import receive_permit

BUILDER = make_uscc(8)
PROJECT = make_project_code(2025, 3, "520102", 8)
UNIT = make_real_estate_unit("520102", 90_008, 12, 8)
NUMBER = "520102202506180108"
TOLD = datetime(2026, 3, 2, 1, tzinfo=UTC)
SENDER = Actor(frozenset({"system"}), "GY-ZJJ", "source:spgl")


def permit_data(**changes: Any) -> dict[str, Any]:
    """The data of a push, in the names of the standard."""
    return {
        "lsh": "SGXK-20260302-00000001",
        "dfsjzj": "SGXK-1",
        "xzqhdm": "520102",
        "sgxkzbh": NUMBER,
        "xmdm": PROJECT,
        "gcdm": f"{PROJECT}-001",
        "gcmc": "示例·机械厂房一期",
        "jsdw": "贵阳示例机械有限公司",
        "jsdwtyshxydm": BUILDER,
        "lxrsjh": "19900000008",
        "jsdz": "贵阳市南明区示例大道8号",
        "bdcdyh": UNIT,
        "jd": "106.714400",
        "wd": "26.568700",
        "jsgm": "8000.00",
        "yt": "industrial",
        "fzjg": "市住房和城乡建设局",
        "fzrq": "2025-06-18",
        "jhkgrq": "2025-07-01",
        "jhjgrq": "2027-12-31",
        "sjyxbs": 1,
        **changes,
    }


def push(minutes: int = 0, /, **changes: Any) -> Lead:
    """A permit received; `minutes` after the first message about it."""
    permit = read_permit(permit_data(**changes))
    told_at = TOLD + timedelta(minutes=minutes)
    receive_permit(permit, told_at=told_at, actor=SENDER)
    return Lead.objects.select_related("case").get(permit=permit.sgxkzbh)


def lead_case(number: str) -> Case:
    return Case.objects.get(number=number)


def approval_system() -> Sending:
    """The registered source `spgl`."""
    _, secret = create_source(
        source_id="spgl",
        organisation=organisation("GY-ZJJ"),
        name="示例审批系统",
        kinds=(EVENT_TYPE,),
        actor=SYSTEM,
    )
    return Sending(Key("v1", secret), "spgl")


def message(sender: Sending, sequence: int | None = 1, /, **changes: Any) -> dict[str, Any]:
    """A CloudEvent about a permit; `changes` are of its data."""
    data = permit_data(**changes)
    return sender.event(data["xmdm"], sequence, type=EVENT_TYPE, data=data)
