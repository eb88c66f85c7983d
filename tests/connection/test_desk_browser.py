"""The desk in a real browser: keys, the panel beside the list, a phone; Chinese and English."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from support.cases import submit
from support.people import make_user, sign_in
from tongdian.service.casework.models import Case

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs a loop in this thread; the database is used beside it, never inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def at_desk(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """A page of the desk for a role; what its console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def at(
        role: str, path: str = "/desk/", *, width: int = 1280, language: str = "zh-hans"
    ) -> Page:
        client = Client()
        sign_in(client, make_user(role, role))
        context = browser.new_context(
            viewport={"width": width, "height": 844}, has_touch=width < 500
        )
        contexts.append(context)
        host = urlsplit(live_server.url).hostname or ""
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        for name, value in ((settings.SESSION_COOKIE_NAME, session), ("language", language)):
            context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


def marked(page: Page) -> Any:
    return page.locator('#inbox-rows tr[aria-selected="true"] .which a')


def test_a_case_is_carried_on_without_a_mouse(at_desk: Open) -> None:
    """j, k, Enter; the case opens beside the list; Escape leads back; the list stays in step."""
    numbers = [submit("resident").case.number for _ in range(3)]
    page = at_desk("clerk")
    page.keyboard.press("j")
    expect(marked(page)).to_have_text(numbers[0])
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(marked(page)).to_have_text(numbers[1])
    page.keyboard.press("Enter")
    panel = page.locator("#case-panel")
    expect(panel.get_by_role("heading", level=1)).to_have_text(numbers[1])
    expect(panel).to_be_focused()
    page.keyboard.press("Escape")
    expect(marked(page)).to_be_focused()
    panel.get_by_role("link", name="受理", exact=True).click()
    expect(panel.get_by_text("继续计时，转现场勘查")).to_be_visible()
    panel.get_by_role("button", name="受理").click()
    expect(panel.get_by_text("已记录：受理")).to_be_visible()
    expect(page.locator("#inbox-rows tbody tr")).to_have_count(2)
    expect(marked(page)).to_have_text(numbers[2])
    assert Case.objects.get(number=numbers[1]).stage == "survey"


def test_slash_searches_and_typing_is_no_command(at_desk: Open) -> None:
    submit("resident")
    number = submit("resident").case.number
    page = at_desk("clerk")
    page.keyboard.press("/")
    search = page.locator("[data-search]")
    expect(search).to_be_focused()
    page.keyboard.type("jk")
    expect(search).to_have_value("jk")
    expect(marked(page)).to_have_count(0)
    search.fill(number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def test_x_chooses_for_a_batch(at_desk: Open) -> None:
    numbers = [submit("resident").case.number for _ in range(3)]
    make_user("outdoors", "fieldworker")
    page = at_desk("lead")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_have_text("已选 2 件")
    page.locator("#assignee").select_option(label="示例·outdoors · 现场人员")
    page.get_by_role("button", name="派工所选案件").click()
    expect(page.get_by_text("已派工 2 件")).to_be_visible()
    given = Case.objects.exclude(assignee="").values_list("number", flat=True)
    assert sorted(given) == numbers[:2]
    page.locator("[data-choose-all]").check()
    expect(page.locator("[data-chosen]")).to_have_text("已选 3 件")


def test_errors_in_the_panel_take_the_focus_and_keep_what_was_typed(at_desk: Open) -> None:
    number = submit("resident").case.number
    page = at_desk("clerk")
    page.locator(f'a[data-open][href="/desk/cases/{number}/"]').click()
    panel = page.locator("#case-panel")
    panel.get_by_role("link", name="不予受理").click()
    panel.get_by_label("救济途径").fill("向所在地供电企业申请")
    panel.get_by_role("button", name="不予受理").click()
    expect(panel.locator("[data-focus]")).to_be_focused()
    expect(panel.get_by_label("救济途径")).to_have_value("向所在地供电企业申请")
    assert Case.objects.get(number=number).stage == "intake"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_outside_with_a_phone(at_desk: Open, language: str) -> None:
    """A fieldworker opens the next case, takes a photograph, completes the survey."""
    number = submit("resident").case.number
    clerk = at_desk("clerk", f"/desk/cases/{number}/application_accepted/")
    clerk.locator("form[data-guard] button").first.click()
    expect(clerk.locator(".notice-success")).to_be_visible()
    page = at_desk("fieldworker", width=390, language=language)
    no_wider(page)
    page.locator(".next a").tap()
    page.wait_for_url(f"**/{number}/survey_completed/")
    no_wider(page)
    page.locator('input[name="survey_completed-file"]').set_input_files(
        {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff site"}
    )
    button = page.locator("form[data-guard] button").first
    assert (button.bounding_box() or {"height": 0})["height"] >= 40
    button.tap()
    expect(page.get_by_role("link", name="site.jpg")).to_be_visible()
    no_wider(page)
    assert Case.objects.get(number=number).stage == "scheme"


def no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 390])
def test_desk_pages_are_accessible(at_desk: Open, width: int) -> None:
    number = submit("low_voltage").case.number
    page = at_desk("lead", width=width)
    base = page.url.removesuffix("/desk/")
    paths = ["/desk/", f"/desk/cases/{number}/", f"/desk/cases/{number}/deficiency_listed/",
             f"/desk/cases/{number}/clock_paused/"]  # fmt: skip
    found = {}
    for path in paths:
        page.goto(base + path)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [(each["id"], each["nodes"][0]["html"]) for each in violations]
    assert found == {}
