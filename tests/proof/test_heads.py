"""Signed tree heads and the log's key."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.proof_samples import START, SampleLog
from tongdian.proof.heads import SigningKey, TreeHead, key_id_of, sign_head, verify_head
from tongdian.proof.merkle import ProofError


def test_a_signed_head_holds(log: SampleLog) -> None:
    verify_head(log.head(), log.key.public_bytes)
    assert log.head().key_id == key_id_of(log.key.public_bytes)


@pytest.mark.parametrize(
    "change",
    [
        {"log_id": "another"},
        {"tree_size": 9},
        {"root_hash": bytes(32)},
        {"timestamp": START},
        {"key_id": "00" * 8},
        {"signature": bytes(64)},
        {"signature": b"short"},
    ],
)
def test_a_changed_head_does_not(log: SampleLog, change: dict[str, Any]) -> None:
    with pytest.raises(ProofError):
        verify_head(replace(log.head(), **change), log.key.public_bytes)


def test_another_key_does_not(log: SampleLog) -> None:
    other = SigningKey.generate()
    with pytest.raises(ProofError, match="key_id"):
        verify_head(log.head(), other.public_bytes)
    forged = sign_head(
        other, log_id="tongdian-sample", tree_size=1, root_hash=bytes(32), timestamp=START
    )
    with pytest.raises(ProofError, match="signature"):
        verify_head(replace(forged, key_id=log.key.key_id), log.key.public_bytes)


def test_heads_travel_as_json(log: SampleLog) -> None:
    assert TreeHead.from_dict(log.head().to_dict()) == log.head()
    microsecond = replace(log.head(), timestamp=START + timedelta(microseconds=1))
    assert TreeHead.from_dict(microsecond.to_dict()) == microsecond


@pytest.mark.parametrize(
    "change",
    [
        {"tree_size": "9"},
        {"tree_size": True},
        {"tree_size": -1},
        {"root_hash": "zz"},
        {"root_hash": None},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-24T06:56:52Z"},
        {"signature": "AB" * 64},
        {"extra": 1},
    ],
)
def test_malformed_heads_are_refused(log: SampleLog, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        TreeHead.from_dict({**log.head().to_dict(), **change})


def test_an_incomplete_head_is_refused(log: SampleLog) -> None:
    data = log.head().to_dict()
    del data["timestamp"]
    with pytest.raises(ValueError, match="timestamp"):
        TreeHead.from_dict(data)


def test_keys_travel_as_pem(log: SampleLog) -> None:
    again = SigningKey.from_pem(log.key.to_pem())
    assert (again.public_bytes, again.key_id) == (log.key.public_bytes, log.key.key_id)
    assert again.sign(b"message") == log.key.sign(b"message")


def test_keys_of_another_kind_are_refused() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(ValueError, match="Ed25519"):
        SigningKey.from_pem(pem)
