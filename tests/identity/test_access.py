"""Query codes open a case to a party, and tell nobody else anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from support.people import make_user
from tongdian.service.identity.access import failures_per_address, failures_per_case
from tongdian.service.identity.actions import (
    issue_party_access,
    open_case_with_code,
    revoke_party_access,
    rotate_party_access,
)
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.address import client_address
from tongdian.service.identity.codes import new_query_code
from tongdian.service.identity.errors import (
    AccessRefused,
    InvalidRequest,
    NotPermitted,
    StaffSession,
    TooManyAttempts,
)
from tongdian.service.identity.models import AccessAttempt, AuditEntry, PartyAccess
from tongdian.service.identity.sessions import close_opened_cases
from tongdian.service.portal.throttle import too_many

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "GY2109170001237", "GY2109170001245"
PERSON = Actor(frozenset({"applicant"}), "", "person-1")
CLERK = Actor(frozenset({"clerk"}), "GYPS-520102", "clerk-1")


def visitor(address: str = "203.0.113.7", session: SessionStore | None = None) -> HttpRequest:
    request = RequestFactory().post("/track/", REMOTE_ADDR=address)
    request.user = AnonymousUser()
    request.session = session or SessionStore()
    return request


def refusal(request: HttpRequest, number: str, code: str) -> AccessRefused:
    with pytest.raises(AccessRefused) as refused:
        open_case_with_code(request, number, code)
    return refused.value


def test_number_and_code_open_the_case_as_that_party() -> None:
    code = issue_party_access(NUMBER, "owner", actor=PERSON)
    request = visitor()
    request.session["kept"] = 1
    request.session.save()
    before = request.session.session_key
    typed = f" {NUMBER[:6].lower()} {NUMBER[6:]} "
    assert open_case_with_code(request, typed, code.lower().replace("-", " ")) == NUMBER
    actor = actor_of(request)
    assert actor.cases == {NUMBER}
    assert actor.is_party(NUMBER, "owner")
    assert not actor.is_party(NUMBER, "applicant")
    assert not actor.is_party(OTHER, "owner")
    assert actor.pseudonym
    assert request.session.session_key != before


def test_only_a_digest_is_kept() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    row = PartyAccess.objects.get()
    assert code not in str(vars(row))
    assert code.replace("-", "") not in str(vars(row))
    assert len(row.digest) == 64


def test_wrong_number_and_wrong_code_are_answered_alike(
    django_assert_num_queries: object,
) -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    revoked = issue_party_access(OTHER, "applicant", actor=PERSON)
    revoke_party_access(OTHER, "applicant", actor=CLERK)
    tries = [
        (NUMBER, new_query_code()),
        ("GY9999999999999", code),
        ("", code),
        (OTHER, revoked),
        (OTHER, code),
        ("x" * 500, new_query_code()),
    ]
    answers = set()
    for turn, (number, wrong) in enumerate(tries):
        request = visitor(f"203.0.113.{turn}")
        with django_assert_num_queries(3):  # type: ignore[operator]
            error = refusal(request, number, wrong)
        answers.add((type(error), error.text, error.code))
        assert actor_of(request).cases == frozenset()
    assert len(answers) == 1


def test_a_mistyped_check_character_is_not_counted() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    error = refusal(visitor(), NUMBER, wrong)
    assert error.text == AccessRefused().text
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("number", [NUMBER, "GY0000000000000"])
def test_a_case_locks_after_failures_from_anywhere_known_or_not(number: str) -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    for turn in range(failures_per_case()):
        error = refusal(visitor(f"203.0.113.{turn}"), number, new_query_code())
        assert not isinstance(error, TooManyAttempts)
    for turn in range(2):
        error = refusal(visitor(f"198.51.100.{turn}"), number, code)
        assert isinstance(error, TooManyAttempts)
        assert error.minutes == 15
    assert AuditEntry.objects.filter(kind="access_locked", subject=number).count() == 1


def test_an_address_locks_after_failures_on_many_cases() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    for turn in range(failures_per_address()):
        refusal(visitor("2001:db8::1"), f"GY{turn:013d}", new_query_code())
    neighbour = visitor("2001:db8::abcd")
    assert isinstance(refusal(neighbour, NUMBER, code), TooManyAttempts)
    assert open_case_with_code(visitor("2001:db8:0:1::1"), NUMBER, code) == NUMBER


def test_the_lock_ends() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    for turn in range(failures_per_case() + 1):
        refusal(visitor(f"203.0.113.{turn}"), NUMBER, new_query_code())
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    assert open_case_with_code(visitor(), NUMBER, code, at=later) == NUMBER


def test_success_forgives_the_failures_of_the_case() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    for turn in range(failures_per_case() - 1):
        refusal(visitor(f"203.0.113.{turn}"), NUMBER, new_query_code())
    open_case_with_code(visitor(), NUMBER, code)
    for turn in range(failures_per_case() - 1):
        refusal(visitor(f"203.0.113.{turn}"), NUMBER, new_query_code())
    assert open_case_with_code(visitor(), NUMBER, code) == NUMBER


def test_behind_a_proxy_one_address_does_not_lock_all(settings: Any) -> None:
    """What the caller itself wrote into X-Forwarded-For stands before what the proxy appended."""

    def through_proxy(*hops: str) -> HttpRequest:
        request = visitor("127.0.0.1")
        request.META["HTTP_X_FORWARDED_FOR"] = ", ".join(hops)
        return request

    assert client_address(through_proxy("203.0.113.9")) == "127.0.0.1", "not believed unasked"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(through_proxy("203.0.113.9")) == "203.0.113.9"
    assert client_address(through_proxy("198.51.100.1", "203.0.113.9")) == "203.0.113.9"
    for turn in range(11):
        blocked = too_many(through_proxy("203.0.113.9"), "resume")
        assert blocked == (turn == 10)
    assert not too_many(through_proxy("203.0.113.10"), "resume")


def test_neither_numbers_nor_addresses_are_kept_of_failures() -> None:
    refusal(visitor("203.0.113.99"), NUMBER, new_query_code())
    kept = " ".join(AccessAttempt.objects.values_list("subject", flat=True))
    assert NUMBER not in kept
    assert "203.0.113" not in kept


def test_a_new_code_ends_the_old_one_and_what_it_opened() -> None:
    old = issue_party_access(NUMBER, "applicant", actor=PERSON)
    request = visitor()
    open_case_with_code(request, NUMBER, old)
    party = actor_of(request)
    new = rotate_party_access(NUMBER, "applicant", actor=party)
    assert actor_of(visitor(session=request.session)).cases == frozenset()
    refusal(visitor(), NUMBER, old)
    assert open_case_with_code(visitor(), NUMBER, new) == NUMBER
    assert AuditEntry.objects.filter(kind="access_rotated", subject=NUMBER).count() == 1


def test_who_may_replace_and_end_codes() -> None:
    issue_party_access(NUMBER, "applicant", actor=PERSON)
    issue_party_access(NUMBER, "contractor", actor=PERSON)
    applicant = Actor(frozenset({"applicant"}), "", "p", parties=frozenset({(NUMBER, "applicant")}))
    stranger = Actor(frozenset({"applicant"}), "", "p", parties=frozenset({(OTHER, "applicant")}))
    supervisor = Actor(frozenset({"supervisor"}), "GY-FGW", "s")
    for actor in (stranger, supervisor):
        with pytest.raises(NotPermitted):
            rotate_party_access(NUMBER, "applicant", actor=actor)
        with pytest.raises(NotPermitted):
            revoke_party_access(NUMBER, "contractor", actor=actor)
    with pytest.raises(NotPermitted):
        rotate_party_access(NUMBER, "contractor", actor=applicant)
    revoke_party_access(NUMBER, "contractor", actor=applicant)
    with pytest.raises(InvalidRequest):
        revoke_party_access(NUMBER, "contractor", actor=applicant)
    rotate_party_access(NUMBER, "applicant", actor=CLERK)
    assert PartyAccess.objects.filter(revoked_at=None).count() == 1


def test_one_valid_code_for_each_party() -> None:
    issue_party_access(NUMBER, "applicant", actor=PERSON)
    issue_party_access(NUMBER, "owner", actor=PERSON)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_party_access(NUMBER, "applicant", actor=PERSON)
    with pytest.raises(ValueError, match="neighbour"):
        issue_party_access(NUMBER, "neighbour", actor=PERSON)


def test_issuing_is_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        issue_party_access(NUMBER, "applicant", actor=PERSON)


def test_staff_do_not_open_cases_as_a_party() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    request = visitor()
    request.user = make_user("clerk", "clerk")
    with pytest.raises(StaffSession):
        open_case_with_code(request, NUMBER, code)
    assert actor_of(request).cases == frozenset()


def test_a_signed_in_applicant_opens_further_cases() -> None:
    code = issue_party_access(NUMBER, "agent", actor=PERSON)
    request = visitor()
    user = request.user = make_user("person")
    open_case_with_code(request, NUMBER, code)
    actor = actor_of(request)
    assert (actor.pseudonym, actor.cases) == (user.pseudonym, {NUMBER})


def test_opened_cases_can_be_closed_on_a_shared_computer() -> None:
    code = issue_party_access(NUMBER, "applicant", actor=PERSON)
    request = visitor()
    open_case_with_code(request, NUMBER, code)
    close_opened_cases(request)
    assert actor_of(visitor(session=request.session)).cases == frozenset()
