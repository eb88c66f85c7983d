"""A route drawn on the map, one packet, a commitment, and the ordinary way after all."""

import json
import re

import pytest
from playwright.sync_api import expect

from e2e import applicant, desk
from e2e.permits import fill_packet
from e2e.visitor import Visit, Visitor
from support.cases import journey, scheme

pytestmark = pytest.mark.browser


def _at_the_works(visit: Visit, person: Visitor, language: str, width: int) -> str:
    """A case of the low-voltage track whose scheme of 10 kV was accepted."""
    applicant.precheck(person, "low_voltage", 3, 6)
    applicant.begin(person)
    applicant.answer_pages(person, "low_voltage")
    number, _codes = applicant.submit(person)
    crew = desk.Crew(visit, language, width)
    for kind, role, data in journey("low_voltage")[:2]:
        crew.act(role, number, kind, data)
    crew.act("engineer", number, "scheme_replied", scheme(voltage="10kV"))
    applicant.do_now(person, number, "scheme_accepted", {})
    return number


def _draw(person: Visitor, number: str) -> None:
    """Three presses on the map beside the old street, one undone; the answer comes by itself."""
    page = person.page
    page.locator(f'a[href="/permits/{number}/route/"]').click()
    person.look()
    page.locator("[name=voltage_kv]").select_option("10")
    svg = page.locator(".draw-frame > svg")
    box = svg.bounding_box()
    assert box is not None
    for x, y in ((0.5, 0.5), (0.55, 0.5), (0.9, 0.9)):
        svg.click(position={"x": box["width"] * x, "y": box["height"] * y})
    page.locator("[data-undo]").click()
    expect(page.locator("[data-state]")).to_contain_text(person.says("2 个点", "2 points"))
    expect(page.locator("[data-answer] h2")).to_be_visible()
    drawn = json.loads(page.locator("[name=drawn]").input_value())
    assert len(drawn["features"][0]["geometry"]["coordinates"]) == 2
    person.look("drawn")
    first = page.locator('[data-handle="0"]')
    first.focus()
    page.keyboard.press("ArrowUp")
    assert json.loads(page.locator("[name=drawn]").input_value()) != drawn
    page.get_by_role("button", name=person.says("核对路径", "Check the route")).click()
    expect(page.locator("#answer .chart svg").first).to_be_visible()
    assert page.locator(".trace tbody tr").count() == 7
    person.look("answered")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])
def test_committed_withdrawn_and_filed(visit: Visit, language: str, width: int) -> None:
    """No credit platform is connected here, so the letter waits, may be withdrawn, and the same
    packet goes the ordinary way."""
    person = visit(language, width)
    number = _at_the_works(visit, person, language, width)
    _draw(person, number)
    fill_packet(person, number)
    page = person.page
    page.locator(f'a.button[href="/permits/{number}/commitment/"]').click()
    person.look()
    for box in page.locator("[name=declared]").all():
        box.check()
    page.locator("main form button.button").click()
    expect(person.heading).to_have_text(person.says("信用核查中", "Checking credit"))
    person.look()
    page.locator('form[action$="/commitment/withdraw/"] button').click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile(r"/filed/$"))
    person.look()
    person.go(f"/cases/{number}/")
    expect(page.locator(".route-case svg").first).to_be_visible()
