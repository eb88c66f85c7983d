"""Somebody with a browser, who looks at every page as an inspector would."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from e2e.city import City

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
OPEN_DETAILS = "document.querySelectorAll('details').forEach(d => { d.open = true })"
CLOSE_DETAILS = "document.querySelectorAll('details').forEach(d => { d.open = false })"
_inspected: set[tuple[str, str, int, bool]] = set()


class Visitor:
    """A browser window of a width in a language. `refusals`: statuses of pages that the test means
    to be refused with, which the browser's console tells of. TONGDIAN_SCREENSHOTS names a folder
    that gets a picture of every page."""

    def __init__(
        self,
        browser: Browser,
        city: City,
        language: str = "zh-hans",
        width: int = 1280,
        *,
        scripts: bool = True,
        elder: bool = False,
        refusals: Sequence[int] = (),
        state: Any = None,
    ) -> None:
        self.city, self.language, self.width, self.scripts = city, language, width, scripts
        self.elder, self.refusals = elder, refusals
        self.context = browser.new_context(
            viewport={"width": width, "height": 844},
            base_url=city.address,
            java_script_enabled=scripts,
            accept_downloads=True,
            storage_state=state,
        )
        cookies = {"language": language, **({"elder": "1"} if elder else {})}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": city.address} for name, value in cookies.items()]
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.troubles: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status} " in message.text for status in self.refusals)
        if message.type in ("error", "warning") and not expected:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _watch(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme.startswith("http") and parts.netloc != urlsplit(self.city.address).netloc:
            self.troubles.append(f"{self.page.url} asks {request.url}")

    def go(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self.look()

    def look(self, part: str = "") -> "Visitor":
        """The page fits the window, and axe finds nothing; each kind of page once. `part` names
        what a page holds when its address does not tell."""
        if not self.scripts:
            return self
        self.page.wait_for_load_state()
        shape = [word for word in urlsplit(self.page.url).path.split("/") if not _is_number(word)]
        name = "/".join([*shape, part]) + self.page.title()[:4]
        key = (name, self.language, self.width, self.elder)
        self._fits()
        if key in _inspected:
            return self
        _inspected.add(key)
        self.picture()
        self.page.evaluate(OPEN_DETAILS)
        violations = Axe().run(self.page).response["violations"]
        found = [(v["id"], [node["html"][:300] for node in v["nodes"]]) for v in violations]
        assert not found, f"{self.page.url}: {found}"
        self._fits()
        self.page.evaluate(CLOSE_DETAILS)
        return self

    def _fits(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} wide in a window of {self.width}"

    def picture(self, kind: str = "") -> None:
        """A picture of the page, when somebody wants to look at it."""
        folder = os.environ.get("TONGDIAN_SCREENSHOTS")
        if folder:
            parts = urlsplit(self.page.url).path.strip("/").split("/")
            name = "-".join(part for part in parts if not _is_number(part)) or "home"
            name += f"-{self.width}-{self.language[:2]}{'-elder' if self.elder else ''}{kind}"
            places = (Path(folder) / f"{name}-{n}.png" for n in range(100))
            self.page.screenshot(path=next(p for p in places if not p.exists()), full_page=True)

    def fill(self, data: Mapping[str, Any], prefix: str = "") -> None:
        """Fill in controls by name: text, select, radio, checkboxes."""
        for name, value in data.items():
            control = self.page.locator(f'[name="{prefix}{name}"]')
            kind = control.first.evaluate("e => e.tagName + ':' + (e.type || '')")
            if kind.endswith((":radio", ":checkbox")):
                for item in value if isinstance(value, list) else [value]:
                    self.page.locator(f'[name="{prefix}{name}"][value="{item}"]').check()
            elif kind.startswith("SELECT"):
                control.select_option(value)
            else:
                control.fill(str(value))

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def says(self, chinese: str, english: str) -> str:
        """The words in this visitor's language."""
        return english if self.language == "en" else chinese

    def leave(self) -> None:
        self.context.close()
        assert not self.troubles, "\n".join(self.troubles)


def _is_number(part: str) -> bool:
    """A case number or the like: pages that differ in it alone are one kind of page."""
    return part.startswith("GY2") or part.split(".")[0].isdigit()


Visit = Callable[..., Visitor]
