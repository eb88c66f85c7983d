"""Route, form, check, filing: as the applicant walks it, without scripts."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.cases import today
from support.people import make_user, sign_in
from support.works import (
    LAT,
    LON,
    NOWHERE,
    OLD_STREET,
    PDF,
    YOUNG_STREET,
    draw,
    packet,
    prepared,
    street_corner,
    works_case,
)
from tongdian.service.approval.models import PermitDocument, WorksPlan
from tongdian.service.approval.route_documents import kept
from tongdian.service.casework.models import Case, Event
from tongdian.service.identity.actions import seed_organisations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    seed_organisations()
    street_corner(today())


@pytest.fixture
def case(client: Client) -> Case:
    return works_case(client)


def page(client: Client, number: str) -> Any:
    response = client.get(f"/permits/{number}/route/")
    assert response.status_code == 200
    return response


def test_a_route_says_what_it_needs_and_why(client: Client, case: Case) -> None:
    assert draw(client, case.number).status_code == 302
    shown = page(client, case.number)
    assert [item["code"] for item in shown.context["items"]] == ["municipal", "traffic"]
    text = shown.content.decode()
    assert "示例老街" in text
    assert "城市道路管理条例 第三十三条" in text
    lines = {line.name: line for line in shown.context["conditions"]}
    assert len(lines) == 7
    assert lines["管线长度"].passed is True
    assert lines["管线长度"].limit == "≤ 300 m"
    assert lines["申请人信用"].passed is None
    assert shown.context["eligible"]


def test_a_young_road_is_told_with_date_and_remedy(client: Client, case: Case) -> None:
    draw(client, case.number, YOUNG_STREET)
    shown = page(client, case.number)
    (ban,) = shown.context["bans"]
    assert "5 年内不得挖掘" in ban["rule"]
    assert "人民政府批准" in ban["remedy"]
    assert not shown.context["eligible"]
    assert "url(#map-ban)" in shown.context["picture"]


def test_nothing_touched_needs_nothing(client: Client, case: Case) -> None:
    between = f"{LON},{LAT + 0.001},直埋\n{LON + 0.0005},{LAT + 0.001}"
    draw(client, case.number, between)
    shown = page(client, case.number)
    assert shown.context["items"] == []
    assert "不需要办理审批" in shown.context["sentence"]
    draw(client, case.number, NOWHERE)
    unknown = page(client, case.number)
    assert "不能断定" in unknown.context["sentence"], "where nothing is known, nothing is certain"
    response = client.get(f"/permits/{case.number}/form/")
    assert response.headers["Location"].endswith("/route/")


def test_a_route_that_does_not_fit_is_doubted(client: Client) -> None:
    case = works_case(client, lon=str(LON), lat=str(LAT))
    draw(client, case.number, OLD_STREET)
    assert page(client, case.number).context["doubts"] == []
    draw(client, case.number, NOWHERE, voltage_kv="0.38")
    far, unknown, voltage = page(client, case.number).context["doubts"]
    assert "没有接到用电地点" in far
    assert "没有道路、绿地资料" in unknown
    assert voltage == "供电方案是 10kV，这里选了 0.38 kV。"


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (f"{LAT},{LON}\n{LAT},{LON + 0.001}", "纬度"),
        ("113.26,23.13\n113.27,23.13", "不在"),
        (f"{LON},{LAT}\n{LON},{LAT}", "长度为零"),
        (f"{LON},{LAT}", "至少要两个"),
        (
            f"{LON},{LAT}\n{LON + 0.001},{LAT + 0.001}\n{LON + 0.001},{LAT}\n{LON},{LAT + 0.001}",
            "相交",
        ),
        (f"{LON},{LAT},飞线\n{LON + 0.001},{LAT}", "敷设方式"),
        ("经度 和 纬度\n1,2", "经度"),
    ],
)
def test_bad_routes_name_rule_and_remedy_and_lose_nothing(
    client: Client, case: Case, points: str, words: str
) -> None:
    draw(client, case.number)
    before = WorksPlan.objects.get(case=case).route
    response = draw(client, case.number, points)
    assert response.status_code == 422
    errors = " ".join(response.context["form"].errors["points"])
    assert words in errors
    assert "请" in errors
    assert points.split("\n")[0] in response.content.decode()
    assert WorksPlan.objects.get(case=case).route == before


def test_a_hundred_thousand_points_and_a_broken_drawing(client: Client, case: Case) -> None:
    many = "\n".join(f"{LON + i * 1e-7:.7f},{LAT}" for i in range(100_000)).encode()
    for name, data, words in (
        ("many.csv", many, "最多 10,000 个点"),
        ("broken.dxf", b"AC1032 is a DWG", "DXF"),
        ("old.dwg", b"AC1032", "不认识的文件格式"),
        ("route.docx", b"PK", "不认识的文件格式"),
        ("blank.geojson", b" ", "空"),
    ):
        data_of = {"voltage_kv": "10", "file": SimpleUploadedFile(name, data)}
        response = client.post(f"/permits/{case.number}/route/", data_of)
        assert response.status_code == 422, name
        errors = response.context["form"].errors
        assert "file" in errors, (name, errors)
        assert words in " ".join(errors["file"]), (name, errors)
    assert not WorksPlan.objects.filter(case=case, route__isnull=False).exists()


def test_a_preview_answers_and_keeps_nothing(client: Client, case: Case) -> None:
    data = {"voltage_kv": "10", "points": OLD_STREET}
    response = client.post(f"/permits/{case.number}/route/preview/", data)
    assert response.status_code == 200
    assert "示例老街" in response.content.decode()
    assert "<html" not in response.content.decode()
    bad = client.post(f"/permits/{case.number}/route/preview/", {**data, "points": "x"})
    assert bad.status_code == 422
    assert not WorksPlan.objects.exists()


def test_strangers_see_nothing_and_officers_do_not_draw(case: Case) -> None:
    for name in ("route", "form", "check", "commitment"):
        assert Client().get(f"/permits/{case.number}/{name}/").status_code == 404
    officer = sign_in(Client(), make_user("officer", "officer"))
    assert officer.get(f"/permits/{case.number}/route/").status_code == 404


def test_each_paper_comes_once_and_stays(client: Client, case: Case) -> None:
    draw(client, case.number)
    url = f"/permits/{case.number}/form/"
    upload = SimpleUploadedFile("规划.pdf", PDF, "application/pdf")
    half = {"file-planning_document": upload, "works": "沟宽 0.8 米"}
    response = client.post(url, half)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert "file-planning_document" not in errors
    assert "file-works_plan" in errors
    assert "starts_on" in errors
    again = client.get(url).context["form"]
    assert again.kept["planning_document"]["name"] == "规划.pdf"
    assert again.initial["works"] == "沟宽 0.8 米"
    assert client.post(url, packet()).status_code == 302
    assert case.evidence.count() == 1


def test_dates_and_files_that_are_wrong(client: Client, case: Case) -> None:
    draw(client, case.number)
    url = f"/permits/{case.number}/form/"
    late = packet(starts_on="2020-01-01", ends_on="2019-01-01", contact_phone="12")
    late["file-works_plan"] = SimpleUploadedFile("计划.pdf", b"MZ not a pdf")
    errors = client.post(url, late).context["form"].errors
    assert {"starts_on", "ends_on", "contact_phone", "file-works_plan"} <= set(errors)
    assert client.get(f"/permits/{case.number}/check/").headers["Location"].endswith("/form/")


def test_filing_carries_documents_by_digest(client: Client) -> None:
    case = prepared(client)
    shown = client.get(f"/permits/{case.number}/check/")
    assert shown.status_code == 200
    assert "示例·张工" in shown.content.decode()
    response = client.post(f"/permits/{case.number}/check/", {})
    assert response.headers["Location"].endswith("/filed/")
    event = Event.objects.get(case=case, kind="permits_filed")
    assert event.payload["items"] == ["municipal", "traffic"]
    materials = {m["kind"]: m for m in event.payload["materials"]}
    assert materials["works_plan"]["form"] == "4"
    route = kept(case, PermitDocument.Kind.ROUTE, materials["route"]["digest"])
    assert route == WorksPlan.objects.get(case=case).route
    assert "张工" not in str(event.payload)
    filed = client.get(f"/permits/{case.number}/filed/")
    assert filed.status_code == 200
    assert "<svg" in filed.content.decode()
    again = client.post(f"/permits/{case.number}/check/", {})
    assert again.headers["Location"].endswith("/filed/")
    assert Event.objects.filter(case=case, kind="permits_filed").count() == 1


def test_a_stale_page_learns_what_happened(client: Client) -> None:
    case = prepared(client)
    response = client.post(f"/permits/{case.number}/check/", {"expected_seq": str(case.seq - 1)})
    assert response.status_code == 409
    assert not Event.objects.filter(case=case, kind="permits_filed").exists()


def test_scripts_of_the_map_come_only_where_one_draws(client: Client, case: Case) -> None:
    draw(client, case.number)
    assert "approval/route.js" in page(client, case.number).content.decode()
    for name in ("form",):
        text = client.get(f"/permits/{case.number}/{name}/").content.decode()
        assert "approval/route.js" not in text
