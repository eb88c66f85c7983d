"""首页与预检: one question, and the whole answer before anybody has to apply."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.portal.mapping import picker, sent_with_pick, was_picked
from tongdian.service.portal.prechecks import PrecheckForm, answer_page, found_answer, today
from tongdian.service.portal.selectors import Promise, latest_promise
from tongdian.service.portal.words import chinese

USUAL = {"external_works": "unknown", "supplies": "1"}
ASKED = ("applicant_kind", "load_kw")


@require_GET
def home_view(request: HttpRequest) -> HttpResponse:
    """One question, three doors, and the promise kept."""
    promise = latest_promise()
    context = {
        "form": PrecheckForm(initial={"applicant_kind": ""}),
        "promise": promise,
        "promise_text": promise_sentence(promise),
        "picker": picker("", ""),
    }
    return render(request, "portal/home.html", context)


def promise_sentence(promise: Promise) -> str:
    """`本月居民平均 2.1 个工作日通电 · 98.7% 按时`; honest when there is nothing to say."""
    if not promise.cases or promise.average_working_days is None:
        return _("本月还没有居民通电，等有了再公布兑现情况。")
    words = {
        "month": _month(promise),
        "days": f"{promise.average_working_days:.1f}",
        "share": f"{promise.share_on_time:.1f}",
        "n": promise.cases,
    }
    return (
        ngettext(
            "%(month)s居民平均 %(days)s 个工作日通电 · %(share)s%% 按时（%(n)s 件）",
            "%(month)s居民平均 %(days)s 个工作日通电 · %(share)s%% 按时（%(n)s 件）",
            promise.cases,
        )
        % words
    )


def _month(promise: Promise) -> str:
    if (today().year, today().month) == (promise.month.year, promise.month.month):
        return _("本月")
    if chinese():
        return f"{promise.month.year}年{promise.month.month}月"
    return f"{promise.month.first:%B %Y}: "


@require_GET
def precheck_view(request: HttpRequest) -> HttpResponse:
    """The form; with enough answers, the answer above it."""
    if was_picked(request.GET):
        picked = sent_with_pick(request.GET)
        return redirect(f"{request.path}?{picked.urlencode()}&edit=1")
    asked = any(name in request.GET for name in ASKED)
    if not asked or "edit" in request.GET:
        form = PrecheckForm(initial={**USUAL, **request.GET.dict()})
        return _form_page(request, form)
    form = PrecheckForm(request.GET)
    if not form.is_valid():
        return _form_page(request, form, 422)
    wanted = form.request()
    try:
        found = found_answer(wanted)
    except InvalidInput as error:
        form.add_words(error.errors)
        return _form_page(request, form, 422)
    page = answer_page(found, wanted)
    context = {
        "page": page,
        "answer": found,
        "prefill": _prefill(form),
        "edit_url": f"{request.path}?{urlencode(form.typed())}&edit=1",
        "now": clock.now(),
        "plan": load_plan(settings.PLAN),
        "form": form,
        "due_label": _("如果今天申请，最迟")
        if page.whole_process
        else _("如果今天申请，供电企业各环节最迟（您施工的时间另计）"),
    }
    return render(request, "portal/precheck_answer.html", context)


def _prefill(form: PrecheckForm) -> dict[str, str]:
    """What goes on to the application, as hidden fields."""
    return {k: str(v) for k, v in form.cleaned_data.items() if v not in ("", None)}


def _form_page(request: HttpRequest, form: PrecheckForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "picker": picker(form["lon"].value(), form["lat"].value())}
    return render(request, "portal/precheck.html", context, status=status)
