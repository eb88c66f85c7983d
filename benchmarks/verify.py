"""Verifying a receipt with the standard library alone, against the cryptography package."""

import os
from datetime import UTC, datetime

from benchmarks.support import best_of, line
from tongdian.proof import tiles, verify
from tongdian.proof.events import GENESIS, EventHeader, EventRecord, event_hash, payload_digest
from tongdian.proof.heads import SigningKey, sign_head, verify_head
from tongdian.proof.merkle import leaf_hash, verify_inclusion
from tongdian.proof.receipts import make_receipt

LEAVES = 1_000_000


def main() -> None:
    now = datetime.now(UTC)
    actor = {"role": "applicant", "organisation": "", "pseudonym": "p"}
    header = EventHeader(
        "GY1", 1, "application_submitted", now, now, actor, payload_digest({}, None), GENESIS
    )
    record = EventRecord(header, event_hash(header), {})
    store = tiles.MemoryTiles()
    leaves = [leaf_hash(os.urandom(32)) for _ in range(LEAVES - 1)] + [leaf_hash(record.hash)]
    appended = tiles.append(store, 0, leaves)
    store.update(appended.tiles)
    key = SigningKey.generate()
    head = sign_head(key, log_id="b", tree_size=LEAVES, root_hash=appended.root, timestamp=now)
    path = tiles.inclusion_path(store, LEAVES - 1, LEAVES)
    receipt = make_receipt(
        record, leaf_index=LEAVES - 1, path=path, head=head, public_key=key.public_bytes
    )
    ours = best_of(lambda: verify.check(receipt), 10)

    def with_cryptography() -> None:
        verify_head(head, key.public_bytes)
        verify_inclusion(leaves[-1], LEAVES - 1, LEAVES, path, appended.root)

    native = best_of(with_cryptography, 10)
    line(
        "verify a receipt in a log of 1,000,000, standard library",
        f"{ours * 1e3:.2f} ms",
        f"cryptography {native * 1e3:.2f} ms ({ours / native:.0f} ×)",
    )
