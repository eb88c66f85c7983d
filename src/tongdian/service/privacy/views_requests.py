"""`/my-data/requests/`: requests to erase, decided by an administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongdian.service.casework.errors import CaseworkError
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.privacy.erasing import ErasureRefused, decide_erasure
from tongdian.service.privacy.selectors import requests_to_decide

PAGE = 50


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.has("administrator"):
        raise PermissionDenied(_("只有系统管理员可以办理删除申请。"))
    return actor


@never_cache
@require_GET
def requests_view(request: HttpRequest) -> HttpResponse:
    """Requests, those to decide first. The administrator sees numbers, never the data."""
    actor = _administrator(request)
    found = requests_to_decide(actor).order_by("-state", "-id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/requests.html", {"page": page})


@never_cache
@require_POST
def decide_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase, or say why not."""
    actor = _administrator(request)
    erase = request.POST.get("decision") == "erase"
    try:
        decide_erasure(pk, actor=actor, erase=erase, answer=request.POST.get("answer", ""))
    except ErasureRefused as error:
        english = (get_language() or "").startswith("en")
        messages.error(request, f"{error.en if english else error.zh} {error.clause}".strip())
    except CaseworkError:
        messages.error(request, _("这个办件现在不能删除。"))
    else:
        messages.success(request, _("已删除个人信息。") if erase else _("已答复：不予删除。"))
    return redirect("privacy:requests")
