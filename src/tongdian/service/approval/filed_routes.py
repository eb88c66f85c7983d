"""On which route each permit of a case stands: a permit is for one route, and for no other."""

from typing import Any

from tongdian.service.approval.filings import FILINGS, digest_in, filings_of
from tongdian.service.approval.process import ALLOWING, already_granted
from tongdian.service.approval.route_documents import digest_of
from tongdian.service.approval.route_materials import ROUTE
from tongdian.service.approval.route_plans import works_of
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.models import Case


def _allowed(case: Case) -> set[str]:
    return {name for name, b in case.folded.branches.items() if b.stage in ALLOWING}


def standing(case: Case, route: str) -> set[str]:
    """The items that are allowed, and for this very route; one filed without a route is for any."""
    allowed = _allowed(case)
    if not allowed or not route:
        return allowed
    filed: dict[str, str] = {}
    for payload in reversed(filings_of(case)):
        filed |= dict.fromkeys(payload.get("items", ()), digest_in(payload, ROUTE))
    return {item for item in allowed if filed.get(item, "") in ("", route)}


def route_changed(case: Case) -> bool:
    """Whether the route as drawn now is another than that of some permit that stands."""
    works = works_of(case)
    if works is None or not works.route:
        return False
    return _allowed(case) != standing(case, digest_of(works.route))


def refuse_standing(case: Case, kind: str, payload: dict[str, Any]) -> None:
    """What is allowed for a route is not asked for again for the same one. Raises NotAllowed."""
    if kind not in FILINGS:
        return
    stands = standing(case, digest_in(payload, ROUTE))
    again = next((item for item in payload["items"] if item in stands), None)
    if again is not None:
        raise NotAllowed(kind, already_granted(again), case.stage, [])
