"""`tongdian verify`: a genuine receipt, a tampered one, and what is no receipt at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.proof_samples import SampleLog, changed
from support.terminal import Answer, run
from tongdian.proof.heads import SigningKey

Tongdian = Callable[..., Answer]


@pytest.fixture(scope="module")
def log() -> SampleLog:
    return SampleLog(SigningKey.generate())


@pytest.fixture
def save(tmp_path: Path) -> Callable[[Any], str]:
    def write(document: Any) -> str:
        path = tmp_path / "receipt.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write


def test_the_real_command_verifies_a_receipt(log: SampleLog, save: Callable[[Any], str]) -> None:
    path = save(log.receipt(1))
    zh, en = run("verify", path), run("verify", path, "--lang", "en")
    assert (zh.status, en.status) == (0, 0)
    assert "核验" in zh.out
    assert zh.out != en.out
    assert run("verify", path, "--json").data["verified"] is True
    assert run("verify", path, TONGDIAN_LANG="en").out == en.out


def test_the_real_command_names_the_part_that_was_changed(
    log: SampleLog, save: Callable[[Any], str]
) -> None:
    path = save(changed(log.receipt(1), ("event", "payload", "load_kw"), "9.000"))
    answer = run("verify", path, "--json")
    assert answer.status == 1
    assert answer.data["verified"] is False
    assert "payload" in answer.data["part"]
    person = run("verify", path)
    assert (person.status, person.out) == (1, "")
    assert person.err.startswith("核验不通过：")


def test_a_changed_head_and_another_logs_key(
    tongdian: Tongdian, log: SampleLog, save: Callable[[Any], str]
) -> None:
    receipt = log.receipt(1)
    other = SigningKey.generate().public_bytes.hex()
    assert tongdian("verify", save(receipt), "--key", other).status == 1
    own = log.key.public_bytes.hex()
    assert tongdian("verify", save(receipt), "--key", own).status == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "something else"}', "\u0000", "null"])
def test_what_is_no_receipt_cannot_be_verified(
    tongdian: Tongdian, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text, encoding="utf-8")
    answer = tongdian("verify", str(path), "--json")
    assert answer.status == 2
    assert answer.data["status"] == "unreadable"
    assert answer.data["zh"]
    assert tongdian("verify", str(path)).err.startswith("无法核验：")


def test_a_file_that_is_not_there(tongdian: Tongdian, tmp_path: Path) -> None:
    answer = tongdian("verify", str(tmp_path / "nowhere.json"))
    assert answer.status == 2
    assert "nowhere.json" in answer.err
    assert tongdian("verify").status == 2
