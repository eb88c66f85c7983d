"""`/exchange/notices/`: what the people of an organisation were told in the service."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongdian.service.exchange.selectors import in_words, manages_any, messages_to
from tongdian.service.identity.actors import actor_of

PAGE = 30


@never_cache
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """For staff of an office or department, and for the people of an integrating company."""
    actor = actor_of(request)
    if not actor.organisation or not (actor.is_staff or manages_any(actor)):
        raise PermissionDenied(_("只有单位的人员可以看本单位的通知。"))
    page = Paginator(messages_to(actor.organisation), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(message, in_words(message)) for message in page],
        "has_desk": actor.has("clerk", "engineer", "fieldworker", "lead", "officer"),
    }
    return render(request, "exchange/notices.html", context)
