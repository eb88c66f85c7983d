"""Walking the public pages as a person does, through HTTP alone."""

from typing import Any

from django.test import Client
from django.urls import reverse

from support.cases import facts
from tongdian.service.casework.models import Case

PDF = b"%PDF-1.7\n%example\n"


def answers(track: str, filer: str = "self", **changes: Any) -> dict[str, dict[str, str]]:
    """What somebody types on each page, by question."""
    typed = {name: str(value) for name, value in facts(track, **changes).items()}
    return {
        "filer": {"filer": filer},
        "applicant": {"applicant_kind": typed["applicant_kind"]},
        "place": {
            "district": typed["district"],
            "address": typed["address"],
            "zone": "",
            **{name: typed[name] for name in ("lon", "lat") if name in changes},
        },
        "purpose": {"purpose": typed["purpose"]},
        "load": {"load_kw": typed["load_kw"]},
        "supplies": {"supplies": typed.get("supplies", "1")},
        "works": {"external_works": typed.get("external_works", "unknown")},
        "identity": {name: typed[name] for name in ("name", "id_number", "phone")},
        "agent": {"agent_name": "示例·李经办", "agent_phone": "19900000009"},
        "documents": {},
    }


def page(question: str) -> str:
    return reverse("portal:apply-question", args=[question])


def fill(client: Client, track: str, filer: str = "self", stop: str = "", **changes: Any) -> str:
    """Fill in page after page until check (or `stop`); returns the page that is shown then."""
    typed = answers(track, filer, **changes)
    response = client.post(reverse("portal:apply-begin"))
    while True:
        address = response.headers["Location"]
        question = address.rstrip("/").rpartition("/")[2]
        if question in ("check", stop):
            return address
        data = typed[question]
        if question == "documents":
            form = client.get(address).context["form"]
            data = {f"later-{row.paper.id}": "on" for row in form.rows}
        response = client.post(address, data)
        assert response.status_code == 302, (question, response.context["form"].errors)


def submit(client: Client, track: str, filer: str = "self", **changes: Any) -> Case:
    """A case filed through the pages."""
    fill(client, track, filer, **changes)
    response = client.post(reverse("portal:apply-submit"))
    assert response.headers["Location"] == reverse("portal:apply-done")
    return Case.objects.latest("id")


def codes_of(client: Client) -> list[str]:
    """The query codes that the confirmation page shows."""
    response = client.get(reverse("portal:apply-done"))
    return [item["code"] for item in response.context["codes"]]


def act(client: Client, number: str, kind: str, data: dict[str, Any] | None = None) -> Any:
    """Open an action's page, send its form with the event number that the page carries."""
    address = reverse("portal:action", args=[number, kind])
    shown = client.get(address)
    assert shown.status_code == 200, (kind, shown.status_code)
    seen = shown.context["expected_seq"]
    return client.post(address, {"expected_seq": seen, **(data or {})})
