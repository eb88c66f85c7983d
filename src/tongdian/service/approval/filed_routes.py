"""On which route each permit of a case stands: a permit is for one route, and for no other."""

from typing import Any, Final

from tongdian.law.process import Refusal
from tongdian.service.approval.process import ALLOWING, ITEM_NAMES
from tongdian.service.approval.route_documents import digest_of
from tongdian.service.approval.route_materials import ROUTE
from tongdian.service.approval.route_plans import works_of
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.models import Case

FILINGS: Final = ("permits_filed", "items_resubmitted", "commitment_made")


def route_in(payload: dict[str, Any]) -> str:
    """The digest of the route among the materials of a filing, empty without one."""
    routes = [m.get("digest") for m in payload.get("materials", ()) if m["kind"] == ROUTE]
    return str(routes[0] or "") if routes else ""


def routes_filed(case: Case) -> dict[str, str]:
    """The digest of the route that each item was filed for last."""
    found: dict[str, str] = {}
    filings = case.events.filter(kind__in=FILINGS).order_by("seq")
    for payload in filings.values_list("payload", flat=True):
        found |= dict.fromkeys(payload.get("items", ()), route_in(payload))
    return found


def stands(case: Case, item: str, route: str) -> bool:
    """Whether the item is allowed, and for this very route."""
    branch = case.folded.branches.get(item)
    if branch is None or branch.stage not in ALLOWING:
        return False
    filed = routes_filed(case).get(item, "")
    return not filed or not route or filed == route


def route_changed(case: Case) -> bool:
    """Whether the route as drawn now is another than that of some permit that stands."""
    works = works_of(case)
    if works is None or not works.route:
        return False
    route = digest_of(works.route)
    allowed = [name for name, b in case.folded.branches.items() if b.stage in ALLOWING]
    return any(not stands(case, name, route) for name in allowed)


def refuse_standing(case: Case, kind: str, payload: dict[str, Any]) -> None:
    """What is allowed for a route is not asked for again for the same one. Raises NotAllowed."""
    if kind not in FILINGS:
        return
    route = route_in(payload)
    again = [item for item in payload["items"] if stands(case, item, route)]
    if not again:
        return
    zh, en = ITEM_NAMES[again[0]]
    refusal = Refusal(
        f"“{zh}”已经准予，路径没有变，不需要再申报",
        f"“{en}” is granted and the route has not changed; it need not be filed again",
        "行政许可法 第八条",
        "改变路径后再申报；只申报没有取得的事项",
        "Change the route first, or file only what was not granted",
    )
    raise NotAllowed(kind, refusal, case.stage, [])
