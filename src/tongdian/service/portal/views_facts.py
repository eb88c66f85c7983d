"""The page where papers may be taken from the government's systems instead of being uploaded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.service.identity.actors import actor_of
from tongdian.service.portal import shared_facts
from tongdian.service.portal.forms import PartForm, radio
from tongdian.service.portal.models import Draft
from tongdian.service.portal.questions import id_type_of
from tongdian.service.portal.throttle import too_many


class FactsForm(PartForm):
    """Consent, or not: nothing is chosen beforehand."""

    facts_choice = radio(
        gettext_lazy("您怎么提供？"),
        (
            (shared_facts.CONSENT, gettext_lazy("同意，请从上面的系统取用")),
            (shared_facts.OWN, gettext_lazy("不同意，我自己上传")),
        ),
        hints={shared_facts.OWN: gettext_lazy("不影响办理，也不会变慢")},
    )


def answer_facts(request: HttpRequest, draft: Draft) -> tuple[str, FactsForm | None]:
    """Do what the page asks. Returns what comes next: "next", "stay", or "wrong" with the form."""
    if "withdraw" in request.POST:
        shared_facts.take_back(draft)
        messages.success(request, _("授权已撤回，取用的内容已删除。请选择自己上传，或重新授权。"))
        return "stay", None
    if "again" in request.POST:
        if too_many(request, "facts"):
            messages.warning(request, _("查询太频繁，请过几分钟再试；不影响您继续填写。"))
        else:
            shared_facts.ask_again(draft, actor_of(request))
        return "stay", None
    if shared_facts.found_facts(draft):
        return "next", None
    return _choose(request, draft)


def _choose(request: HttpRequest, draft: Draft) -> tuple[str, FactsForm | None]:
    form = FactsForm(request.POST)
    if not form.is_valid():
        return ("next" if "save" in request.POST else "wrong"), form
    if form.cleaned_data["facts_choice"] == shared_facts.OWN:
        shared_facts.take_back(draft, shared_facts.OWN)
        return "next", None
    if too_many(request, "facts"):
        form.add_error("facts_choice", _("查询太频繁。请过几分钟再试，或先选择自己上传。"))
        return "wrong", form
    shared_facts.consent(draft, actor_of(request))
    return "stay", None


def facts_context(draft: Draft) -> dict[str, Any]:
    """What the page shows: the notice before, the facts after."""
    found = shared_facts.found_facts(draft)
    if not found:
        return {"notice": shared_facts.notice_rows(draft.answers), "facts": []}
    return {
        "facts": shared_facts.fact_rows(found),
        "any_proved": any(one.is_proved for one in found),
        "waiting": any(one.is_pending for one in found),
        "kind_note": shared_facts.kind_note(draft.answers),
        "resident": id_type_of(draft.answers) == "resident_id",
    }


def stay(draft: Draft, back: str) -> HttpResponse:
    """The same page, by GET, so that nothing is sent twice."""
    response = redirect("portal:apply-question", question_id="facts")
    if back:
        response["Location"] += f"?back={back}"
    return response
