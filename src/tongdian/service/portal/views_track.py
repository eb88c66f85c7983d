"""查进度: by case number and query code, or the list of a party's own cases."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdian.service.casework.timeline import view_of
from tongdian.service.identity.actions import open_case_with_code
from tongdian.service.identity.actors import actor_of
from tongdian.service.identity.errors import AccessRefused, StaffSession, TooManyAttempts
from tongdian.service.portal import progress
from tongdian.service.portal.forms import PartForm, PlainText
from tongdian.service.portal.selectors import own_cases
from tongdian.service.portal.words import track_name

PAGE = 20


class TrackForm(PartForm):
    """Case number and query code."""

    number = PlainText(
        label=gettext_lazy("办件编号"), help_text=gettext_lazy("以 GY 开头，在回执上")
    )
    code = PlainText(
        label=gettext_lazy("查询码"),
        help_text=gettext_lazy("提交申请时给您的 10 位代码，大小写、空格、横线都不要紧"),
    )

    def clean_number(self) -> str:
        return "".join(c for c in self.cleaned_data["number"].upper() if c.isalnum())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_view(request: HttpRequest) -> HttpResponse:
    """The form; beneath it the cases that this person has open."""
    if request.method != "POST":
        return _page(request, TrackForm(initial={"number": request.GET.get("number", "")[:24]}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        number = open_case_with_code(
            request, form.cleaned_data["number"], form.cleaned_data["code"]
        )
    except (TooManyAttempts, StaffSession) as error:
        form.add_error(None, error.text)
        return _page(request, form, 429 if isinstance(error, TooManyAttempts) else 403)
    except AccessRefused as error:
        form.add_error("code", error.text)
        return _page(request, form, 422)
    return redirect("portal:case", number=number)


def _page(request: HttpRequest, form: TrackForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = Paginator(own_cases(actor), PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "case": case,
            "view": view,
            "stage": progress.stage_name(view),
            "track": track_name(case.track),
        }
        for case in page.object_list
        for view in [view_of(case)]
    ]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "portal/track.html", context, status=status)
