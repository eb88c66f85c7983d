"""`/exchange/console/registries/`: whether the state's systems answer, and what was got of them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdian.service.casework import clock
from tongdian.service.exchange import gateway
from tongdian.service.exchange.models import Message, StoredFact
from tongdian.service.exchange.registries.configuration import CREDIT, configuration
from tongdian.service.exchange.registries.plugin import Health, health_of
from tongdian.service.exchange.registries.records import AUTHORITIES
from tongdian.service.exchange.views_admin import administrators_only
from tongdian.service.identity.actors import Actor

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One system: `status` are words and colour; counts are of the last day, `waiting` of now."""

    name: str
    authority: str
    status: tuple[str, str, str]
    words: str
    obtained: int = 0
    waiting: int = 0
    missing: int = 0
    last: datetime | None = None


@require_GET
@administrators_only
def registries(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every registry is asked now, all at the same time; nobody waits longer than for one."""
    found = configuration()
    checks: list[Callable[[], Health]] = [one.check for one in found.registries.values()]
    if found.credit is not None:
        credit = found.credit
        checks.append(lambda: health_of(credit))
    context = {
        "rows": _rows(_ask(checks)),
        "gateway": gateway.is_configured(),
        "queued": Message.objects.filter(state=Message.State.PENDING).count(),
        "asked_at": clock.now(),
    }
    return render(request, "exchange/registries.html", context)


def _ask(checks: Sequence[Callable[[], Health]]) -> list[Health]:
    if not checks:
        return []
    with ThreadPoolExecutor(len(checks)) as threads:
        return list(threads.map(lambda check: check(), checks))


def _rows(answers: Sequence[Health]) -> list[Row]:
    counts = _counts()
    return [_row(health, counts.get(health.registry, {})) for health in answers]


def _row(health: Health, counts: dict[str, Any]) -> Row:
    english = (get_language() or "").startswith("en")
    if health.registry == CREDIT:
        name, authority = _("信用平台"), _("市发展改革委")
    else:
        name, authority = _name(health.registry), AUTHORITIES[health.registry][english]
    return Row(
        name,
        authority,
        _status(health.is_well),
        "" if health.is_well else (health.en if english else health.zh),
        counts.get("obtained", 0),
        counts.get("waiting", 0),
        counts.get("missing", 0),
        counts.get("last"),
    )


def _name(registry: str) -> str:
    names = {
        "identity": _("身份信息"),
        "business": _("营业执照"),
        "real_estate": _("不动产登记"),
        "land_planning": _("用地和规划"),
        "projects": _("投资项目"),
    }
    return names.get(registry, registry)


def _status(is_well: bool | None) -> tuple[str, str, str]:
    """Words, colour and sign."""
    if is_well is None:
        return _("暂停查询"), "paused", "pause"
    return (_("正常"), "teal", "check") if is_well else (_("没有应答"), "overdue", "warning")


def _counts() -> dict[str, dict[str, Any]]:
    """By registry, in one query."""
    since = clock.now() - LATELY
    state = StoredFact.State
    rows = StoredFact.objects.values("registry").annotate(
        obtained=Count("pk", filter=Q(state=state.OBTAINED, obtained_at__gte=since)),
        waiting=Count("pk", filter=Q(state=state.PENDING)),
        missing=Count("pk", filter=Q(state=state.UNAVAILABLE)),
        last=Max("obtained_at"),
    )
    return {str(row["registry"]): dict(row) for row in rows}
