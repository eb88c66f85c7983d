"""按电器清单算功率: for those who do not know their load. The address is the list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tongdian.service.portal import drafts
from tongdian.service.portal.estimates import EstimateForm, assumed, category_of, steps_of
from tongdian.service.portal.forms import PURPOSE_CHOICES, PartForm, radio
from tongdian.service.portal.prechecks import PrecheckForm

CARRIED = tuple(name for name in PrecheckForm.base_fields if name not in ("load_kw", "purpose"))


class PurposeForm(PartForm):
    """What the power is for: it decides which equipment is offered and how it adds up."""

    purpose = radio(gettext_lazy("用电主要做什么？"), PURPOSE_CHOICES)


@require_GET
def load_view(request: HttpRequest) -> HttpResponse:
    """First the purpose, then the list; with numbers in it, the sum above the list."""
    applying = request.GET.get("for") == "apply" and drafts.current(request.session) is not None
    category = category_of(request.GET)
    frame = _frame(request, applying)
    if not category or "other" in request.GET:
        form: forms.Form = PurposeForm(initial={"purpose": category})
        return render(request, "portal/load_purpose.html", {**frame, "form": form})
    asked = "sum" in request.GET
    form = EstimateForm(request.GET if asked else None, category=category)
    status = 200 if not asked or form.is_valid() else 422
    context = {
        **frame,
        "form": form,
        "category": category,
        "purpose": dict(PURPOSE_CHOICES)[category],
        "other_url": _other_purpose(frame["hidden"], category),
        **_found(form, frame["carried"], category),
    }
    return render(request, "portal/load.html", context, status=status)


def _frame(request: HttpRequest, applying: bool) -> dict[str, Any]:
    """Where the answer goes, and what came along and is to go on."""
    carried = {k: request.GET[k] for k in CARRIED if request.GET.get(k)}
    hidden = dict(carried)
    back = f"{reverse('portal:precheck')}?{urlencode({**carried, 'edit': 1})}"
    if applying:
        hidden["for"] = "apply"
        back = reverse("portal:apply-question", args=["load"])
        if request.GET.get("back") == "check":
            hidden["back"] = "check"
            back += "?back=check"
    return {"applying": applying, "carried": carried, "hidden": hidden, "back_url": back}


def _other_purpose(hidden: dict[str, str], category: str) -> str:
    return f"{reverse('portal:load')}?{urlencode({**hidden, 'purpose': category, 'other': 1})}"


def _found(form: EstimateForm, carried: dict[str, str], category: str) -> dict[str, Any]:
    """The sum of a list, and the way on with it."""
    estimate = form.estimate
    if estimate is None:
        return {"estimate": None}
    load = f"{estimate.suggested_kw:f}"
    onward = urlencode({**carried, "purpose": category, "load_kw": load, "edit": 1})
    return {
        "estimate": estimate,
        "load_kw": load,
        "steps": steps_of(estimate),
        "assumed": assumed(estimate),
        "use_url": f"{reverse('portal:precheck')}?{onward}",
    }
