"""`/desk/permits/handovers/`: what departments' own systems have not taken, and trying again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdian.service.approval.callbacks_handover import retry_now
from tongdian.service.approval.models import HandOver
from tongdian.service.approval.route_words import pick
from tongdian.service.casework.processes import CONNECTION, definition_of
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.selectors import organisation_names

PAGE = 30
READERS = ("officer", "supervisor", "auditor", "administrator")


def untaken(actor: Actor) -> QuerySet[HandOver]:
    """What has not been taken, given up first: of the officer's own department, else of all."""
    rows = HandOver.objects.exclude(state=HandOver.State.TAKEN).order_by("state", "pk")
    if actor.has("officer") and actor.organisation != WINDOW:
        return rows.filter(department=actor.organisation)
    return rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handovers_view(request: HttpRequest) -> HttpResponse:
    """The list; POST lets what was given up be tried again."""
    actor = actor_of(request)
    if not actor.has(*READERS):
        raise PermissionDenied(_("部门系统的转送由审批部门、政务服务中心和系统管理员处理。"))
    may_retry = actor.has("officer", "administrator")
    rows = untaken(actor)
    if request.method == "POST":
        if not may_retry:
            raise PermissionDenied(_("只有审批部门、政务服务中心和系统管理员可以重新转送。"))
        count = retry_now(rows)
        words = ngettext("%(n)s 项重新排队，一分钟内转送", "%(n)s 项重新排队，一分钟内转送", count)
        messages.success(request, words % {"n": count})
        return redirect("permits-handovers")
    sheet = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names, rules = organisation_names(), definition_of(CONNECTION).process.rules
    context = {
        "actor": actor,
        "here": "handovers",
        "sheet": sheet,
        "rows": [
            {
                "over": row,
                "department": names.get(row.department, row.department),
                "what": pick(rules[row.kind].zh, rules[row.kind].en),
                "gave_up": row.state == HandOver.State.GAVE_UP,
            }
            for row in sheet.object_list
        ],
        "given_up": rows.filter(state=HandOver.State.GAVE_UP).count(),
        "may_retry": may_retry,
        "opens_cases": not actor.has("administrator"),
    }
    return render(request, "approval/desk_handovers.html", context)
