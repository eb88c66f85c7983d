"""Take the pictures of docs/pictures from a running demo city, with Debian's Chromium.

    tongdian serve --demo                      # in one terminal
    .venv/bin/python tools/pictures.py         # in another, with the same TONGDIAN_DATA

The tracking page is that of a simulated case whose applicant gets a query code for it.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
SIZES = {"track": (1100, 1040), "desk": (1440, 640), "board": (1200, 760)}
MOST_BYTES = 250_000


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    number, code = case_with_a_story()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in ("zh", "en"):
            track(open_page(browser, address, language, "track"), address, number, code)
            save(_last(browser), f"track-{language}")
            desk(open_page(browser, address, language, "desk"), address)
            save(_last(browser), f"desk-{language}")
        sign_in(open_page(browser, address, "zh", "board"), address, "supervisor")
        save(_last(browser), "board-zh")
        browser.close()


def case_with_a_story() -> tuple[str, str]:
    """The number and a new query code of an open case that several lanes have held."""
    from tongdian.service.environment import with_database

    with with_database(make=False) as database:
        database.become_web()
        import django

        django.setup()
        from tongdian.service.casework.models import Case
        from tongdian.service.identity.access import issue_party_access, rotate_party_access
        from tongdian.service.identity.actors import Actor
        from tongdian.service.identity.models import PartyAccess

        cases = Case.objects.filter(closed_at=None, track__startswith="high_voltage")
        number = max(cases, key=lambda case: (case.lane == "utility", case.seq)).number
        known = PartyAccess.objects.filter(case_number=number, revoked_at=None).exists()
        give = rotate_party_access if known else issue_party_access
        system = Actor(roles=frozenset({"system", "clerk"}), organisation="", pseudonym="pictures")
        return number, give(number, "applicant", actor=system)


def open_page(browser: Browser, address: str, language: str, what: str) -> Page:
    """A new window in a language, of the size for a picture."""
    width, height = SIZES[what]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    value = "zh-hans" if language == "zh" else "en"
    context.add_cookies([{"name": "language", "value": value, "url": address}])
    return context.new_page()


def _last(browser: Browser) -> Page:
    return browser.contexts[-1].pages[0]


def track(page: Page, address: str, number: str, code: str) -> None:
    """Look the case up with its code, as its applicant would."""
    page.goto(f"{address}/track/")
    page.fill("[name=number]", number)
    page.fill("[name=code]", code)
    page.locator("main form button.button").first.click()
    page.wait_for_url(f"**/cases/{number}/**")


def desk(page: Page, address: str) -> None:
    """The desk of a team lead with a case open beside the list."""
    sign_in(page, address, "lead-city")
    page.goto(f"{address}/desk/")
    page.locator("main table a").first.click()
    page.wait_for_timeout(800)


def sign_in(page: Page, address: str, username: str) -> None:
    """With one click on the demo's sign-in page."""
    page.goto(f"{address}/account/login/")
    page.locator(f'form:has(input[name=username][value="{username}"]) button').click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def save(page: Page, name: str) -> None:
    """A picture of the window. Raises SystemExit when it is too heavy for a README."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes")
    print(f"{path.name} {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
