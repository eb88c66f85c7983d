"""Staff at their desks: one signed-in client for each role of the office that the cases lie in."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from support.people import make_user, sign_in
from tongdian.service.identity.models import User

HOMES = {"clerk": "GYPS-520102", "engineer": "GYPS-520102", "fieldworker": "GYPS-520102",
         "lead": "GYPS-520102", "officer": "GY-ZHZF"}  # fmt: skip

Desk = Callable[..., Client]


@pytest.fixture
def staff_of(db: None) -> Callable[..., User]:
    """The user of a role, made on first asking."""
    made: dict[tuple[str, str], User] = {}

    def of(role: str, home: str = "") -> User:
        home = home or HOMES.get(role, "")
        key = (role, home)
        if key not in made:
            name = f"{role}-{home.lower() or 'home'}"
            made[key] = make_user(name, role, home=home or None)
        return made[key]

    return of


@pytest.fixture
def desk(staff_of: Callable[..., User]) -> Desk:
    """A client signed in with the second factor passed, in Chinese unless told otherwise."""

    def at(role: str, home: str = "", language: str = "zh-hans") -> Client:
        client = Client()
        sign_in(client, staff_of(role, home))
        client.cookies["language"] = language
        return client

    return at


@pytest.fixture(autouse=True)
def _files_aside(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("evidence")
