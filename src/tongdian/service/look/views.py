"""Large text on and off; the gallery that shows every component."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from tongdian.service.look.context import ELDER_COOKIE

YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch 长辈版 (large text, secondary things hidden) and return to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("elder") == "1":
        response.set_cookie(ELDER_COOKIE, "1", YEAR_SECONDS, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(ELDER_COOKIE)
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, to be looked at. Demo mode only."""
    if not settings.DEMO:
        raise Http404
    from tongdian.service.look.gallery import context

    return render(request, "look/gallery.html", context())
