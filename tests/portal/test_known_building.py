"""Who builds with a permit that the approval system has pushed finds the form filled in."""

import pytest
from django.test import Client
from django.urls import reverse

from support.permits import BUILDER, NUMBER, PROJECT, push
from tongdian.service.casework.models import Case
from tongdian.service.leads.matcher import match_application
from tongdian.service.leads.models import Lead

pytestmark = pytest.mark.django_db
MISSING = {
    "filer": {"filer": "self"},
    "identity": {"name": "贵阳示例机械有限公司", "phone": "19900000008"},
    "agent": {"agent_name": "示例·李经办", "agent_phone": "19900000009"},
}


def begin(client: Client, permit: str = NUMBER, uscc: str = BUILDER) -> str:
    response = client.post(reverse("portal:apply-begin"), {"permit": permit, "uscc": uscc})
    assert response.status_code in (302, 422), response.status_code
    return response.headers.get("Location", "")


def walk(client: Client, address: str) -> list[str]:
    """Confirm page after page, typing only what nobody knows yet; returns the pages."""
    pages = []
    while (question := address.rstrip("/").rpartition("/")[2]) != "check":
        pages.append(question)
        form = client.get(address).context["form"]
        if question == "documents":
            data = {f"later-{row.paper.id}": "on" for row in form.rows}
        else:
            known = {name: form[name].value() for name in form.fields}
            data = {n: str(v) for n, v in known.items() if v not in (None, "")}
            data |= MISSING.get(question, {})
            if question == "supplies":
                data |= {"supplies": "1"}
            if question == "works":
                data |= {"external_works": "unknown"}
        response = client.post(address, data)
        assert response.status_code == 302, (question, response.context["form"].errors)
        address = response.headers["Location"]
    return pages


def test_the_builder_confirms_what_is_known_and_the_case_is_tied(client: Client) -> None:
    lead = push()
    walk(client, begin(client))
    shown = client.get(reverse("portal:apply-question", args=["check"])).content.decode()
    assert NUMBER in shown
    assert "审批系统" in shown
    response = client.post(reverse("portal:apply-submit"))
    assert response.headers["Location"] == reverse("portal:apply-done")
    case = Case.objects.filter(process="connection").get()
    personal = case.events.get(seq=1).personal
    assert (personal["construction_permit"], personal["project_code"]) == (NUMBER, PROJECT)
    assert personal["id_number"] == BUILDER
    assert "示例大道" in personal["address"]
    assert case.load_kw == lead.expected_kw
    match_application(case.number)
    assert Lead.objects.get(pk=lead.pk).connection == case.number
    assert case.events.filter(kind="lead_matched").count() == 1


@pytest.mark.parametrize(
    ("permit", "uscc"),
    [(NUMBER, "91520199MA6DXXXX00"), ("520102202506180199", BUILDER), (NUMBER, ""), ("", BUILDER)],
)
def test_one_number_alone_opens_nothing(client: Client, permit: str, uscc: str) -> None:
    push()
    response = client.post(reverse("portal:apply-begin"), {"permit": permit, "uscc": uscc})
    assert response.status_code == 422
    text = response.content.decode()
    assert "没有找到这个许可" in text
    assert "示例大道" not in text


def test_guessing_is_hopeless(client: Client) -> None:
    push()
    for turn in range(10):
        begin(client, permit=f"5201022025061801{turn:02d}")
    answer = client.post(reverse("portal:apply-begin"), {"permit": NUMBER, "uscc": BUILDER})
    assert answer.status_code == 429
