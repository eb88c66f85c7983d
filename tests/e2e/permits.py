"""Permits in the browser: the route, the packet, the departments' decisions."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from e2e.visitor import Visitor
from support.cases import today
from support.works import LAT, LON, packet
from tongdian.service.look.districts import districts

# Where the street corner of these tests is.
CORNER = districts()["520102"].leader_from or (LON, LAT)


def fill_packet(person: Visitor, number: str) -> None:
    """From the route's answer to the page of checking."""
    page = person.page
    page.locator(f'a.button[href="/permits/{number}/form/"]').click()
    person.look()
    form = packet(starts_on=(today() + timedelta(days=2)).isoformat())
    for name, value in form.items():
        if name.startswith("later-"):
            page.locator(f"[name={name}]").check()
        else:
            person.fill({name: value})
    page.locator("main form button.button").click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    person.look()


def file_for_utility(engineer: Visitor, number: str) -> None:
    """The engineer types the route along the old street, fills the packet and files it."""
    page, (lon, lat) = engineer.page, CORNER
    engineer.go(f"/desk/cases/{number}/")
    page.locator(f'a[href="/permits/{number}/route/"]').first.click()
    page.locator("[name=voltage_kv]").select_option("0.38")
    page.locator(".other-ways > summary").click()
    page.locator("[name=points]").fill(f"{lon},{lat},直埋\n{lon + 0.0005},{lat}")
    page.get_by_role("button", name=engineer.says("核对路径", "Check the route")).click()
    fill_packet(engineer, number)
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile(r"/filed/$"))
    engineer.look()


def grant(officer: Visitor, number: str) -> None:
    """A department opens the case, which is its own item to it, and grants it."""
    page = officer.page
    officer.go(f"/desk/cases/{number}/")
    expect(page).to_have_url(re.compile(rf"/desk/permits/{number}/\w+/$"))
    page.locator("[name=result][value=granted]").check()
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile(r"/desk/permits/$"))
    officer.look()
