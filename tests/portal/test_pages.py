"""Home, pre-check, guides, plan, commitments, promise: what anyone sees."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from support.cases import carry, journey, submit
from tongdian.law.calendar import default_calendar
from tongdian.law.plan import load_plan
from tongdian.law.precheck import answer
from tongdian.law.tracks import SupplyRequest
from tongdian.service.casework import clock
from tongdian.service.portal.clauses import law_reference
from tongdian.service.portal.selectors import Month, latest_promise, parse_month, promise_kept

pytestmark = pytest.mark.django_db
OPEN_PAGES = (
    "home",
    "precheck",
    "load",
    "outages",
    "guides",
    "plan",
    "commitments",
    "promise",
    "verify",
    "apply",
    "track",
)


@pytest.mark.parametrize("name", OPEN_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_anyone_may_read(client: Client, name: str, language: str) -> None:
    client.cookies["language"] = language
    response = client.get(reverse(f"portal:{name}"))
    assert response.status_code == 200
    text = response.content.decode()
    assert " style=" not in text.replace("<svg", "")
    assert "<script>" not in text


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_english_is_complete(client: Client, name: str) -> None:
    """Nothing Chinese is left on an English page but what is marked as Chinese."""
    client.cookies["language"] = "en"
    text = client.get(reverse(f"portal:{name}")).content.decode()
    text = re.sub(r"<(\w+)[^>]* lang=\"zh-CN\".*?</\1>", "", text, flags=re.S)
    text = re.sub(r"<(blockquote|script|style|option).*?</\1>", "", text, flags=re.S)
    left = set(re.findall(r"[\u4e00-\u9fff]{2,}", text)) - {"三零", "中文", "方案"}
    assert not left


def ask(client: Client, **answers: str) -> Any:
    return client.get(reverse("portal:precheck"), answers)


@pytest.mark.parametrize(
    ("answers", "track", "days", "steps"),
    [
        ({"applicant_kind": "resident", "load_kw": "8"}, "resident", 3, 2),
        (
            {"applicant_kind": "small_micro", "load_kw": "200", "external_works": "no"},
            "zero_lv",
            6,
            2,
        ),
        (
            {"applicant_kind": "small_micro", "load_kw": "80", "external_works": "yes"},
            "zero_lv_external",
            10,
            2,
        ),
        ({"applicant_kind": "enterprise", "load_kw": "90"}, "low_voltage", 6, 3),
        ({"applicant_kind": "enterprise", "load_kw": "1500"}, "high_voltage_single", 20, 3),
        (
            {"applicant_kind": "other", "load_kw": "5000", "supplies": "2"},
            "high_voltage_dual",
            30,
            3,
        ),
    ],
)
def test_precheck_answers_every_track(
    client: Client, answers: dict[str, str], track: str, days: int, steps: int
) -> None:
    response = ask(client, **answers)
    page = response.context["page"]
    assert page.answer.track.id == track
    assert page.answer.promise_working_days == days
    assert len(page.steps) == steps
    text = response.content.decode()
    assert page.headline in text
    assert "为什么是这一天" in text
    for line in (*page.reasons, *page.payments, *page.never_asked):
        assert line.text in text
        assert line.clause.reference


def test_precheck_equals_the_plan(client: Client) -> None:
    """The page says what the pure answer says."""
    from decimal import Decimal

    wanted = SupplyRequest("commercial", "small_micro", Decimal(12), 1, "no")
    today = clock.now().astimezone().date()
    found = answer(wanted, load_plan(), default_calendar(), today)
    response = ask(client, applicant_kind="small_micro", load_kw="12", external_works="no")
    assert response.context["page"].headline == found.headline_zh


def test_unknown_external_works_are_cautioned(client: Client) -> None:
    response = ask(client, applicant_kind="small_micro", load_kw="12")
    assert "10" in response.context["page"].caution.text
    assert ask(client, applicant_kind="resident", load_kw="8").context["page"].caution is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"applicant_kind": "resident", "load_kw": "0"}, "load_kw"),
        ({"applicant_kind": "resident", "load_kw": "-1"}, "load_kw"),
        ({"applicant_kind": "resident", "load_kw": "1e9"}, "load_kw"),
        ({"applicant_kind": "resident", "load_kw": "NaN"}, "load_kw"),
        ({"applicant_kind": "resident", "load_kw": "八"}, "load_kw"),
        ({"applicant_kind": "nobody", "load_kw": "8"}, "applicant_kind"),
        ({"load_kw": "8"}, "applicant_kind"),
    ],
)
def test_precheck_refuses_in_words(client: Client, answers: dict[str, str], field: str) -> None:
    response = ask(client, **answers)
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert answers["load_kw"] in response.content.decode()


def test_map_without_scripts_fills_place_and_district(client: Client) -> None:
    response = ask(client, **{"map.x": "300", "map.y": "300", "load_kw": "8"})
    assert response.status_code == 302
    shown = client.get(response.headers["Location"])
    assert shown.context["form"]["lon"].value()
    assert shown.context["form"]["load_kw"].value() == "8"


@pytest.mark.parametrize("track", sorted(load_plan().tracks))
def test_guides(client: Client, track: str) -> None:
    response = client.get(reverse("portal:guide", args=[track]))
    assert response.status_code == 200
    promise = load_plan().tracks[track].promise_working_days
    assert f"{promise} 个工作日" in response.content.decode()


def test_unknown_guide_is_404(client: Client) -> None:
    assert client.get(reverse("portal:guide", args=["nobody"])).status_code == 404


def test_plan_has_every_clause_and_value(client: Client) -> None:
    response = client.get(reverse("portal:plan"))
    text = response.content.decode()
    for clause in response.context["clauses"]:
        assert f'id="{clause["anchor"]}"' in text
    for key in load_plan().values:
        assert key in text


def test_clause_links_lead_to_an_anchor(client: Client) -> None:
    answer_text = ask(client, applicant_kind="resident", load_kw="8").content.decode()
    plan_text = client.get(reverse("portal:plan")).content.decode()
    anchors = set(re.findall(r'href="/plan/#([^"]+)"', answer_text))
    assert anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in plan_text


def _energised(on_time: bool) -> None:
    begun = clock.now() - timedelta(days=60 if on_time else 75)
    days = 1 if on_time else 20
    with clock.moved_to(begun):
        number = submit("resident").case.number
        carry(number, journey("resident")[:-1])
    with clock.moved_to(begun + timedelta(days=days)):
        carry(number, journey("resident")[-1:])


def test_promise_without_cases_is_honest(client: Client) -> None:
    assert "还没有" in client.get(reverse("portal:home")).content.decode()
    assert "还没有" in client.get(reverse("portal:promise")).content.decode()


def test_promise_kept_counts_real_cases(client: Client) -> None:
    _energised(on_time=True)
    _energised(on_time=True)
    months = {m.text: m for m in (Month(2026, n) for n in range(1, 13))}
    closed = clock.now() - timedelta(days=59)
    month = Month(closed.astimezone().year, closed.astimezone().month)
    found = promise_kept("resident", month)
    assert (found.cases, found.on_time) == (2, 2)
    assert found.share_on_time == 100
    response = client.get(reverse("portal:promise"), {"month": month.text})
    text = response.content.decode()
    assert len(response.context["rows"]) == 2
    assert "王" not in text.split("<tbody>")[1].split("</tbody>")[0]
    assert months is not None


def test_late_case_is_shown_as_late(client: Client) -> None:
    _energised(on_time=False)
    closed = (clock.now() - timedelta(days=55)).astimezone()
    found = promise_kept("resident", Month(closed.year, closed.month))
    assert (found.cases, found.on_time) == (1, 0)


@pytest.mark.parametrize("text", ["", "x", "2026-13", "1999-01", "2999-01", "2026-1' OR 1=1"])
def test_nonsense_month_is_the_present_one(text: str) -> None:
    today = clock.now().astimezone().date()
    assert parse_month(text, today) == Month(today.year, today.month)


def test_queries_of_open_pages(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2, exact=False):
        client.get(reverse("portal:home"))
    with django_assert_num_queries(0):
        client.get(reverse("portal:plan"))
    with django_assert_num_queries(0):
        ask(client, applicant_kind="resident", load_kw="8")
    with django_assert_num_queries(3, exact=False):
        client.get(reverse("portal:promise"))


def test_latest_promise_falls_back_to_the_month_before() -> None:
    assert latest_promise().cases == 0


@pytest.mark.parametrize(
    ("clause", "english"),
    [
        ("行政许可法 第三十二条", "Administrative Licensing Law art. 32"),
        ("民法典 第一百八十条", "Civil Code art. 180"),
        ("供电营业规则（2024）", "Power Supply Business Rules (2024)"),
        ("发改能源规〔2020〕1479号", "NDRC energy rule [2020] 1479"),
        ("方案 一-1 的分解", "Plan 一-1 divided"),
    ],
)
def test_articles_of_law_in_english(clause: str, english: str) -> None:
    with override("en"):
        assert law_reference(clause) == english
    with override("zh-hans"):
        assert law_reference(clause) == clause
