"""The look in a real browser: accessible, never wider than the screen, usable from the keyboard.

Pages come from Django's test client through the browser's request interception: no server.
"""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOST = "http://testserver"
pytestmark = [pytest.mark.browser, pytest.mark.urls("support.look_urls")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, path: str, *, width: int, language: str = "zh-hans",
              elder: bool = False) -> Page:  # fmt: skip
    """A page whose requests the test client answers."""
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
    page = context.new_page()

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        client = Client()
        client.cookies["language"] = language
        if elder:
            client.cookies["elder"] = "1"
        response = client.get(f"{address.path}?{address.query}")
        body = b"".join(response) if response.streaming else response.content
        route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)

    page.route("**/*", answer)
    page.goto(HOST + path)
    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("elder", [False, True])
def test_every_component_is_accessible_and_fits(
    browser: Browser, settings: object, language: str, width: int, elder: bool
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    page = open_page(browser, "/look/gallery/", width=width, language=language, elder=elder)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        small = page.eval_on_selector_all(
            "button, .button, .button-secondary, .input, .select, .choice-input, .site-nav a",
            "els => els.filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)",
        )
        assert small == []
    page.context.close()


def test_j_k_enter_and_slash(browser: Browser) -> None:
    page = open_page(browser, "/keys/", width=1280)
    selected = "document.querySelector('tr[aria-selected] a').textContent"
    for key in "jjj":
        page.keyboard.press(key)
    assert page.evaluate(selected) == "3"
    page.keyboard.press("j")
    assert page.evaluate(selected) == "3", "the last row is the last"
    page.keyboard.press("k")
    assert page.evaluate(selected) == "2"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("jk")
    assert page.evaluate(selected) == "2", "typing moves nothing"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/keys/?3")
    page.context.close()


def test_focus_is_always_visible(browser: Browser) -> None:
    page = open_page(browser, "/keys/", width=1280)
    for _step in range(8):
        page.keyboard.press("Tab")
        shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
        assert shadow != "none"
    page.context.close()


def test_a_press_on_the_map_fills_the_fields(browser: Browser) -> None:
    page = open_page(browser, "/keys/", width=1280)
    picker = page.locator("[data-map-picker]")
    box = picker.bounding_box()
    assert box is not None
    picker.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert float(page.input_value("[name=longitude]")) == pytest.approx(106.7, abs=0.01)
    assert float(page.input_value("[name=latitude]")) == pytest.approx(26.77, abs=0.01)
    assert page.url.endswith("/keys/"), "nothing was sent"
    assert page.locator("[data-pin]").is_visible()
    page.context.close()


def test_no_request_leaves_the_house(browser: Browser, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    hosts: set[str] = set()
    page = open_page(browser, "/look/gallery/", width=1280)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload()
    assert hosts == {"testserver"}
    page.context.close()
