"""Signed services over real HTTP: what is believed, what is refused, and who is asked again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support.sandbox import Sandbox, example, free_port
from tongdian.service.exchange.registries import RegistryError
from tongdian.service.exchange.registries.errors import (
    ERRORS,
    AnotherSubject,
    CircuitOpen,
    Malformed,
    NoRecord,
    NotSigned,
    Refused,
    Stale,
    Unreachable,
)
from tongdian.service.exchange.registries.failing import FailingRegistry
from tongdian.service.exchange.registries.options import Options
from tongdian.service.exchange.registries.plugin import SignedRegistry, subject_digest
from tongdian.service.exchange.registries.records import Business, Identity

PERSON = example("王小丽").person
ONCE: dict[str, Any] = {"attempts": 1, "breaker_failures": 100}


def registry(sandbox: Sandbox, name: str = "identity", **options: Any) -> SignedRegistry:
    return SignedRegistry(name, Options.model_validate(sandbox.written(**options)[name]))


def fetch(source: SignedRegistry | FailingRegistry, subject: str = PERSON.id_number) -> Any:
    return source.fetch(subject, purpose="connection", consent="C-1")


def test_a_fact_has_its_values_its_proof_and_no_identifier_in_the_open(sandbox: Sandbox) -> None:
    fact = fetch(registry(sandbox))
    assert isinstance(fact.record, Identity)
    assert (fact.document, fact.registry) == ("identity", "identity")
    assert fact.record.name == PERSON.name
    assert fact.subject == subject_digest(PERSON.id_number)
    assert PERSON.id_number not in fact.subject
    assert fact.proof["serial"] == fact.serial
    assert fact.proof["signature"]


def test_the_flag_of_small_firms_comes_with_the_licence(sandbox: Sandbox) -> None:
    source = registry(sandbox, "business")
    for name, small in (("餐饮", True), ("机械", False)):
        record = fetch(source, example(name).person.id_number).record
        assert isinstance(record, Business)
        assert record.small_micro is small


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("garbage", Malformed),
        ("truncated", Malformed),
        ("error_500", Unreachable),
        ("down", Unreachable),
        ("wrong_signature", NotSigned),
        ("another_person", AnotherSubject),
    ],
)
def test_what_is_wrong_is_told_by_registry_rule_and_remedy(
    sandbox: Sandbox, fault: str, error: type[RegistryError]
) -> None:
    sandbox.fault("identity", fault)
    with pytest.raises(error) as raised:
        fetch(registry(sandbox, **ONCE))
    found = raised.value
    assert type(found) is error
    assert found.registry == "identity"
    assert all(found.rule)
    assert all(found.remedy)
    assert PERSON.id_number not in str(found)


def test_slow_is_not_waited_for(sandbox: Sandbox) -> None:
    sandbox.fault("identity", "slow", seconds=3)
    with pytest.raises(Unreachable):
        fetch(registry(sandbox, read_seconds=0.3, **ONCE))


def test_nobody_there_at_all(sandbox: Sandbox) -> None:
    options = {**sandbox.written(**ONCE)["identity"], "url": f"http://127.0.0.1:{free_port()}"}
    with pytest.raises(Unreachable):
        fetch(SignedRegistry("identity", Options.model_validate(options)))


def test_unknown_person(sandbox: Sandbox) -> None:
    with pytest.raises(NoRecord):
        fetch(registry(sandbox), "529900190001010009")


def test_an_answer_of_yesterday_or_tomorrow_is_stale(sandbox: Sandbox) -> None:
    for days in (-1, 1):
        sandbox.post("/control/clock", {"reset": "1"})
        sandbox.post("/control/clock", {"days": str(days)})
        with pytest.raises(Stale):
            fetch(registry(sandbox, **ONCE))


def test_an_answer_of_another_registry_is_not_taken(sandbox: Sandbox) -> None:
    """Well signed by the other one; neither the key nor the name fits."""
    written = sandbox.written(**ONCE)
    crossed = {**written["identity"], "url": written["business"]["url"]}
    with pytest.raises(NotSigned):
        fetch(SignedRegistry("identity", Options.model_validate(crossed)))
    both = {**crossed, "public_key": written["business"]["public_key"]}
    with pytest.raises(AnotherSubject):
        fetch(SignedRegistry("identity", Options.model_validate(both)))


def test_a_question_that_the_registry_refuses_is_not_repeated(sandbox: Sandbox) -> None:
    wrong = {**sandbox.written(attempts=5)["identity"], "url": f"{sandbox.url}/registries/none"}
    with pytest.raises(Refused):
        fetch(SignedRegistry("identity", Options.model_validate(wrong)))


def test_more_than_the_limit_is_not_read(sandbox: Sandbox) -> None:
    """`/` answers a page of many kilobytes."""
    source = registry(sandbox, "identity", max_bytes=1024, **ONCE)
    with pytest.raises(Malformed, match="1024"):
        source._service._read("GET", "/../../", None)


def test_passing_trouble_is_tried_again(sandbox: Sandbox) -> None:
    sandbox.fault("identity", "error_500", times=2)
    assert fetch(registry(sandbox, attempts=3, pause_seconds=0.01)).serial


def test_a_bad_signature_is_not_tried_again(sandbox: Sandbox) -> None:
    sandbox.fault("identity", "wrong_signature", times=1)
    before = sandbox.asked("identity")
    with pytest.raises(NotSigned):
        fetch(registry(sandbox, attempts=5, pause_seconds=0.01))
    assert sandbox.asked("identity") == before + 1


def test_after_many_failures_nobody_asks_until_one_trial_goes_well(sandbox: Sandbox) -> None:
    source = registry(sandbox, attempts=1, breaker_failures=3, breaker_seconds=0.4)
    sandbox.fault("identity", "down")
    for _failure in range(3):
        with pytest.raises(Unreachable):
            fetch(source)
    asked = sandbox.asked("identity")
    for _refused in range(5):
        with pytest.raises(CircuitOpen):
            fetch(source)
    assert sandbox.asked("identity") == asked
    assert source.check().is_well is None
    time.sleep(0.45)
    sandbox.well()
    assert fetch(source).serial
    assert source.check().is_well is True


def test_people_who_are_unknown_do_not_open_the_circuit(sandbox: Sandbox) -> None:
    source = registry(sandbox, breaker_failures=2)
    for _nobody in range(4):
        with pytest.raises(NoRecord):
            fetch(source, "529900190001010009")
    assert fetch(source).serial


def test_many_ask_at_the_same_time(sandbox: Sandbox) -> None:
    """The breaker does not make them queue."""
    source = registry(sandbox)
    sandbox.fault("identity", "slow", seconds=1)
    fetch(source)
    begun = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        serials = {fact.serial for fact in pool.map(lambda _n: fetch(source), range(6))}
    assert len(serials) == 6
    assert time.monotonic() - begun < 5, "one after the other takes six seconds"
    assert threading.active_count() < 60


def test_health(sandbox: Sandbox) -> None:
    source = registry(sandbox)
    assert source.check().is_well is True
    sandbox.fault("identity", "down")
    health = source.check()
    assert health.is_well is False
    assert health.zh
    assert health.en


def test_the_failing_registry_fails_as_told() -> None:
    source = FailingRegistry("identity", [Unreachable, NoRecord])
    kinds = []
    for _attempt in range(3):
        with pytest.raises(RegistryError) as raised:
            fetch(source)
        kinds.append(type(raised.value))
    assert kinds == [Unreachable, NoRecord, NoRecord]
    assert source.asked[0] == (PERSON.id_number, "connection", "C-1")
    assert source.check().is_well is False


def test_every_error_has_words_in_both_languages() -> None:
    for kind in ERRORS.values():
        assert all((*kind.rule, *kind.remedy))
