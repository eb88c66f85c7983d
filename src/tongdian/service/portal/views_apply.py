"""Applying: one question per page, save and return at any moment, check, submit, done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdian.service.casework.errors import CaseNotFound, Forbidden, InvalidInput
from tongdian.service.casework.selectors import case_for
from tongdian.service.casework.timeline import view_of
from tongdian.service.identity.actors import STAFF_ROLES, actor_of
from tongdian.service.leads.selectors import Building, building_for
from tongdian.service.portal import drafts, progress, shared_facts
from tongdian.service.portal.answers import answer_rows
from tongdian.service.portal.demo_people import known_people
from tongdian.service.portal.documents import DocumentsForm, document_rows, papers_for
from tongdian.service.portal.forms import PartForm, words_of
from tongdian.service.portal.mapping import picker, sent_with_pick
from tongdian.service.portal.models import Draft
from tongdian.service.portal.prechecks import promise_of
from tongdian.service.portal.questions import (
    Question,
    first_incomplete,
    next_question,
    question_of,
    questions_for,
)
from tongdian.service.portal.selectors import office_names
from tongdian.service.portal.submission import store_uploads, submit_draft
from tongdian.service.portal.throttle import too_many
from tongdian.service.portal.views_facts import FactsForm, answer_facts, facts_context, stay
from tongdian.service.privacy.actions import record_read_of


@never_cache
@require_GET
def start_view(request: HttpRequest) -> HttpResponse:
    """What it takes; begin, or go on with what was saved."""
    draft = drafts.current(request.session)
    context = {"draft": draft if draft and not draft.case_number else None, "problem": ""}
    return render(request, "portal/apply_start.html", context)


@never_cache
@require_GET
def continue_view(request: HttpRequest) -> HttpResponse:
    """On to the first page that is not answered yet."""
    draft = _held(request)
    if not isinstance(draft, Draft):
        return draft
    return redirect("portal:apply-question", question_id=first_incomplete(draft.answers).id)


@require_POST
def begin_view(request: HttpRequest) -> HttpResponse:
    """A new draft; the pre-check's answers come along."""
    if frozenset(actor_of(request).roles) & STAFF_ROLES:
        raise PermissionDenied(_("您正用工作人员账号登录。为自己办电请先退出登录。"))
    permit, uscc = (request.POST.get(name, "").strip()[:40] for name in ("permit", "uscc"))
    answers: dict[str, Any] = dict(_prefill(request))
    if permit or uscc:
        if too_many(request, "permit"):
            return _start_again(request, _("尝试次数太多，请 10 分钟后再试。"), status=429)
        found = building_for(permit, uscc)
        if found is None:
            return _start_again(
                request, _("没有找到这个许可，请核对两个编号；也可以直接开始申请。"), 422
            )
        record_read_of(found.case, actor=actor_of(request), what="permit")
        answers |= _known(found, uscc)
    drafts.start(request.session, answers)
    return redirect("portal:apply-question", question_id="filer")


def _known(found: Building, uscc: str) -> dict[str, Any]:
    """The answers that the approval system has given already; every one may be changed."""
    return {
        "applicant_kind": "enterprise",
        "district": found.district,
        "address": found.address,
        "lon": found.lon,
        "lat": found.lat,
        "purpose": found.purpose,
        "load_kw": found.load_kw,
        "id_number": uscc.upper(),
        "construction_permit": found.permit,
        "project_code": found.project_code,
        "permit_pushed_at": found.pushed_at.isoformat(),
    }


PARTY_CODES = {
    "applicant": gettext_lazy("您的查询码"),
    "agent": gettext_lazy("您的查询码"),
    "contractor": gettext_lazy("您（代办人）的查询码"),
}
PREFILLED = (
    "applicant_kind", "district", "address", "zone", "lon", "lat", "purpose", "load_kw",
    "supplies", "external_works",
)  # fmt: skip


def _prefill(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name][:200] for name in PREFILLED if request.POST.get(name)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume_view(request: HttpRequest) -> HttpResponse:
    """Open a saved draft by its return code."""
    if request.method != "POST":
        return redirect("portal:apply")
    if too_many(request, "resume"):
        problem = _("尝试次数太多，请 10 分钟后再试。填写的内容都还在。")
        return _start_again(request, problem, status=429)
    draft = drafts.resume(request.session, request.POST.get("code", ""))
    if draft is None:
        return _start_again(request, _("没有找到，请核对继续码；保存超过 30 天的会自动删除。"), 422)
    return redirect("portal:apply-question", question_id=first_incomplete(draft.answers).id)


def _start_again(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    typed = {name: request.POST.get(name, "")[:40] for name in ("code", "permit", "uscc")}
    context = {"draft": None, "problem": problem, "typed": typed["code"], "building": typed}
    return render(request, "portal/apply_start.html", context, status=status)


def _held(request: HttpRequest) -> Draft | HttpResponseRedirect:
    """The draft of this session, or where to go instead."""
    draft = drafts.current(request.session)
    if draft is None:
        messages.warning(request, _("没有找到正在填写的申请，可以重新开始，或用继续码打开。"))
        return HttpResponseRedirect(reverse("portal:apply"))
    if draft.case_number:
        return HttpResponseRedirect(reverse("portal:apply-done"))
    shared_facts.refresh(draft)
    return draft


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def question_view(request: HttpRequest, question_id: str) -> HttpResponse:
    """One question. Whatever is typed is kept, right or wrong."""
    draft = _held(request)
    if not isinstance(draft, Draft):
        return draft
    question = question_of(question_id, draft.answers)
    if question is None:
        return redirect("portal:apply-question", question_id=first_incomplete(draft.answers).id)
    if question.id == "check":
        return _check_page(request, draft)
    if question.id == "documents":
        return _documents(request, draft, question)
    if question.id == "facts":
        return _facts(request, draft, question)
    if request.method != "POST":
        return _question_page(request, draft, question, question.build(draft.answers))
    form = question.build(draft.answers, sent_with_pick(request.POST))
    valid = form.is_valid()
    kept = form.typed()
    kept.update({k: v for k, v in form.cleaned_data.items() if isinstance(v, str)})
    drafts.save_answers(draft, kept)
    if "save" in request.POST:
        return redirect("portal:apply-saved")
    if "map.x" in request.POST:
        return _question_page(request, draft, question, question.build(draft.answers))
    if not valid:
        return _question_page(request, draft, question, form, status=422)
    return _onward(request, draft, question)


def _onward(request: HttpRequest, draft: Draft, question: Question) -> HttpResponse:
    """The next page; back to the check page when only a change was wanted and all is complete."""
    if request.POST.get("back") == "check":
        return redirect("portal:apply-question", question_id=first_incomplete(draft.answers).id)
    following = next_question(question, draft.answers)
    return redirect("portal:apply-question", question_id=following.id)


def _question_page(
    request: HttpRequest,
    draft: Draft,
    question: Question,
    form: PartForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {**_frame(request, draft, question), "form": form, **more}
    if question.id == "identity":
        context["known_people"] = known_people(str(getattr(form, "id_type", "")))
    if question.id == "place":
        context["picker"] = picker(form["lon"].value(), form["lat"].value())
    names = [f"portal/apply_{question.id}.html", "portal/apply_question.html"]
    return render(request, names, context, status=status)


def _frame(request: HttpRequest, draft: Draft, question: Question) -> dict[str, Any]:
    """Step count and way back; what every question page shows."""
    pages = questions_for(draft.answers)
    place = pages.index(question)
    wanted = request.POST.get("back") or request.GET.get("back")
    back = reverse("portal:apply")
    if wanted == "check":
        back = reverse("portal:apply-question", args=["check"])
    elif place:
        back = reverse("portal:apply-question", args=[pages[place - 1].id])
    return {
        "draft": draft,
        "question": question,
        "step": place + 1,
        "steps": len(pages),
        "back_url": back,
        "back": "check" if wanted == "check" else "",
        "contractor": draft.answers.get("filer") == "contractor",
    }


def _documents(request: HttpRequest, draft: Draft, question: Question) -> HttpResponse:
    papers = papers_for(draft.answers)
    shared = [paper for paper in papers if paper.shared]
    if request.method != "POST":
        form = DocumentsForm(papers=papers, answers=draft.answers)
        return _question_page(request, draft, question, form, shared=shared)
    form = DocumentsForm(request.POST, request.FILES, papers=papers, answers=draft.answers)
    actor = actor_of(request)
    valid = form.is_valid()
    uploads = store_uploads(form, draft.answers.get("uploads", {}), actor)
    drafts.save_answers(
        draft,
        {"uploads": uploads, "later": form.postponed(), "documents_seen": "1"},
    )
    if "save" in request.POST:
        return redirect("portal:apply-saved")
    if not (valid and form.is_valid()):
        form.kept = uploads
        return _question_page(request, draft, question, form, status=422, shared=shared)
    return _onward(request, draft, question)


def _facts(request: HttpRequest, draft: Draft, question: Question) -> HttpResponse:
    """Notice and consent, or what came of it."""
    if request.method != "POST":
        return _question_page(request, draft, question, FactsForm(), **facts_context(draft))
    what, form = answer_facts(request, draft)
    if "save" in request.POST:
        return redirect("portal:apply-saved")
    if what == "wrong" and form is not None:
        return _question_page(request, draft, question, form, status=422, **facts_context(draft))
    if what == "stay":
        return stay(draft, "check" if request.POST.get("back") == "check" else "")
    return _onward(request, draft, question)


def _check_page(
    request: HttpRequest, draft: Draft, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    missing = first_incomplete(draft.answers)
    if missing.id != "check":
        messages.warning(request, _("还有一页没有填好：%(page)s") % {"page": missing.title})
        return redirect("portal:apply-question", question_id=missing.id)
    question = question_of("check", draft.answers)
    assert question is not None
    context = {
        **_frame(request, draft, question),
        "rows": answer_rows(draft.answers),
        "documents": document_rows(draft.answers, _change("documents")),
        "documents_caption": _("材料"),
        "contractor_title": _("业主确认后才开始计时"),
        "promise": promise_of(draft.answers),
        "kind_note": shared_facts.kind_note(draft.answers),
        "problems": problems or [],
    }
    return render(request, "portal/apply_check.html", context, status=status)


def _change(question_id: str) -> str:
    return f"{reverse('portal:apply-question', args=[question_id])}?back=check"


@never_cache
@require_GET
def saved_view(request: HttpRequest) -> HttpResponse:
    """Saved: the return code, and until when it works."""
    draft = _held(request)
    if not isinstance(draft, Draft):
        return draft
    context = {
        "draft": draft,
        "code": request.session.get(drafts.SESSION_CODE, ""),
        "next": first_incomplete(draft.answers),
    }
    return render(request, "portal/apply_saved.html", context)


@never_cache
@require_POST
def submit_view(request: HttpRequest) -> HttpResponse:
    """Submit once, however often the button is pressed."""
    draft = _held(request)
    if not isinstance(draft, Draft):
        return draft
    missing = first_incomplete(draft.answers)
    if missing.id != "check":
        return redirect("portal:apply-question", question_id=missing.id)
    try:
        submit_draft(request, draft)
    except InvalidInput as error:
        return _check_page(request, draft, [words_of(item) for item in error.errors], status=422)
    except Forbidden:
        # Somebody of the staff signed in while the own application was open.
        raise PermissionDenied(_("您正用工作人员账号登录。为自己办电请先退出登录。")) from None
    return redirect("portal:apply-done")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def done_view(request: HttpRequest) -> HttpResponse:
    """Case number, query codes (until noted), what happens next and by when, receipt."""
    draft = drafts.current(request.session)
    if draft is None or not draft.case_number:
        raise Http404
    if request.method == "POST":
        drafts.discard_codes(draft)
        return redirect("portal:apply-done")
    try:
        case = case_for(actor_of(request), draft.case_number)
    except CaseNotFound:
        raise PermissionDenied(_("请用查询码打开这个办件。")) from None
    view = view_of(case)
    codes = drafts.unseal_codes(request.session, draft)
    waits = view.state.stage == "owner_confirmation"
    context = {
        "case": case,
        "view": view,
        "codes": [{"label": PARTY_CODES[party], "code": code} for party, code in codes.items()],
        "next": progress.what_next(view),
        "now": progress.now_card(view, [], office_names([case.office])),
        "due": progress.due_line(view),
        "done_title": _("已提交，等业主确认") if waits else _("申请已提交"),
        "due_label": _("最迟"),
    }
    return render(request, "portal/apply_done.html", context)
