"""What the played registries say: of everybody in the city, signed, and wrong when told to be."""

import base64
import json
import time
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from support.sandbox import CUSTOMERS, SEED, Sandbox, example
from tongdian.city import generate
from tongdian.city.model import FIRST_COMPANY
from tongdian.law.identifiers import make_uscc, parse_project_code
from tongdian.proof.canonical import canonical
from tongdian.sandbox.residents import Directory

CITY = generate(CUSTOMERS, SEED)


def ask(sandbox: Sandbox, registry: str, subject: str) -> Any:
    question = {"subject": subject, "purpose": "connection", "consent": "C-1"}
    return sandbox.post(f"/registries/{registry}/query", question)


def test_everybody_in_the_city_is_found_by_identifier() -> None:
    directory = Directory(CITY)
    companies = 0
    for customer in range(CITY.customers):
        facts = CITY.facts(customer)
        found = directory.find(facts["id_number"])
        assert found is not None
        assert found.person.name == facts["name"]
        assert found.premises.address == facts["address"]
        companies += found.is_company
    assert companies > 20
    assert directory.find(make_uscc(FIRST_COMPANY + CUSTOMERS + 5)) is None
    assert directory.find("nonsense") is None


@pytest.mark.parametrize(
    "registry", ["identity", "business", "real_estate", "land_planning", "projects"]
)
def test_answers_are_signed_over_their_canonical_form(sandbox: Sandbox, registry: str) -> None:
    answer = ask(sandbox, registry, example("机械").person.id_number).json()
    key = sandbox.get("/keys").json()["keys"][registry]["public_key"]
    signature = base64.b64decode(answer.pop("signature"))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
    public.verify(signature, canonical(answer))
    with pytest.raises(InvalidSignature):
        public.verify(signature, canonical({**answer, "serial": "another"}))


def test_records_are_those_of_the_demo_city(sandbox: Sandbox) -> None:
    customer = int((CITY.purpose == 2).argmax())
    facts = CITY.facts(customer)
    licence = ask(sandbox, "business", facts["id_number"]).json()["data"]
    assert licence["name"] == facts["name"]
    title = ask(sandbox, "real_estate", facts["id_number"]).json()["data"]["titles"][0]
    assert title["unit"] == facts["real_estate_unit"]
    project = ask(sandbox, "projects", facts["id_number"]).json()["data"]["projects"][0]
    assert parse_project_code(project["code"]).text == project["code"]
    assert len(project["code"]) == 24


def test_nobody_is_a_signed_answer_too(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "identity", "529900190001010009").json()
    assert answer["data"] is None
    assert answer["signature"]


@pytest.mark.parametrize("missing", ["subject", "purpose", "consent"])
def test_a_query_without_reason_is_refused(sandbox: Sandbox, missing: str) -> None:
    question = {"subject": "1", "purpose": "connection", "consent": "C-1"}
    del question[missing]
    answer = sandbox.post("/registries/identity/query", question)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == missing


def test_faults(sandbox: Sandbox) -> None:
    subject = example("王小丽").person.id_number
    sandbox.fault("identity", "error_500", times=1)
    assert ask(sandbox, "identity", subject).status_code == 500
    assert ask(sandbox, "identity", subject).status_code == 200
    sandbox.fault("identity", "down")
    assert ask(sandbox, "identity", subject).status_code == 503
    sandbox.fault("identity", "truncated")
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(sandbox, "identity", subject).content)
    sandbox.fault("identity", "garbage")
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        json.loads(ask(sandbox, "identity", subject).content)
    sandbox.fault("identity", "another_person")
    assert ask(sandbox, "identity", subject).json()["subject"] != subject
    sandbox.fault("identity", "slow", seconds=0.5)
    begun = time.monotonic()
    assert ask(sandbox, "identity", subject).status_code == 200
    assert time.monotonic() - begun >= 0.5
    assert ask(sandbox, "business", subject).status_code == 200


def test_the_clock_moves_what_is_said(sandbox: Sandbox) -> None:
    sandbox.post("/control/clock", {"to": "2027-01-02T03:04:05Z"})
    answer = ask(sandbox, "identity", example("王小丽").person.id_number).json()
    assert answer["issued_at"].startswith("2027-01-02T03:04")
