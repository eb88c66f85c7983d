"""Digests, hashes and the chain of one case."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from support.proof_samples import CASE, START, history
from tongdian.proof.canonical import canonical
from tongdian.proof.events import (
    GENESIS,
    EventHeader,
    EventRecord,
    event_hash,
    new_salt,
    payload_digest,
    sealed_digest,
    verify_chain,
)


def parts(records: list[EventRecord]) -> list[tuple[int, str]]:
    return [(problem.seq, problem.part) for problem in verify_chain(records)]


def with_header(record: EventRecord, **changes: Any) -> EventRecord:
    return replace(record, header=replace(record.header, **changes))


def test_digests_are_what_they_say() -> None:
    salt, personal = bytes(range(16)), {"name": "示例·张三"}
    sealed = sealed_digest(salt, personal)
    assert sealed == hashlib.sha256(salt + '{"name":"示例·张三"}'.encode()).digest()
    text = '{"open":{"a":1},"sealed":' + f'"{sealed.hex()}"' + "}"
    assert payload_digest({"a": 1}, sealed) == hashlib.sha256(text.encode()).digest()
    assert payload_digest({}, None) == hashlib.sha256(b'{"open":{},"sealed":null}').digest()


def test_the_hash_of_an_event_is_pinned() -> None:
    """This must never change: hashes of stored events depend on it."""
    header = EventHeader(
        case=CASE,
        seq=1,
        kind="application_submitted",
        recorded_at=START,
        occurred_at=START,
        actor={"role": "applicant", "organisation": "", "pseudonym": "00"},
        payload_digest=bytes(range(32)),
        previous_hash=GENESIS,
    )
    written = (
        '{"actor":{"organisation":"","pseudonym":"00","role":"applicant"},'
        '"case":"GY2611240000017K","format":"tongdian-event-1","kind":"application_submitted",'
        '"occurred_at":"2026-11-24T06:56:52.123456Z",'
        '"payload_digest":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",'
        f'"previous_hash":"{"00" * 32}","recorded_at":"2026-11-24T06:56:52.123456Z","seq":1}}'
    )
    assert canonical(header.to_dict()) == written.encode()
    assert event_hash(header) == hashlib.sha256(written.encode()).digest()


def test_salts_are_fresh() -> None:
    assert len({new_salt() for _ in range(100)}) == 100
    assert len(new_salt()) == 16


def test_a_whole_case_holds() -> None:
    assert verify_chain(history(CASE)) == []
    assert verify_chain([]) == []


def test_erased_personal_data_leaves_the_chain_whole() -> None:
    assert verify_chain(history(CASE, erase=1)) == []


HEADER_CHANGES = [
    ({"kind": "withdrawn"}, "header"),
    ({"recorded_at": START}, "header"),
    ({"occurred_at": START - timedelta(days=3)}, "header"),
    ({"actor": {"role": "lead", "organisation": "", "pseudonym": "1"}}, "header"),
    ({"case": "GY2611240000019F"}, "case"),
    ({"seq": 7}, "seq"),
    ({"previous_hash": bytes(32)}, "previous_hash"),
    ({"payload_digest": bytes(32)}, "payload_digest"),
]


@pytest.mark.parametrize(("change", "part"), HEADER_CHANGES)
def test_a_changed_header_is_named(change: dict[str, Any], part: str) -> None:
    records = history(CASE)
    records[2] = with_header(records[2], **change)
    assert parts(records) == [(3, part)]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"payload": {"length_m": 12.5, "note": None}}, "payload"),
        ({"payload": {"length_m": float("nan")}}, "payload"),
        ({"personal": {"remark": "表箱在三楼"}}, "personal"),
        ({"personal": {"remark": object()}}, "personal"),
        ({"salt": bytes(16)}, "personal"),
        ({"salt": None}, "personal"),
        ({"hash": bytes(32)}, "hash"),
    ],
)
def test_changed_content_is_named(change: dict[str, Any], part: str) -> None:
    records = history(CASE)
    records[2] = replace(records[2], **change)
    assert parts(records) == [(3, part)]


def test_a_changed_seal_is_named() -> None:
    records = history(CASE)
    records[2] = replace(records[2], sealed=bytes(32))
    assert set(parts(records)) == {(3, "payload"), (3, "personal")}


def test_an_event_rewritten_with_its_hash_breaks_the_next() -> None:
    records = history(CASE)
    header = replace(records[1].header, recorded_at=START)
    records[1] = replace(records[1], header=header, hash=event_hash(header))
    assert parts(records) == [(3, "previous_hash")]


@pytest.mark.parametrize(
    ("order", "first"),
    [([0, 2, 3], 2), ([1, 2, 3], 1), ([0, 2, 1, 3], 2), ([0, 1, 1, 2, 3], 3)],
    ids=["removed", "beheaded", "swapped", "doubled"],
)
def test_removed_swapped_and_doubled_events_show(order: list[int], first: int) -> None:
    records = history(CASE)
    found = parts([records[index] for index in order])
    assert found[0][0] == first
    assert {part for _, part in found} <= {"seq", "previous_hash"}


def test_an_event_of_another_case_shows() -> None:
    records, others = history(CASE), history("GY2611240000018H")
    assert (2, "case") in parts([records[0], others[1], *records[2:]])


def test_problems_speak_both_languages() -> None:
    records = history(CASE)
    records[2] = replace(records[2], payload={})
    (problem,) = verify_chain(records)
    assert problem.zh == "第 3 条事件的 payload 与摘要不符，已被改动"
    assert problem.en == "payload of event 3 does not match its digest"
