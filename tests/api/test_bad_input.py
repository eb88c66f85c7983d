"""Each bad input over HTTP: a clear answer with field, rule and remedy, and nothing written."""

from datetime import timedelta
from typing import Any

import pytest

from support.api import PDF, Integrator, integrator, problem_of, written
from support.cases import CLERK, ENGINEER, FIELD, facts, journey, person, scheme, today
from tongdian.law.identifiers import make_resident_id, make_uscc
from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import act
from tongdian.service.identity.models import PartyAccess

pytestmark = pytest.mark.django_db

RESIDENT = facts("resident")
COMPANY = facts("low_voltage")


def spoiled(identifier: str) -> str:
    """The same with another check digit."""
    return identifier[:-1] + ("1" if identifier[-1] != "1" else "2")


def refused_field(response: Any, field: str) -> dict[str, str]:
    """The one error of a 422, which names the field, a rule and a remedy in both languages."""
    assert problem_of(response) == (422, "invalid-input")
    (error,) = response.json()["errors"]
    assert error["field"] == field
    assert " / " in error["rule"], error
    assert " / " in error["remedy"], error
    return dict(error)


@pytest.mark.parametrize(
    ("field", "application"),
    [
        ("id_number", {**RESIDENT, "id_number": spoiled(RESIDENT["id_number"])}),
        ("id_number", {**RESIDENT, "id_number": "12345"}),
        ("id_number", {**RESIDENT, "id_number": make_uscc(3)}),
        ("id_number", {**COMPANY, "id_number": spoiled(COMPANY["id_number"])}),
        ("id_number", {**COMPANY, "id_number": make_resident_id(today(), 3)}),
        ("load_kw", {**RESIDENT, "load_kw": "0"}),
        ("load_kw", {**RESIDENT, "load_kw": -8}),
        ("load_kw", {**RESIDENT, "load_kw": "1000001"}),
        ("load_kw", {**RESIDENT, "load_kw": "8.123"}),
        ("load_kw", {**RESIDENT, "load_kw": ""}),
        ("load_kw", {**RESIDENT, "load_kw": "NaN"}),
        ("load_kw", {**RESIDENT, "load_kw": "eight"}),
        ("phone", {**RESIDENT, "phone": "12"}),
        ("name", {**RESIDENT, "name": ""}),
        ("name", {**RESIDENT, "name": "示例\u0000"}),
        ("address", {key: RESIDENT[key] for key in RESIDENT if key != "address"}),
        ("district", {**RESIDENT, "district": "110101"}),
        ("purpose", {**RESIDENT, "purpose": "crypto"}),
        ("supplies", {**RESIDENT, "supplies": 3}),
        ("lon", {**RESIDENT, "lon": "0"}),
        ("nickname", {**RESIDENT, "nickname": "x"}),
        ("track", {**RESIDENT, "track": "high_voltage_dual"}),
    ],
)
def test_a_bad_application_is_told_field_by_field(
    caller: Integrator, field: str, application: dict[str, Any]
) -> None:
    before = written()
    refused_field(caller.post("/cases", application), field)
    assert written() == before


def test_every_bad_field_is_told_at_once(caller: Integrator) -> None:
    response = caller.post("/cases", {**RESIDENT, "load_kw": 0, "phone": "1", "name": ""})
    assert {error["field"] for error in response.json()["errors"]} == {"load_kw", "phone", "name"}


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"a":1}' * 2, b"[" * 100_000,
     b'{"name": "\\ud800"}', b'{"\\ud800": 1}', b'{"documents": [{"\\ud800": 1}]}',
     b'{"load_kw": 1e999}', b"1" * 5000],
)  # fmt: skip
def test_a_body_that_is_no_application(caller: Integrator, body: bytes) -> None:
    before = written()
    response = caller.post("/cases", body)
    assert problem_of(response)[0] in (400, 415, 422)
    assert written() == before


def test_dates_in_the_future_and_before_the_application(caller: Integrator) -> None:
    number = str(caller.post("/cases", COMPANY).json()["number"])
    act(number, "application_accepted", {}, actor=CLERK)
    surveyed = {"surveyed_on": today().isoformat(), "external_works": "no"}
    act(number, "survey_completed", surveyed, actor=FIELD)
    act(number, "scheme_replied", scheme(), actor=ENGINEER)
    act(number, "scheme_accepted", {}, actor=person(caller.pseudonym))
    tomorrow = (today() + timedelta(days=1)).isoformat()
    before = written()
    late = caller.act(number, "completion_reported", {"completed_on": tomorrow})
    refused_field(late, "completed_on")
    good = {"completed_on": today().isoformat()}
    for instant, words in [
        (f"{tomorrow}T23:00:00+08:00", "future"),
        ("2020-01-06T09:00:00+08:00", "before the application"),
        ("1066-10-14T09:00:00+08:00", "check the year"),
        ("2026-11-24T09:00:00", "time zone"),
    ]:
        response = caller.act(number, "completion_reported", good, occurred_at=instant)
        assert words in refused_field(response, "occurred_at")["rule"]
    assert written() == before
    assert caller.act(number, "completion_reported", good).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00 not a pdf", "permit.pdf", "Only PDF, PNG and JPG"),
        (b"\x89PNG\r\n\x1a\n....", "permit.pdf", "does not say"),
        (b"<script>alert(1)</script>", "photo.jpg", "Only PDF, PNG and JPG"),
        (PDF, "../../x", "cannot hold a path"),
        (PDF, "../../x.pdf", "cannot hold a path"),
        (PDF, "/etc/passwd.pdf", "cannot hold a path"),
        (PDF, "..\\\\..\\\\x.pdf", "cannot hold a path"),
        (PDF, ".hidden.pdf", "cannot hold a path"),
        (PDF, "cod\u202efdp.pdf", "cannot hold a path"),
        (b"", "empty.pdf", "empty"),
    ],
)
def test_a_file_that_is_not_what_it_says(
    caller: Integrator, content: bytes, name: str, words: str
) -> None:
    before = written()
    assert words in refused_field(caller.upload(content, name), "file")["rule"]
    assert written() == before


def test_no_file_or_two(caller: Integrator) -> None:
    before = written()
    for body in (b"--b--\r\n", b"", b"--b\r\nnonsense"):
        response = caller.client.post(
            "/api/v1/evidence",
            body,
            content_type="multipart/form-data; boundary=b",
            headers=caller.headers("k"),
        )
        assert problem_of(response)[0] in (400, 415, 422)
    assert written() == before


@pytest.mark.parametrize("size", [10_485_761, 13_000_000])
def test_a_file_that_is_too_large(caller: Integrator, size: int) -> None:
    before = written()
    response = caller.upload(PDF + b"x" * (size - len(PDF)), "plan.pdf")
    assert problem_of(response) == (413, "too-large")
    assert written() == before


def test_the_largest_file_that_is_taken(caller: Integrator) -> None:
    response = caller.upload(PDF + b"x" * (10_485_760 - len(PDF)), "plan.pdf")
    assert response.status_code == 201
    assert response.json()["size_bytes"] == 10_485_760


def test_a_repeated_submission_is_one_case(caller: Integrator) -> None:
    first = caller.post("/cases", RESIDENT, key="order-1")
    again = caller.post("/cases", RESIDENT, key="order-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_what_the_state_does_not_allow_says_what_it_does(caller: Integrator) -> None:
    number = str(caller.post("/cases", COMPANY).json()["number"])
    before = written()
    response = caller.act(number, "scheme_accepted")
    assert problem_of(response) == (409, "not-allowed-now")
    body = response.json()
    assert body["action"] == "scheme_accepted"
    assert body["stage"] == "intake"
    assert "withdrawn" in body["allowed"]
    assert body["allowed"] == caller.get(f"/cases/{number}").json()["allowed"]
    assert written() == before


@pytest.mark.parametrize("kind", ["application_accepted", "contract_recorded", "energised"])
def test_what_the_role_does_not_allow_says_what_it_does(caller: Integrator, kind: str) -> None:
    data = next(data for step, _role, data in journey("low_voltage") if step == kind)
    number = str(caller.post("/cases", COMPANY).json()["number"])
    before = written()
    response = caller.act(number, kind, data)
    assert problem_of(response) == (403, "role-not-allowed")
    assert response.json()["action"] == kind
    assert "withdrawn" in response.json()["allowed"]
    assert written() == before


def test_an_owner_confirms_with_the_own_code_alone(caller: Integrator) -> None:
    owner = {"name": "示例·业主", "phone": "19900000002"}
    made = caller.post("/cases", {**COMPANY, "owner": owner}, filed_for_owner="true")
    assert set(made.json()["codes"]) == {"contractor"}, "the owner's goes to the owner"
    assert made.json()["submitted_at"] is None
    response = caller.act(made.json()["number"], "owner_confirmed")
    assert problem_of(response) == (403, "role-not-allowed")


def test_an_unknown_case_and_a_foreign_one_are_answered_alike(caller: Integrator) -> None:
    """Byte by byte, headers too: nothing tells whether the number exists."""
    foreign = integrator(name="示例·别家").post("/cases", RESIDENT).json()["number"]
    before = written()
    for path in ("", "/timeline", "/receipt", "/export"):
        answers = [
            caller.get(f"/cases/{number}{path}")
            for number in (foreign, "GY2611250000001B", "GY26112599999999", "nonsense")
        ]
        assert problem_of(answers[0]) == (404, "case-not-found")
        assert len({(answer.content, str(answer.headers)) for answer in answers}) == 1
    for kind in ("withdrawn", "application_accepted", "owner_confirmed", "clock_resumed"):
        answers = [caller.act(number, kind) for number in (foreign, "GY2611250000001B", "x")]
        assert problem_of(answers[0]) == (404, "case-not-found")
        assert len({(answer.content, str(answer.headers)) for answer in answers}) == 1
    assert written() == before


def test_a_list_shows_the_own_cases_alone(caller: Integrator) -> None:
    integrator(name="示例·别家").post("/cases", RESIDENT)
    mine = caller.post("/cases", RESIDENT).json()["number"]
    assert [case["number"] for case in caller.get("/cases").json()["items"]] == [mine]


def test_a_clock_over_an_unannounced_year_is_answered_as_provisional(caller: Integrator) -> None:
    announced = caller.get("/deadline", **{"from": "2021-09-17", "working_days": 5}).json()
    assert (announced["due"], announced["provisional"]) == ("2021-09-26", False)
    far = caller.get("/deadline", **{"from": "2031-09-17", "working_days": 5})
    assert far.status_code == 200
    assert far.json()["provisional"] is True


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2021-13-45", "working_days": 5}, "from"),
        ({"from": "1990-01-01", "working_days": 5}, "from"),
        ({"from": "2021-09-17", "working_days": -1}, "working_days"),
        ({"from": "2021-09-17"}, "working_days"),
    ],
)
def test_a_bad_question_to_the_calendar(
    caller: Integrator, query: dict[str, Any], field: str
) -> None:
    refused_field(caller.get("/deadline", **query), field)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"load_kw": "0"}, "load_kw"),
        ({"load_kw": "1e9"}, "load_kw"),
        ({"load_kw": "8", "voltage": "1V"}, "voltage"),
        ({"load_kw": "8", "supplies": "9"}, "supplies"),
    ],
)
def test_a_bad_question_before_applying(
    caller: Integrator, query: dict[str, Any], field: str
) -> None:
    refused_field(caller.get("/precheck", **query), field)


def test_scopes_hold(caller: Integrator) -> None:
    """A key that may only read writes nothing, and one that may only submit reads nothing."""
    number = caller.post("/cases", RESIDENT).json()["number"]
    reader, submitter = integrator("read"), integrator("submit")
    before = written()
    for response in (
        reader.post("/cases", RESIDENT),
        reader.act(number, "withdrawn"),
        reader.upload(PDF, "a.pdf"),
        submitter.get("/cases"),
        submitter.get(f"/cases/{number}"),
        submitter.act(number, "withdrawn"),
    ):
        assert problem_of(response) == (403, "scope-not-granted")
        assert set(response.json()["scopes_needed"]).isdisjoint(response.json()["scopes"])
    assert written() == before
    assert submitter.post("/cases", RESIDENT).status_code == 201
    assert reader.get("/cases").json() == {"items": [], "next_cursor": None}


def test_codes_are_kept_nowhere_in_the_clear(caller: Integrator) -> None:
    code = caller.post("/cases", RESIDENT, key="k").json()["codes"]["applicant"]
    kept = IdempotencyRecord.objects.get()
    assert code.encode() not in bytes(kept.body)
    assert RESIDENT["name"].encode() not in bytes(kept.body)
    assert PartyAccess.objects.get().digest != code
    assert caller.post("/cases", RESIDENT, key="k").json()["codes"]["applicant"] == code
