"""Receipts, exports and the text of a QR code as they are made."""

import json

import pytest

from support.proof_samples import CASE, SampleLog, history
from tongdian.proof import verify
from tongdian.proof.canonical import canonical
from tongdian.proof.receipts import LogProof, export_case, qr_text


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_receipts_verify(log: SampleLog, seq: int) -> None:
    found = verify.check(log.receipt(seq), log.key.public_bytes.hex())
    assert (found["kind"], found["case"], found["seq"]) == ("receipt", CASE, seq)
    assert found["personal"] == ("checked" if seq in (1, 3) else "none")
    assert found["tree_size"] == log.size
    assert found["pinned"] is True


def test_a_receipt_without_personal_data_still_verifies(log: SampleLog) -> None:
    receipt = log.receipt(1, erase=1)
    assert "示例·张三" not in json.dumps(receipt, ensure_ascii=False)
    assert verify.check(receipt)["personal"] == "withheld"


def test_exports_verify(log: SampleLog) -> None:
    found = verify.check(log.export())
    assert (found["kind"], found["events"], found["tree_size"]) == ("case", 4, log.size)
    found = verify.check(log.export(with_log=False))
    assert (found["kind"], found["events"]) == ("chain", 4)
    assert "tree_size" not in found


def test_an_export_proves_every_event_or_none(log: SampleLog) -> None:
    with pytest.raises(ValueError, match="4 events, but 1"):
        export_case(CASE, history(CASE), log=LogProof(log.head(), log.key.public_bytes, [(0, [])]))


def test_published_heads_verify(log: SampleLog) -> None:
    assert verify.check(log.published_head())["tree_size"] == log.size


def test_files_are_plain_json(log: SampleLog) -> None:
    """What is handed out is canonical JSON, and survives any spelling a writer may choose."""
    for document in (log.receipt(1), log.export(), log.published_head()):
        canonical(document)
        for text in (
            json.dumps(document),
            json.dumps(document, ensure_ascii=False, indent=1),
            canonical(document).decode(),
            "\ufeff" + json.dumps(document, indent=4).replace("\n", "\r\n"),
        ):
            read = verify.parse(text)
            assert read == document
            verify.check(read)


def test_qr_text_names_case_event_and_tree(log: SampleLog) -> None:
    receipt = log.receipt(3)
    text = qr_text(receipt, "https://example.org")
    assert text == (
        f"https://example.org/verify/?case={CASE}&seq=3&hash={receipt['event']['hash'][:16]}"
        f"&size={log.size}&root={receipt['tree_head']['root_hash'][:16]}"
    )
    assert len(text) < 200
