"""`{% load approval_route %}`: pictures of routes and restoration, for the pages of other rooms."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from tongdian.service.approval import labels
from tongdian.service.approval.filer_state import lines_for
from tongdian.service.approval.process import ITEM_NAMES, ITEM_TABLE
from tongdian.service.approval.restoration_state import restorations_of
from tongdian.service.approval.route_answer import picture
from tongdian.service.approval.route_filing import filed_route
from tongdian.service.approval.route_links import links_for
from tongdian.service.approval.route_words import pick
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor

register = template.Library()


@register.inclusion_tag("approval/route_map.html")
def route_map(case: Case, prefix: str = "map") -> dict[str, SafeString | None]:
    """`{% route_map case %}`: the route as filed and what it touches; nothing when there is none.
    Needs `approval/route.css`. Two on a page need different prefixes."""
    found = filed_route(case)
    return {"picture": picture(case, found, prefix) if found else None}


@register.filter
def item_name(code: str) -> str:
    """市政设施建设类审批, or Municipal works."""
    return pick(*ITEM_NAMES[code]) if code in ITEM_NAMES else code


register.filter("paper_name", labels.paper_name)


@register.filter
def item_stage(stage: str) -> str:
    """Where an item stands, in words."""
    found: Any = ITEM_TABLE.get(stage)
    return pick(found.zh, found.en) if found else stage


@register.inclusion_tag("approval/restoration.html")
def restoration(case: Case) -> dict[str, Any]:
    """`{% restoration case %}`: reports of restored road and green, photographs side by side.
    Needs `approval/route.css`."""
    return {"case": case, "restorations": restorations_of(case)}


@register.inclusion_tag("approval/route_case.html")
def permits_of(case: Case, actor: Actor) -> dict[str, Any]:
    """`{% permits_of case actor %}`: how far each permit is and what the reader can do about it,
    the route, and what was restored; nothing for a case without any. Needs `approval/route.css`."""
    found = filed_route(case) if case.folded.branches else None
    return {
        "case": case,
        "links": list(links_for(actor, case)),
        "lines": lines_for(actor, case),
        "picture": picture(case, found) if found else None,
        "restorations": restorations_of(case) if found else [],
    }
