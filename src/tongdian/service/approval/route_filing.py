"""From what was prepared to the event: the packet, whether it is complete, and filing it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS, file_permits
from tongdian.service.approval.filed_routes import route_changed
from tongdian.service.approval.filings import digest_in, filings_of
from tongdian.service.approval.packet import Packet
from tongdian.service.approval.packet_form import METHODS
from tongdian.service.approval.route_access import may
from tongdian.service.approval.route_documents import kept
from tongdian.service.approval.route_materials import ROUTE, papers_for
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.approval.route_plans import (
    Assessed,
    assessed,
    voltage_of,
    works_of,
)
from tongdian.service.approval.selectors import all_allowed
from tongdian.service.casework.commands import parse
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import Performed
from tongdian.service.identity.actors import Actor
from tongdian.service.look.dates import day_in_full
from tongdian.works.geojson import from_geojson

# For drawing what was filed; a packet is never filed without its voltage.
UNKNOWN_KV = "10"


def can_file(actor: Actor, case: Case) -> bool:
    """Whether this person may file now, for the first time or again. Once everything is allowed
    there is nothing left to file, unless for another route."""
    if all_allowed(case.folded) and not route_changed(case):
        return False
    return may(actor, case, "permits_filed") or may(actor, case, "items_resubmitted")


def file_packet(packet: Packet, *, actor: Actor, expected_seq: int | None = None) -> Performed:
    """File what is to be filed, in one event. Run it in a transaction: the documents that the
    event names are kept with it."""
    number = packet.case.number
    data: dict[str, Any] = {"items": packet.items, "materials": packet.materials()}
    known = packet.case.folded.branches
    if may(actor, packet.case, "permits_filed") or not known.keys() & set(packet.items):
        command = parse(commands.FilePermits, data)
        return file_permits(number, command, actor=actor, expected_seq=expected_seq)
    data["changes"] = _("按退回意见修改路径和材料后重新申报")
    again = parse(commands.ResubmitItems, data)
    return ACTIONS["items_resubmitted"](number, again, actor=actor, expected_seq=expected_seq)


def packet_rows(packet: Packet) -> list[dict[str, Any]]:
    """The answers, to be checked."""
    typed = packet.works.typed
    route, form = f"/permits/{packet.case.number}/route/", f"/permits/{packet.case.number}/form/"
    rows = [
        _row(_("外线路径"), _("%(m)s 米") % {"m": packet.found.assessment.length_m}, route),
        _row(_("电压等级"), f"{packet.found.assessment.voltage_kv.normalize():f} kV", route),
        _row(_("计划工期"), _period(typed), form),
        _row(_("施工方法"), str(dict(METHODS).get(typed.get("method", ""), "")), form),
        _row(_("施工内容"), typed.get("works", ""), form),
        _row(_("交通保障"), typed.get("lanes_kept") or "—", form),
        _row(_("施工单位"), typed.get("contractor", ""), form),
        _row(_("现场联系人"), f"{typed.get('contact_name')} {typed.get('contact_phone')}", form),
    ]
    for paper in papers_for(packet.found.assessment):
        kept = typed.get("materials", {}).get(paper.kind)
        rows.append(_row(paper.name, kept["name"] if kept else _("容缺，稍后补交"), form))
    return rows


def _period(typed: dict[str, Any]) -> str:
    """From the first day to the last, in full."""
    days = [date.fromisoformat(typed[name]) for name in ("starts_on", "ends_on")]
    return " — ".join(day_in_full(day) for day in days)


def _row(question: str, answer: str, url: str) -> dict[str, Any]:
    return {"question": question, "answer": answer, "url": url}


def filed_route(case: Case) -> Assessed | None:
    """The route as it was filed or committed to last, with what it touches today."""
    for payload in filings_of(case):
        digest = digest_in(payload, ROUTE)
        route = kept(case, PermitDocument.Kind.ROUTE, digest) if digest else None
        if route is not None:
            voltage = voltage_of(case, works_of(case)) or UNKNOWN_KV
            return assessed(case, from_geojson(route), voltage)
    return None
