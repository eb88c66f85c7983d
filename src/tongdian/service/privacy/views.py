"""`/my-data/`: what is kept of a person, who read it, and what can be done about it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdian.service.casework.models import Case
from tongdian.service.casework.receipts import NotYetSequenced
from tongdian.service.identity.actions import (
    open_case_with_code,
    revoke_party_access,
    rotate_party_access,
)
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.errors import IdentityError
from tongdian.service.identity.selectors import accesses_of, account_of, organisation_names
from tongdian.service.identity.words import role_name
from tongdian.service.privacy.erasing import (
    ErasureRefused,
    entitled,
    request_erasure,
)
from tongdian.service.privacy.export import export_all
from tongdian.service.privacy.field_map import Entry, event_fields, parts_of, tables
from tongdian.service.privacy.holdings import holdings
from tongdian.service.privacy.keeping import kept_until, needed
from tongdian.service.privacy.models import ErasureRequest, ReadRecord
from tongdian.service.privacy.reads import record_read_of
from tongdian.service.privacy.selectors import (
    consents_of,
    kept_of,
    own_cases,
    reads_of,
    requests_of,
)
from tongdian.service.privacy.words import party_name, purpose_name, what_name

PAGE = 20
READS = 30
MOST_IN_ONE_FILE = 200


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The account, and the cases whose data are this person's; a stranger learns how to get in."""
    actor = actor_of(request)
    page = Paginator(own_cases(actor), PAGE).get_page(request.GET.get("page"))
    account = account_of(actor.user_id) if actor.user_id is not None else None
    context = {"page": page, "account": account, "staff": actor.is_staff}
    return render(request, "privacy/home.html", context)


@require_GET
def what_we_keep(request: HttpRequest) -> HttpResponse:
    """The field map in words, for anyone."""
    groups: dict[str, list[Entry]] = {"events": list(dict.fromkeys(event_fields().values()))}
    for table in tables().values():
        filled = [entry for entry in table.personal.values() if not entry.empty]
        groups.setdefault(table.room, []).extend(filled)
    shown = [(_room(room), parts_of(rows)) for room, rows in groups.items() if rows]
    return render(request, "privacy/what_we_keep.html", {"groups": shown})


def _room(room: str) -> str:
    names = {
        "events": _("您在申请和办理中填写的"),
        "identity": _("账号、登录和查询码"),
        "casework": _("办件和材料"),
        "portal": _("没有提交的申请"),
        "exchange": _("通知和政府部门共享的信息"),
        "privacy": _("查看记录和删除申请"),
        "api": _("接入系统"),
        "approval": _("外线工程许可"),
        "leads": _("项目早期介入"),
    }
    return names.get(room, room)


def _own(request: HttpRequest, number: str) -> tuple[Actor, Case]:
    """A case whose data are this person's. The same 404 whether unknown or somebody else's."""
    actor = actor_of(request)
    case = own_cases(actor).filter(number=number).first()
    if case is None:
        raise Http404
    return actor, case


@never_cache
@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """One case: what is kept, who read it, consents, who can open it, and the ways to change it."""
    actor, case = _own(request, number)
    record_read_of(case, actor=actor, what="my_data")
    return _case_page(request, actor, case)


def _case_page(
    request: HttpRequest, actor: Actor, case: Case, *, status: int = 200, **more: Any
) -> HttpResponse:
    events = list(case.events.order_by("seq"))
    reads = Paginator(reads_of(case.number), READS).get_page(request.GET.get("page"))
    mine = _my_parties(actor, case)
    context = {
        "case": case,
        "categories": kept_of(events),
        "files": list(case.evidence.order_by("pk")),
        "holdings": [
            (holding, listed) for holding in holdings() if (listed := holding.listed(case.number))
        ],
        "erased": any(e.personal is None and e.sealed_digest is not None for e in events),
        "needed": needed(case),
        "kept_until": kept_until(case),
        "reads": reads,
        "rows": _read_rows(list(reads)),
        "consents": consents_of(events),
        "consent_stands": _consent_stands(consents_of(events)),
        "accesses": [
            (access, access.party in mine, "applicant" in mine)
            for access in accesses_of(case.number)
        ],
        "requests": list(requests_of(case.number)),
        "may_ask": bool(entitled(actor, case)),
        **more,
    }
    return render(request, "privacy/case.html", context, status=status)


def _consent_stands(lines: list[Any]) -> bool:
    return bool(lines) and lines[-1].given


def _my_parties(actor: Actor, case: Case) -> set[str]:
    """As which parties this person acts: by code, or as the account that applied."""
    mine = {party for number, party in actor.parties if number == case.number}
    return mine | ({"applicant"} if entitled(actor, case) == "applicant" else set())


def _read_rows(records: list[ReadRecord]) -> list[dict[str, Any]]:
    """Reads in plain words. Names of staff stay with their office; what counts is who answers."""
    units = organisation_names()
    return [
        {
            "at": row.at,
            "who": role_name(row.role),
            "office": units.get(row.organisation, row.organisation),
            "own": row.purpose == "own",
            "why": purpose_name(row.purpose),
            "what": ("、" if _chinese() else ", ").join(what_name(code) for code in row.what),
        }
        for row in records
    ]


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")


@never_cache
@require_GET
def case_json(request: HttpRequest, number: str) -> HttpResponse:
    """Everything of one case, with the proof that belongs to it."""
    actor, case = _own(request, number)
    return _file(actor, [case], None, f"my-data-{case.number}.json")


@never_cache
@require_GET
def all_json(request: HttpRequest) -> HttpResponse:
    """Everything of this person: the account and all cases (the newest two hundred)."""
    actor = actor_of(request)
    cases = list(own_cases(actor)[:MOST_IN_ONE_FILE])
    if not cases and actor.user_id is None:
        return redirect_to_login(request.path)
    return _file(actor, cases, actor.user_id, "my-data.json")


def _file(actor: Actor, cases: list[Case], user_id: int | None, name: str) -> HttpResponse:
    try:
        body = export_all(cases, user_id)
    except NotYetSequenced:
        response = HttpResponse(_("最新的记录正在写入日志，请稍后再下载。"), status=503)
        response["Retry-After"] = "2"
        return response
    for case in cases:
        record_read_of(case, actor=actor, what="my_data")
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@never_cache
@require_POST
def change_code(request: HttpRequest, number: str, party: str) -> HttpResponse:
    """Replace the own query code (the new one is shown once), or end that of another party."""
    actor, case = _own(request, number)
    mine = _my_parties(actor, case)
    acting = replace(actor, parties=actor.parties | {(number, own) for own in mine})
    by_code = (number, party) in actor.parties
    try:
        if party in mine:
            code = rotate_party_access(number, party, actor=acting)
        else:
            revoke_party_access(number, party, actor=acting)
    except IdentityError as error:
        raise PermissionDenied(error.text) from None
    if party not in mine:
        messages.success(request, _("已作废：%(party)s的查询码") % {"party": party_name(party)})
        return redirect("privacy:case", number=number)
    if by_code:
        open_case_with_code(request, number, code)
    context = {"case": case, "code": code, "party": party_name(party)}
    return render(request, "privacy/code_once.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest, number: str) -> HttpResponse:
    """What erasing means, and asking for it."""
    actor, case = _own(request, number)
    if not entitled(actor, case):
        raise PermissionDenied(_("只有申请人或业主本人可以申请删除。"))
    problem = None
    if request.method == "POST":
        try:
            request_erasure(case, actor=actor)
        except ErasureRefused as error:
            problem = error
        else:
            messages.success(request, _("已收到删除申请，三十日内办理并在这里答复。"))
            return redirect("privacy:case", number=number)
    waiting = requests_of(number).filter(state=ErasureRequest.State.OPEN).first()
    context = {
        "case": case,
        "needed": needed(case),
        "waiting": waiting,
        "problem": problem,
    }
    return render(request, "privacy/erasure.html", context, status=409 if problem else 200)
