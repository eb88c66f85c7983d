"""Every open page in both languages, at a phone's width and a desk's, and large."""

import re

import pytest
from playwright.sync_api import expect

from e2e import desk
from e2e.visitor import Visit

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/precheck/",
    "/precheck/load/",
    "/precheck/load/?purpose=residential&n-refrigerator=1&sum=1",
    "/precheck/?applicant_kind=enterprise&load_kw=5000&supplies=2",
    "/guides/",
    "/guides/zero_lv_external/",
    "/plan/",
    "/commitments/",
    "/disclosure/promise/",
    "/outages/",
    "/apply/",
    "/track/",
    "/verify/",
    "/account/login/",
    "/api/",
)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_open_pages(visit: Visit, language: str, width: int) -> None:
    visitor = visit(language, width)
    for path in PAGES:
        visitor.go(path)


def test_large_text_on_a_phone(visit: Visit) -> None:
    """长辈版, switched on by its button, on the pages that an old shopkeeper meets."""
    visitor = visit("zh-hans", 390)
    visitor.go("/")
    visitor.page.get_by_role("button", name="长辈版").click()
    expect(visitor.page.locator("html.elder")).to_be_attached()
    visitor.elder = True
    for path in ("/", "/precheck/?applicant_kind=small_micro&load_kw=12", "/apply/", "/track/"):
        visitor.go(path)


def test_a_clause_opens_its_paragraph_of_the_plan(visit: Visit) -> None:
    visitor = visit("zh-hans", 1280)
    visitor.go("/precheck/?applicant_kind=resident&load_kw=8")
    clause = visitor.page.locator("details.clause").first
    clause.locator("summary").click()
    clause.get_by_role("link").click()
    expect(visitor.page.locator("section.plan-clause:target")).to_be_in_viewport()


def test_what_does_not_exist_says_so_kindly(visit: Visit) -> None:
    visitor = visit("zh-hans", 390, refusals=(404, 422))
    visitor.go("/cases/GY26112500000XXX/")
    expect(visitor.heading).to_be_visible()
    visitor.go("/precheck/?applicant_kind=resident&load_kw=-3")
    expect(visitor.page.locator(".error-summary")).to_be_focused()
    expect(visitor.page.locator("[name=load_kw]")).to_have_value("-3")


def test_staff_sign_in_with_password_and_second_factor(visit: Visit) -> None:
    visitor = visit("zh-hans", 1280)
    visitor.go("/desk/")
    visitor.fill({"login": "engineer", "password": "tongdian-demo-2021"})
    visitor.page.locator("form[action='/account/login/'] button.button").click()
    expect(visitor.page).to_have_url(re.compile("/mfa/authenticate/"))
    visitor.look()
    code = visitor.page.locator(".notice code").inner_text()
    visitor.fill({"code": code})
    visitor.page.locator("form[action='/account/mfa/authenticate/'] button.button").click()
    expect(visitor.page).to_have_url(f"{visitor.city.address}/desk/")
    visitor.look()


def test_the_supervisor_reads_the_board(visit: Visit) -> None:
    visitor = desk.as_staff(visit, "supervisor")
    visitor.go("/board/")
    expect(visitor.heading).to_be_visible()
