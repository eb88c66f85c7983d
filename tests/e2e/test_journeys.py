"""Each track from the pre-check to power on, wholly in the browser: applicant and staff."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e import applicant, desk, permits
from e2e.visitor import Visit, Visitor
from support.cases import journey

pytestmark = pytest.mark.browser

# track, language and width of the applicant, of the staff, who files, steps and days promised
JOURNEYS = (
    ("resident", ("zh-hans", 390), ("zh-hans", 1280), "self", 2, 3),
    ("zero_lv", ("en", 390), ("en", 1280), "self", 2, 6),
    ("zero_lv_external", ("zh-hans", 1280), ("zh-hans", 390), "contractor", 2, 10),
    ("low_voltage", ("en", 1280), ("en", 390), "agent", 3, 6),
    ("high_voltage_single", ("zh-hans", 390), ("zh-hans", 1280), "self", 3, 20),
    ("high_voltage_dual", ("en", 1280), ("zh-hans", 1280), "agent", 3, 30),
)


@pytest.mark.parametrize(
    ("track", "applying", "serving", "filer", "steps", "working_days"),
    JOURNEYS,
    ids=[row[0] for row in JOURNEYS],
)
def test_from_precheck_to_power_on(
    visit: Visit,
    tmp_path: Path,
    track: str,
    applying: tuple[str, int],
    serving: tuple[str, int],
    filer: str,
    steps: int,
    working_days: int,
) -> None:
    person = visit(*applying)
    applicant.precheck(person, track, steps, working_days)
    applicant.begin(person)
    applicant.answer_pages(person, track, filer)
    number, codes = applicant.submit(person)
    owner = person
    if filer == "contractor":
        assert len(codes) == 1, "the owner's code goes to the owner"
        told = person.city.text_message(number, "owner_code")
        owner = visit(*applying)
        applicant.track(owner, number, re.findall(r"\w{5}-\w{5}", told)[0])
        applicant.do_now(owner, number, "owner_confirmed", {})
    crew = desk.Crew(visit, *serving)
    for kind, role, data in journey(track):
        if role == "applicant":
            applicant.do_now(owner, number, kind, data)
        elif kind == "permits_filed":
            permits.file_for_utility(crew.at(role), number)
        elif kind == "item_decided":
            permits.grant(crew.at("officer"), number)
            permits.grant(crew.at("traffic"), number)
        else:
            crew.act(role, number, kind, data)
    _power_is_on(owner, number)
    _rate(owner, number)
    _proof(owner, number, tmp_path)


def _power_is_on(person: Visitor, number: str) -> None:
    person.go(f"/cases/{number}/")
    expect(person.page.locator(".now h2")).to_have_text(person.says("已经通电", "The power is on"))
    expect(person.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("lit"))
    events = person.page.locator("ol.events > li")
    expect(events.first).to_contain_text(person.says("通电了", "power"))
    person.page.emulate_media(media="print")
    expect(person.page.locator(".qr svg")).to_be_visible()
    person.picture("print")
    person.page.emulate_media(media="screen")


def _rate(person: Visitor, number: str) -> None:
    applicant.do(person, number, "step_rated", {"step": "energisation", "stars": "5"})


def _proof(person: Visitor, number: str, folder: Path) -> None:
    """The receipt waits for its place in the log; then anybody can verify it, here or at home."""
    person.page.goto(f"/cases/{number}/receipts/1/")
    link = person.page.locator('a[href$="/receipts/1.json"]')
    expect(link).to_be_visible()
    person.look()
    receipt = folder / "receipt.json"
    receipt.write_bytes(_fetch(person, f"/cases/{number}/receipts/1.json"))
    assert _fetch(person, f"/cases/{number}/receipts/1.pdf").startswith(b"%PDF-")
    person.go("/verify/")
    _check(person, receipt, "success")
    program = folder / "verify.py"
    program.write_bytes(_fetch(person, "/verify/verify.py"))
    at_home = [sys.executable, "-I", str(program), str(receipt)]
    assert subprocess.run(at_home, capture_output=True, check=False).returncode == 0
    changed: Any = json.loads(receipt.read_text())
    changed["event"]["payload"]["load_kw"] = "9999"
    receipt.write_text(json.dumps(changed))
    assert subprocess.run(at_home, capture_output=True, check=False).returncode == 1
    _check(person, receipt, "error")


def _check(person: Visitor, receipt: Path, verdict: str) -> None:
    person.page.locator("input[type=file]").set_input_files(receipt)
    person.page.locator('form[action="/verify/"] button').click()
    expect(person.page.locator(f".notice-{verdict}")).to_be_visible()
    person.look(verdict)


def _fetch(person: Visitor, path: str) -> bytes:
    response = person.context.request.get(path)
    assert response.ok, (path, response.status)
    return response.body()
