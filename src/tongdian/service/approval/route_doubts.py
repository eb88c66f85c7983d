"""What may be wrong with a route though it can be read: where it ends, what is known there, and
whether it is what the supply scheme says."""

from decimal import Decimal
from typing import Final

import shapely
from django.utils.translation import gettext as _

from tongdian.law.process import Refusal
from tongdian.service.approval.route_filing import can_file
from tongdian.service.approval.route_plans import Assessed, scheme_voltage
from tongdian.service.approval.route_words import pick
from tongdian.service.approval.selectors import all_allowed
from tongdian.service.casework.models import Case
from tongdian.service.casework.processes import definition_of
from tongdian.service.identity.actors import Actor
from tongdian.works.projection import city_projection

# A line that ends further from the premises than a big yard is wide was drawn for another place.
REACHES_M: Final = 200.0
ALL_ALLOWED: Final = Refusal(
    "外线工程的许可都已取得，不需要再申报",
    "All permits of the works are granted; there is nothing to file",
    "",
    "要改变路径的，先联系客户经理",
    "To change the route, talk to the customer manager first",
)


def doubts(case: Case, found: Assessed) -> list[str]:
    """In words, the gravest first; none for a route that fits."""
    return [text for text in (_far(case, found), _unknown(found), _other(case, found)) if text]


def _far(case: Case, found: Assessed) -> str:
    personal = case.events.get(seq=1).personal or {}
    if personal.get("lon") is None or personal.get("lat") is None:
        return ""
    place = city_projection().to_metres(
        shapely.Point(float(personal["lon"]), float(personal["lat"]))
    )
    metres = float(shapely.distance(place, found.in_metres))
    if metres <= REACHES_M:
        return ""
    words = _("路径离用电地点 %(metres)s 米，没有接到用电地点。请核对位置和经纬度。")
    return words % {"metres": f"{metres:,.0f}"}


def _unknown(found: Assessed) -> str:
    if not found.is_unknown:
        return ""
    return _("平台在这里没有道路、绿地资料，不能断定不需要审批。请向政务服务中心核实。")


def _other(case: Case, found: Assessed) -> str:
    """Another voltage than the scheme's, or much longer."""
    scheme = case.folded.facts.get("scheme_replied") or {}
    voltage = scheme_voltage(case)
    if voltage and Decimal(voltage) != found.assessment.voltage_kv:
        return _("供电方案是 %(scheme)s，这里选了 %(route)s kV。") % {
            "scheme": scheme["voltage"],
            "route": f"{found.assessment.voltage_kv.normalize():f}",
        }
    planned = Decimal(str(scheme.get("route_length_m") or 0))
    if planned and found.assessment.length_m > 2 * planned:
        return _("路径长 %(metres)s 米，供电方案的线路是 %(scheme)s 米。") % {
            "metres": found.assessment.length_m,
            "scheme": f"{planned.normalize():f}",
        }
    return ""


def why_not(actor: Actor, case: Case) -> str:
    """Why this person cannot file now, empty when they can or the packet is on its way."""
    if can_file(actor, case):
        return ""
    if all_allowed(case.folded):
        return pick(ALL_ALLOWED.rule_zh, ALL_ALLOWED.rule_en)
    if case.folded.branches:
        return _("许可已经申报，正在办理；每个事项的进度在办件页上。")
    if definition_of(case.process).process.refusal(case.folded, "permits_filed") is None:
        return ""
    return _("可以先画好路径；供电方案定下来、轮到施工时再申报。")
