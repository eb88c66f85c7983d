"""A desk form as a browser sees it: its controls, and what is sent when somebody fills it in."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from tongdian.service.casework.models import Case

SHANGHAI_MINUTES = 16


def path(number: str, kind: str) -> str:
    return reverse("desk-action", args=[number, kind])


class FormParser(HTMLParser):
    """The values of the controls of the one form marked data-guard, buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.found = False
        self.values: dict[str, Any] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and "data-guard" in given:
            self.inside = self.found = True
        if not self.inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input":
            kind = given.get("type", "text")
            if kind not in ("file", "submit") and (
                kind not in ("radio", "checkbox") or "checked" in given
            ):
                self.values[name] = value
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.strip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self._area = ""


def shown(response: Any) -> dict[str, Any]:
    """What the form on the page would send untouched."""
    parser = FormParser()
    parser.feed(response.content.decode())
    assert parser.found, response.status_code
    return parser.values


def typed(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Command data as the names of form controls."""
    sent: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for index, row in enumerate(value):
                sent |= {f"{kind}-{name}-{index}-{key}": text for key, text in row.items()}
        else:
            sent[f"{kind}-{name}"] = value
    return sent


def send(client: Client, number: str, kind: str, data: Mapping[str, Any], **more: Any) -> Any:
    """Open the form, fill it in, send it."""
    before = shown(client.get(path(number, kind)))
    return client.post(path(number, kind), {**before, **typed(kind, data)}, **more)


def state_of(number: str) -> tuple[int, bytes]:
    """What proves that nothing was written when it stays the same."""
    case = Case.objects.get(number=number)
    return case.seq, bytes(case.head_hash)
