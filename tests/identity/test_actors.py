"""Roles and the actor of a request."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from tongdian.service.identity.actors import (
    CASE_ROLES,
    OVERSIGHT_ROLES,
    STAFF_ROLES,
    SYSTEM,
    Actor,
    Role,
    actor_of,
    may_combine,
)


def request_of(method: str = "GET") -> object:
    request = RequestFactory().generic(method, "/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    return request


def test_role_groups() -> None:
    assert not CASE_ROLES & OVERSIGHT_ROLES
    assert (CASE_ROLES | OVERSIGHT_ROLES) - {"applicant"} == STAFF_ROLES
    assert {role.value for role in Role} == STAFF_ROLES | {"applicant", "system", "integrator"}


@pytest.mark.parametrize(
    ("roles", "fits"),
    [
        (("clerk", "lead"), True),
        (("clerk", "officer"), True),
        (("supervisor", "auditor"), True),
        (("clerk", "supervisor"), False),
        (("clerk", "auditor"), False),
        (("lead", "administrator"), False),
        (("auditor", "administrator"), False),
        (("supervisor", "administrator"), False),
    ],
)
def test_duties_that_may_be_combined(roles: tuple[str, ...], fits: bool) -> None:
    assert may_combine(roles) is fits


def test_header_names_nobody() -> None:
    actor = Actor(frozenset({"clerk"}), "GYPS-520102", "a1b2", user_id=7, district="520102")
    assert actor.to_header("clerk") == {
        "role": "clerk",
        "organisation": "GYPS-520102",
        "pseudonym": "a1b2",
    }
    assert SYSTEM.role == "system"


def test_primary_role() -> None:
    assert Actor(frozenset({"clerk", "lead"}), "", "x").role == "lead"
    assert Actor(frozenset(), "", "x").role == ""


def test_a_reader_has_no_pseudonym_and_no_session() -> None:
    request = request_of("GET")
    actor = actor_of(request)
    assert (actor.roles, actor.pseudonym, actor.cases) == ({"applicant"}, "", frozenset())
    assert request.session.is_empty()


def test_a_writer_keeps_one_pseudonym_for_the_session() -> None:
    request = request_of("POST")
    first = actor_of(request)
    assert len(first.pseudonym) == 32
    again = request_of("GET")
    again.session = request.session
    assert actor_of(again).pseudonym == first.pseudonym
    assert actor_of(request_of("POST")).pseudonym != first.pseudonym
