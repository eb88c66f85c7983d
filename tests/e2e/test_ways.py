"""Other ways through: the keyboard alone, no scripts, another device, and what goes astray."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e import applicant, desk
from e2e.visitor import Visit
from portal.helpers import PDF, answers
from support.cases import journey

pytestmark = pytest.mark.browser


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted control has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


def _choose(page: Page, value: str, key: str = "ArrowDown") -> None:
    """With the arrows, among the radio buttons or options of the control that has the focus."""
    here = "document.activeElement"
    for _press in range(20):
        done = f"{here}.value === '{value}' && ({here}.type !== 'radio' || {here}.checked)"
        if page.evaluate(done):
            return
        if page.evaluate(f"{here}.value === '{value}'"):
            page.keyboard.press("Space")
        else:
            page.keyboard.press(key)
    raise AssertionError(f"the arrows do not reach {value} on {page.url}")


def _enter(page: Page, leaving: str) -> None:
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(leaving))


def test_an_application_with_the_keyboard_alone(visit: Visit) -> None:
    person = visit("zh-hans", 1280, refusals=(422,))
    page = person.page
    typed = answers("resident")
    person.go("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    _tab_to(page, "a[href='/apply/']")
    _enter(page, "8000/$")
    _tab_to(page, "form[action='/apply/begin/'] button")
    _enter(page, "/apply/$")
    for question in ("filer", "applicant"):
        (name, value), *_rest = typed[question].items()
        _tab_to(page, f"[name={name}]")
        _choose(page, value)
        _enter(page, f"/{question}/")
    _tab_to(page, "[name=district]")
    _choose(page, typed["place"]["district"])
    _tab_to(page, "[name=address]")
    page.keyboard.type(typed["place"]["address"])
    _enter(page, "/place/")
    _tab_to(page, "[name=purpose]")
    _choose(page, "residential")
    _enter(page, "/purpose/")
    _tab_to(page, "[name=load_kw]")
    page.keyboard.type("８")
    _enter(page, "/load/")
    _identity_with_a_slip(page, typed["identity"])
    _tab_to(page, "button[name=next]")
    _enter(page, "/documents/")
    _tab_to(page, "form[action='/apply/submit/'] button")
    _enter(page, "/check/")
    expect(page.locator(".codes .code")).to_have_count(1)
    _tab_to(page, ".codes button")
    page.keyboard.press("Enter")
    expect(page.locator(".codes")).to_have_count(0)
    _tab_to(page, ".actions a.button")
    _enter(page, "/done/")
    expect(page.locator(".now")).to_be_visible()


def _identity_with_a_slip(page: Page, identity: dict[str, str]) -> None:
    """A wrong check digit: the summary takes the focus, leads to the field, nothing is lost."""
    right = identity["id_number"]
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    for name, value in {**identity, "id_number": wrong}.items():
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.locator("[name=id_number]")
    expect(field).to_be_focused()
    expect(field).to_have_value(wrong)
    expect(page.locator("[name=name]")).to_have_value(identity["name"])
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(right)
    _enter(page, "/identity/")


def test_an_application_without_scripts(visit: Visit, tmp_path: Path) -> None:
    """A shop without an external line: the map, a file, submission, tracking, the receipt."""
    person = visit("zh-hans", 390, scripts=False)
    page = person.page
    typed = answers("zero_lv")
    paper = tmp_path / "执照.pdf"
    paper.write_bytes(PDF)
    person.go("/apply/")
    applicant.begin(person)
    for question in ("filer", "applicant"):
        person.fill(typed[question])
        page.locator(applicant.NEXT).click()
    person.fill({"address": typed["place"]["address"]})
    page.locator(".map-details summary").click()
    page.locator(".map-picker input[type=image]").click()
    expect(page.locator("[name=lon]")).to_have_value(re.compile(r"^106\."))
    expect(page.locator("[name=district]")).not_to_have_value("")
    expect(page.locator("[name=address]")).to_have_value(typed["place"]["address"])
    person.fill({"district": typed["place"]["district"]})
    page.locator(applicant.NEXT).click()
    for question in ("purpose", "load", "supplies", "works", "identity"):
        expect(page).to_have_url(re.compile(f"/{question}/"))
        person.fill(typed[question])
        page.locator(applicant.NEXT).click()
    expect(page).to_have_url(re.compile("/documents/"))
    for upload in page.locator("input[type=file]").all():
        upload.set_input_files(paper)
    page.locator(applicant.NEXT).click()
    expect(page.locator("main")).to_contain_text("执照.pdf")
    number, codes = applicant.submit(person)
    applicant.track(person, number, codes[0])
    expect(page.locator(".now h2")).to_have_text("现在不用您做任何事")
    page.locator('a[href$="/receipts/1/"]').click()
    expect(page.locator('a[href$="/receipts/1.json"]')).to_be_visible()


def test_saved_on_a_phone_and_finished_at_a_desk(visit: Visit) -> None:
    """With the return code; the load from a list of equipment on the way."""
    phone = visit("en", 390, refusals=(422,))
    phone.go("/apply/")
    applicant.begin(phone)
    typed = answers("zero_lv")
    phone.fill(typed["filer"])
    phone.page.locator(applicant.NEXT).click()
    phone.fill(typed["applicant"])
    phone.page.locator("main button[name=save]").click()
    expect(phone.heading).to_have_text("Saved")
    phone.look()
    code = phone.page.locator("#return-code").inner_text()
    desk_top = visit("en", 1280, refusals=(422,))
    page = desk_top.page
    desk_top.go("/apply/")
    desk_top.fill({"code": "2222-2222-2222-2222"})
    page.locator("form[action='/apply/resume/'] button").click()
    expect(page.locator(".notice-error")).to_be_visible()
    desk_top.fill({"code": code.lower().replace("-", " ")})
    page.locator("form[action='/apply/resume/'] button").click()
    expect(page).to_have_url(re.compile("/apply/place/"))
    desk_top.fill({k: v for k, v in typed["place"].items() if v})
    page.locator(applicant.NEXT).click()
    desk_top.fill(typed["purpose"])
    page.locator(applicant.NEXT).click()
    page.locator("main a[href*='/precheck/load/']").click()
    expect(desk_top.heading).to_have_text("What equipment do you have?")
    desk_top.look()
    desk_top.fill({"n-oven_commercial": "2", "own-1-name": "Fryer", "own-1-kw": "three"})
    page.locator("button[name=sum]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    desk_top.look()
    desk_top.fill({"own-1-kw": "3"})
    page.locator("button[name=sum]").click()
    # 0.75 × (2 × 6 kW × 0.8 + 3 kW) = 9.45 kW
    expect(desk_top.heading).to_have_text("Apply for 10 kW")
    desk_top.look()
    page.get_by_role("button", name="Continue with 10 kW").click()
    expect(page).to_have_url(re.compile("/apply/supplies/"))
    page.locator(".back-link").click()
    expect(page.locator("[name=load_kw]")).to_have_value("10")
    phone.page.goto("/apply/continue/")
    expect(phone.page).to_have_url(re.compile("/apply/$"))


def test_what_is_missing_paused_disputed_and_withdrawn(visit: Visit) -> None:
    """Everything that does not go straight, with its ground, as the applicant reads it."""
    person = visit("en", 390, refusals=(409,))
    person.go("/apply/")
    applicant.begin(person)
    applicant.answer_pages(person, "low_voltage", "agent")
    number, _codes = applicant.submit(person)
    crew = desk.Crew(visit)
    missing = {
        "items-0-field": "licence",
        "items-0-problem": "营业执照看不清",
        "items-0-remedy": "重新拍照",
    }
    crew.act("clerk", number, "deficiency_listed", missing)
    applicant.do_now(person, number, "deficiency_answered", {"answer-0": "Taken anew"})
    crew.act("clerk", number, "application_accepted", {})
    ground = {"ground": "site_not_ready", "evidence": "照片 12 号"}
    crew.act("lead", number, "clock_paused", ground)
    person.go(f"/cases/{number}/")
    expect(person.page.locator(".now")).to_contain_text("Paused")
    expect(person.page.locator("ol.events > li").first).to_contain_text("照片 12 号")
    person.look("paused")
    crew.act("lead", number, "clock_resumed", {})
    steps = {kind: data for kind, _role, data in journey("low_voltage")}
    crew.act("fieldworker", number, "survey_completed", steps["survey_completed"])
    crew.act("engineer", number, "scheme_replied", steps["scheme_replied"])
    person.go(f"/cases/{number}/")
    person.page.locator('.now a[href$="/do/scheme_accepted/"]').click()
    person.page.locator('a[href$="/do/scheme_disputed/"]').click()
    reason = {"reason_code": "route", "reason": "Please come from the street, not the yard"}
    applicant.send(person, number, reason)
    expect(person.page.locator(".facts")).to_contain_text("Supply scheme")
    crew.act("engineer", number, "scheme_replied", steps["scheme_replied"])
    applicant.do(person, number, "withdrawn", {"reason_code": "plans_changed"})
    expect(person.page.locator(".now h2")).to_have_text("Application withdrawn")
    person.page.goto(f"/cases/{number}/do/scheme_accepted/")
    expect(person.page.get_by_role("main")).to_be_visible()
    person.look("refused")
