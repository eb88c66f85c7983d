"""Credit: yes, no, or not known; records of false commitments once each."""

from collections.abc import Iterator

import pytest

from support.sandbox import Sandbox, example
from tongdian.service.exchange.credit import credit_of, credit_subject, report_false_commitment
from tongdian.service.exchange.registries.configuration import Configuration, use
from tongdian.service.exchange.registries.errors import Refused, RegistryError

GOOD, BAD = example("餐饮").person.id_number, example("失信").person.id_number
PERSON = example("李建国").person.id_number


@pytest.fixture
def platform(sandbox: Sandbox) -> Iterator[Sandbox]:
    with use(sandbox.configured(attempts=1, breaker_failures=50, read_seconds=0.4)):
        yield sandbox


def test_a_person_is_named_by_a_digest_alone() -> None:
    assert credit_subject(GOOD) == GOOD
    assert PERSON not in credit_subject(PERSON)
    assert credit_subject(PERSON).startswith("sha256:")


def test_good_bad_and_why(platform: Sandbox) -> None:
    good, bad = credit_of(GOOD), credit_of(BAD)
    assert good.ok is True
    assert good.serial
    assert bad.ok is False
    assert bad.reason_zh
    assert bad.reason_en


@pytest.mark.parametrize(
    "fault",
    ["down", "error_500", "slow", "garbage", "truncated", "wrong_signature", "another_person"],
)
def test_whatever_is_wrong_nothing_is_known(platform: Sandbox, fault: str) -> None:
    """Neither good nor bad: nobody may commit on the strength of a platform that is down."""
    platform.fault("credit", fault, seconds=1)
    found = credit_of(GOOD)
    assert found.ok is None
    assert found.reason_zh
    assert found.reason_en
    assert found.serial == ""


def test_without_a_platform_nothing_is_known() -> None:
    with use(Configuration({})):
        assert credit_of(GOOD).ok is None
        with pytest.raises(RegistryError):
            report_false_commitment(GOOD, number="CN-0", reason="虚假承诺")


def test_a_false_commitment_is_on_record_once_and_counts(platform: Sandbox) -> None:
    assert credit_of(PERSON).ok is True
    for _again in range(2):
        assert report_false_commitment(PERSON, number="CN-7", reason="虚假承诺").serial
    assert credit_of(PERSON).ok is False
    records = platform.get("/credit/records").json()["records"]
    assert [one["number"] for one in records].count("CN-7") == 1
    with pytest.raises(Refused):
        report_false_commitment(GOOD, number="CN-7", reason="虚假承诺")
    assert credit_of(GOOD).ok is True
