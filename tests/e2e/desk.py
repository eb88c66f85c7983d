"""Staff in the browser: signing in with the second factor, and one action after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import expect

from e2e.visitor import Visit, Visitor

ACCOUNTS = {
    "clerk": "clerk",
    "engineer": "engineer",
    "fieldworker": "fieldworker",
    "lead": "lead",
    "officer": "officer",
    "traffic": "gajg-officer",
    "window": "window",
    "supervisor": "supervisor",
}


def sign_in(visitor: Visitor, username: str) -> None:
    """With one click on the demo's sign-in page; the second factor is passed on the way."""
    visitor.page.goto("/account/login/")
    visitor.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    row = visitor.page.locator(f'form:has(input[name=username][value="{username}"])')
    row.locator("button").click()
    expect(visitor.page).not_to_have_url("/account/login/")


def as_staff(visit: Visit, role: str, language: str = "zh-hans", width: int = 1280) -> Visitor:
    """A visitor who is signed in; the session is used again by later visitors of the same role."""
    visitor = visit(language, width)
    username = ACCOUNTS[role]
    kept = visitor.city.sessions.get(username)
    if kept is None:
        sign_in(visitor, username)
        visitor.city.sessions[username] = visitor.context.cookies()
    else:
        visitor.context.add_cookies([c for c in kept if c["name"] not in ("language", "elder")])
    return visitor


@dataclass
class Crew:
    """The staff of a case, each at their own browser: signed in when first needed."""

    visit: Visit
    language: str = "zh-hans"
    width: int = 1280
    at_work: dict[str, Visitor] = field(default_factory=dict)

    def at(self, role: str) -> Visitor:
        """The browser of a role."""
        if role not in self.at_work:
            self.at_work[role] = as_staff(self.visit, role, self.language, self.width)
        return self.at_work[role]

    def act(self, role: str, number: str, kind: str, data: Mapping[str, Any]) -> None:
        """Open the case, choose the action among those allowed, fill its form, send it."""
        act(self.at(role), number, kind, data)


def act(visitor: Visitor, number: str, kind: str, data: Mapping[str, Any]) -> None:
    """Open the case, choose the action among those allowed, fill its form, send it."""
    page = visitor.page
    visitor.go(f"/desk/cases/{number}/")
    page.locator(f'a[href$="/{number}/{kind}/"]').first.click()
    form = page.locator(f'form[action$="/{number}/{kind}/"]')
    expect(form).to_be_visible()
    visitor.look(kind)
    visitor.fill(data, f"{kind}-")
    form.locator("button[type=submit]").first.click()
    expect(form).to_have_count(0)
    visitor.look()
