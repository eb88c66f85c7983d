"""`/exchange/console/inbound/` and `/messages/`: for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdian.service.casework.errors import InvalidInput
from tongdian.service.exchange import following, gateway, sources
from tongdian.service.exchange.forms import SourceForm, say
from tongdian.service.exchange.models import Follower, Inbound, Message, SetAside, Source
from tongdian.service.exchange.selectors import in_words, is_overdue, parked, waited_for
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.rules import organisation_of

PAGE = 25
PARKED_SHOWN = 50
View = Callable[..., HttpResponse]
INBOUND_COLOURS = {"handled": "teal", "refused": "grey", "parked": "paused", "failed": "overdue"}
MESSAGE_COLOURS = {"pending": "grey", "sent": "teal", "gave_up": "overdue"}


def administrators_only(view: View) -> View:
    """Give the view the administrator as `actor`, or refuse."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not actor.has("administrator"):
            raise PermissionDenied(_("只有系统管理员可以看来信和短信。"))
        return view(request, actor, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@administrators_only
def inbound(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sources, what waits for an earlier message, and what came last; POST adds a source."""
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        home = organisation_of(fields.pop("organisation"))
        try:
            source, secret = sources.create_source(organisation=home, actor=actor, **fields)
        except InvalidInput as error:
            say(form, error)
        else:
            return _key_page(request, source, secret)
    page = Paginator(
        Inbound.objects.select_related("source").order_by("-id"), PAGE
    ).get_page(request.GET.get("page"))  # fmt: skip
    waiting = parked()
    context = {
        "form": form,
        "sources": Source.objects.select_related("organisation"),
        "waiting": [
            {"message": row, "is_overdue": is_overdue(row), "waited_for": waited_for(row)}
            for row in waiting[:PARKED_SHOWN]
        ],
        "waiting_count": waiting.count(),
        "page": page,
        "rows": [
            (row, str(Inbound.State(row.state).label), INBOUND_COLOURS[row.state]) for row in page
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "exchange/inbound.html", context, status=status)


def _key_page(request: HttpRequest, source: Source, secret: str) -> HttpResponse:
    if not secret:
        messages.success(request, _("已登记。"))
        return redirect("exchange:inbound")
    return render(request, "exchange/source_key_once.html", {"source": source, "secret": secret})


@require_POST
@administrators_only
def source_key(request: HttpRequest, actor: Actor, source: str) -> HttpResponse:
    """A new secret, shown once; the old one lives for a day."""
    row = get_object_or_404(Source, pk=source)
    return _key_page(request, row, sources.add_key(row, actor=actor))


@require_POST
@administrators_only
def source_active(request: HttpRequest, actor: Actor, source: str) -> HttpResponse:
    """Take a source's messages, or refuse them."""
    row = get_object_or_404(Source, pk=source)
    sources.switch_source(row, request.POST.get("active") == "1", actor=actor)
    messages.success(request, _("已启用。") if row.active else _("已停用。"))
    return redirect("exchange:inbound")


@require_GET
@administrators_only
def told(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Words to people, masked; followers of the log and what they have set aside."""
    rows = Message.objects.exclude(channel=Message.Channel.IN_APP).order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            {
                "message": row,
                "words": in_words(row).replace("{code}", "••••"),
                "channel": Message.Channel(row.channel).label,
                "status": (str(Message.State(row.state).label), MESSAGE_COLOURS[row.state]),
            }
            for row in page
        ],
        "has_gateway": gateway.is_configured(),
        "end": following.end_of_log(),
        "followers": Follower.objects.order_by("name"),
        "set_aside": SetAside.objects.order_by("-dead", "index")[:PARKED_SHOWN],
    }
    return render(request, "exchange/told.html", context)


@require_POST
@administrators_only
def set_aside_again(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let an event that was set aside be handled again at once."""
    get_object_or_404(SetAside, pk=pk)
    following.retry_now(pk)
    messages.success(request, _("马上再试。"))
    return redirect("exchange:told")
