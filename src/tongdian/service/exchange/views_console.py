"""`/exchange/console/`: endpoints, how they do, and what can be done with them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdian.service.casework.errors import InvalidInput
from tongdian.service.exchange import cloudevents, endpoints, health
from tongdian.service.exchange.following import case_events, end_of_log
from tongdian.service.exchange.forms import EndpointForm, RangeForm, say
from tongdian.service.exchange.models import Delivery, Endpoint
from tongdian.service.exchange.selectors import (
    endpoints_for,
    in_words,
    kind_choices,
    manages_any,
    messages_to,
)
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.rules import organisation_of

PAGE = 25
View = Callable[..., HttpResponse]


def managers_only(view: View) -> View:
    """Give the view the actor, who manages endpoints, or refuse."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not manages_any(actor):
            raise PermissionDenied(_("只有系统管理员和接入单位的人员可以看投递台。"))
        return view(request, actor, *args, **kwargs)

    return guarded


@require_GET
@managers_only
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All endpoints with their health, and what we have told their owners."""
    rows = list(endpoints_for(actor))
    hours = health.last_day(rows)
    context = {
        "rows": [
            {
                "endpoint": row,
                "status": status_of(row),
                "picture": health.picture(hours[row.pk]),
                "finding": health.finding(hours[row.pk]),
            }
            for row in rows
        ],
        "notices": [(m, in_words(m)) for m in messages_to(actor.organisation)[:5]],
        "is_administrator": actor.has("administrator"),
    }
    return render(request, "exchange/console.html", context)


COLOURS = {"active": "teal", "paused": "grey", "failing": "overdue", "disabled": "grey"}
DELIVERY_COLOURS = {
    "pending": "grey", "delivered": "teal", "gave_up": "overdue", "dropped": "grey",
}  # fmt: skip


def status_of(endpoint: Endpoint) -> tuple[str, str]:
    """Words and colour; an active one whose last attempts all failed is not called fine."""
    if endpoint.state == Endpoint.State.ACTIVE and endpoint.failures:
        return _("重试中"), "overdue"
    return str(Endpoint.State(endpoint.state).label), COLOURS[endpoint.state]


@require_http_methods(["GET", "POST"])
@managers_only
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add an endpoint; its secrets are shown once, on the answer itself."""
    choose = actor.has("administrator")
    form = EndpointForm(request.POST if request.method == "POST" else None, choose=choose)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        code = fields.pop("organisation", actor.organisation)
        try:
            endpoint, shown = endpoints.create_endpoint(
                organisation=organisation_of(code), actor=actor, **fields
            )
        except InvalidInput as error:
            say(form, error)
        else:
            return render(request, "exchange/secrets_once.html",
                          {"endpoint": endpoint, "shown": shown, "is_new": True})  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "exchange/endpoint_new.html", {"form": form}, status=status)


def own_endpoint(actor: Actor, pk: int) -> Endpoint:
    """One that the actor manages; 404 with no hint whether it exists."""
    found = endpoints_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@managers_only
def endpoint(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One endpoint: health, what can be done, and its last deliveries."""
    return endpoint_page(request, own_endpoint(actor, pk), RangeForm())


def endpoint_page(
    request: HttpRequest, shown: Endpoint, form: RangeForm, status: int = 200
) -> HttpResponse:
    """The page of an endpoint, with the form of a range as it stands."""
    state = request.GET.get("state", "")
    deliveries = shown.deliveries.order_by("-id")
    if state in Delivery.State.values:
        deliveries = deliveries.filter(state=state)
    hours = health.last_day([shown])[shown.pk]
    words = dict(kind_choices())
    page = Paginator(deliveries, PAGE).get_page(request.GET.get("page"))
    context = {
        "endpoint": shown,
        "status": status_of(shown),
        "picture": health.picture(hours),
        "finding": health.finding(hours),
        "kinds": [words.get(kind, kind) for kind in shown.kinds],
        "match": [f"{name}={value}" for name, value in shown.match.items()],
        "keys": shown.secrets.order_by("-id"),
        "page": page,
        "rows": [delivery_row(row, words) for row in page],
        "states": Delivery.State.choices,
        "state": state,
        "form": form,
        "end": end_of_log(),
    }
    return render(request, "exchange/endpoint.html", context, status=status)


def delivery_row(row: Delivery, words: dict[str, str]) -> dict[str, Any]:
    """A delivery as the table shows it."""
    return {
        "delivery": row,
        "what": words.get(row.kind, _("测试消息") if row.index is None else row.kind),
        "status": (str(Delivery.State(row.state).label), DELIVERY_COLOURS[row.state]),
    }


def _resume(endpoint: Endpoint, actor: Actor) -> str:
    count = endpoints.resume(endpoint, actor=actor)
    return ngettext(
        "已恢复，%(n)s 条马上重发。", "已恢复，%(n)s 条马上重发。", count
    ) % {"n": count}  # fmt: skip


def _pause(endpoint: Endpoint, actor: Actor) -> str:
    endpoints.pause(endpoint, actor=actor)
    return _("已暂停。期间的事件都留着，恢复后按顺序补发。")


def _disable(endpoint: Endpoint, actor: Actor) -> str:
    endpoints.disable(endpoint, actor=actor)
    return _("已停用。")


def _test(endpoint: Endpoint, actor: Actor) -> str:
    endpoints.send_test(endpoint, actor=actor)
    return _("已排队一条测试消息，刷新本页看结果。")


COMMANDS = {"pause": _pause, "resume": _resume, "disable": _disable, "test": _test}


@require_POST
@managers_only
def command(request: HttpRequest, actor: Actor, pk: int, name: str) -> HttpResponse:
    """Pause, resume, disable, or send a test."""
    shown = own_endpoint(actor, pk)
    try:
        messages.success(request, COMMANDS[name](shown, actor))
    except InvalidInput as error:
        messages.error(request, _("没有做：%(why)s") % {"why": error.errors[0].rule_zh})
    return redirect("exchange:endpoint", pk=pk)


@require_POST
@managers_only
def rotate(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """New secrets, shown once."""
    shown = own_endpoint(actor, pk)
    secrets = endpoints.rotate_secrets(shown, actor=actor)
    return render(request, "exchange/secrets_once.html", {"endpoint": shown, "shown": secrets})


@require_POST
@managers_only
def replay_range(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Deliver a range of the log again."""
    shown = own_endpoint(actor, pk)
    form = RangeForm(request.POST)
    if form.is_valid():
        try:
            count = endpoints.replay_range(shown, **form.cleaned_data, actor=actor)
        except InvalidInput as error:
            say(form, error)
        else:
            messages.success(request, _("%(n)s 条已排队重发。") % {"n": count})
            return redirect("exchange:endpoint", pk=pk)
    return endpoint_page(request, shown, form, status=422)


@require_http_methods(["GET", "POST"])
@managers_only
def delivery(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One delivery: what was sent, what came back; POST sends it again."""
    row = Delivery.objects.select_related("endpoint__organisation").filter(pk=pk).first()
    if row is None:
        raise Http404
    own_endpoint(actor, row.endpoint_id)
    if request.method == "POST":
        endpoints.replay(row, actor=actor)
        messages.success(request, _("已排队重发。"))
        return redirect("exchange:delivery", pk=pk)
    context = {**delivery_row(row, dict(kind_choices())), "endpoint": row.endpoint,
               "body": _body(row)}  # fmt: skip
    return render(request, "exchange/delivery.html", context)


def _body(row: Delivery) -> str:
    import json

    from tongdian.service.casework.models import LogLeaf

    if row.index is None:
        body = cloudevents.trial_event(row.pk, row.created_at)
    else:
        body = cloudevents.cloud_event(case_events(LogLeaf.objects.filter(index=row.index))[0])
    return json.dumps(body, ensure_ascii=False, indent=2)
