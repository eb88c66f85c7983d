"""The addresses of the look alone, and one page for the keyboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

KEYS = """{% extends "base.html" %}{% block title %}keys{% endblock %}{% block content %}
<h1>keys</h1><input type="search" aria-label="search">
<table data-keys><thead><tr><th scope="col">n</th></tr></thead><tbody>
<tr><td><a href="/keys/?1">1</a></td></tr><tr><td><a href="/keys/?2">2</a></td></tr>
<tr><td><a href="/keys/?3">3</a></td></tr></tbody></table>
<form method="post" action="/keys/"><input name="longitude"><input name="latitude">
<button class="button">go</button>{{ picker }}</form>{% endblock %}"""


def keys(request: HttpRequest) -> HttpResponse:
    from django.template import engines

    from tongdian.service.look.district_map import render_picker

    template = engines["django"].from_string(KEYS)
    return HttpResponse(template.render({"picker": render_picker()}, request))


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [
    path("", home),
    path("keys/", keys),
    path("look/", include("tongdian.service.look.urls")),
]
handler404 = "tongdian.service.look.errors.not_found"
