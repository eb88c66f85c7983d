"""Placeholder until equipment lands."""

from django.http import HttpRequest, HttpResponse


def load_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
