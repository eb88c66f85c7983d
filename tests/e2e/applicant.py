"""An applicant in the browser: pre-check, application, tracking, and what is theirs to do."""

import re
from typing import Any

from playwright.sync_api import expect

from e2e.visitor import Visitor
from portal.helpers import answers

NEXT = "main button[name=next]"


def precheck(visitor: Visitor, track: str, steps: int, working_days: int) -> None:
    """From the one question on the home page to the answer with its clauses."""
    typed = answers(track)
    visitor.go("/")
    visitor.fill({"district": typed["place"]["district"], **typed["applicant"], **typed["load"]})
    visitor.page.locator("form.ask button.button").click()
    visitor.page.get_by_role("link", name=visitor.says("修改", "Change"), exact=True).click()
    visitor.fill(typed["purpose"])
    if typed["applicant"]["applicant_kind"] != "resident":
        visitor.fill({**typed["works"], **typed["supplies"]})
    visitor.look()
    visitor.page.locator("main form button.button").click()
    days = visitor.says(f"{working_days} 个工作日", f"{working_days} working days")
    expect(visitor.heading).to_contain_text(days)
    expect(visitor.page.locator("ol").first.locator("li")).to_have_count(steps)
    assert visitor.page.locator(".clause").count() >= 4
    visitor.look()


def begin(visitor: Visitor) -> None:
    """On with the answers of the pre-check."""
    visitor.page.locator('form[action="/apply/begin/"] button:visible').click()
    expect(visitor.page).to_have_url(re.compile("/apply/filer/"))


def question_of(visitor: Visitor) -> str:
    return visitor.page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def answer_pages(visitor: Visitor, track: str, filer: str = "self", **changes: Any) -> list[str]:
    """Answer page after page until the check page; which pages there were."""
    typed = answers(track, filer, **changes)
    seen: list[str] = []
    while (question := question_of(visitor)) != "check":
        assert question not in seen, f"{question} comes twice"
        expect(visitor.page.locator(".step-count")).to_contain_text(str(len(seen) + 1))
        visitor.look()
        visitor.fill({name: value for name, value in typed[question].items() if value})
        if question == "documents":
            for later in visitor.page.locator("input[name^=later-]").all():
                later.check()
        visitor.page.locator(NEXT).click()
        expect(visitor.page).not_to_have_url(re.compile(f"/{question}/"))
        seen.append(question)
    visitor.look()
    return seen


def submit(visitor: Visitor) -> tuple[str, list[str]]:
    """Submit; the case number and the query codes that the confirmation shows."""
    visitor.page.locator('form[action="/apply/submit/"] button.button').click()
    expect(visitor.page).to_have_url(re.compile("/apply/done/"))
    visitor.look()
    number = re.search(r"GY\d{12,}\w+", visitor.page.locator("main").inner_text())
    assert number is not None
    return number[0], visitor.page.locator(".codes .code").all_inner_texts()


def track(visitor: Visitor, number: str, code: str) -> None:
    """Open a case by its number and query code."""
    visitor.go("/track/")
    visitor.fill({"number": number, "code": code.lower()})
    visitor.page.locator("main form button.button").click()
    expect(visitor.page).to_have_url(re.compile(f"/cases/{number}/"))
    visitor.look()


def do_now(visitor: Visitor, number: str, kind: str, data: dict[str, Any]) -> None:
    """The one thing to do now, on top of the tracking page."""
    visitor.go(f"/cases/{number}/")
    visitor.page.locator(f'.now a.button[href$="/do/{kind}/"]').click()
    send(visitor, number, data)


def do(visitor: Visitor, number: str, kind: str, data: dict[str, Any]) -> None:
    """Something else that is possible, from the side of the tracking page."""
    visitor.go(f"/cases/{number}/")
    visitor.page.locator(f'a[href$="/do/{kind}/"]').first.click()
    send(visitor, number, data)


def send(visitor: Visitor, number: str, data: dict[str, Any]) -> None:
    expect(visitor.page.locator(".clock-effect")).to_be_visible()
    visitor.look()
    visitor.fill(data)
    visitor.page.locator("form[data-guard] button").click()
    expect(visitor.page).to_have_url(re.compile(f"/cases/{number}/$"))
    visitor.look()
