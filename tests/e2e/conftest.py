"""The city, the browser, and people who visit the one with the other."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from e2e.city import City, at_database, connected_to, new_database, served
from e2e.visitor import Visit, Visitor
from support.cases import today
from support.works import LAT, LON, street_corner
from tongdian.embedded import WEB
from tongdian.service import demo
from tongdian.service.identity.actions import seed_demo_users
from tongdian.service.look.districts import districts

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def city(postgres: Any, django_db_blocker: Any) -> Iterator[City]:
    """The demo's people and offices without any case, served as in production."""
    owner_url = os.environ["TONGDIAN_OWNER_DATABASE_URL"]
    given = os.environ.get("TONGDIAN_TEST_WEB_DATABASE_URL", owner_url)
    web_url = given if postgres is None else postgres.dsn(WEB)
    with django_db_blocker.unblock(), new_database(owner_url) as name:
        with connected_to(name):
            demo.prepare()
            seed_demo_users()
            street_corner(today(), districts()["520102"].leader_from or (LON, LAT))
        with served(at_database(web_url, name)) as city:
            yield city


@pytest.fixture(scope="module")
def chromium(city: City) -> Iterator[Browser]:
    """One browser a module: while it runs, this process may not talk to the database itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, city: City) -> Iterator[Visit]:
    """Makes visitors; at the end none of them has seen an error or a request to elsewhere."""
    visitors: list[Visitor] = []

    def make(language: str = "zh-hans", width: int = 1280, **options: Any) -> Visitor:
        visitors.append(Visitor(chromium, city, language, width, **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.leave()
