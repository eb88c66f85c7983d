"""Checking a whole log against the definition, and receipts against the published verifier."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tongdian.proof import verify
from tongdian.proof.heads import verify_head
from tongdian.proof.merkle import leaf_hash, root_of, verify_consistency
from tongdian.proof.tiles import consistency_path, root
from tongdian.service.casework.models import Case, Event, LogLeaf, TreeHead
from tongdian.service.casework.planning import fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.sequencer import DatabaseTiles, signed_head, signing_key

VERIFY = Path(verify.__file__)


def check_log() -> int:
    """Every event has exactly one leaf, the leaves have no gap, every head is true. The size."""
    rows = list(LogLeaf.objects.order_by("index").values_list("index", "event_id", "event__hash"))
    assert [index for index, _, _ in rows] == list(range(len(rows)))
    assert sorted(event for _, event, _ in rows) == sorted(
        Event.objects.values_list("id", flat=True)
    )
    leaves = [leaf_hash(bytes(digest)) for _, _, digest in rows]
    tiles = DatabaseTiles()
    heads = list(TreeHead.objects.order_by("tree_size"))
    previous = None
    for head in heads:
        signed = signed_head(head)
        verify_head(signed, signing_key().public_bytes)
        assert signed.root_hash == root_of(leaves[: signed.tree_size])
        assert signed.root_hash == root(tiles, signed.tree_size)
        if previous is not None:
            path = consistency_path(tiles, previous.tree_size, signed.tree_size)
            verify_consistency(
                previous.tree_size, signed.tree_size, previous.root_hash, signed.root_hash, path
            )
        previous = signed
    assert (heads[-1].tree_size if heads else 0) == len(rows)
    return len(rows)


def check_cases() -> None:
    """No half case: each row has all its events, chained, and is what they fold to."""
    with_events = set(Event.objects.values_list("case_id", flat=True))
    for case in Case.objects.all():
        assert case.pk in with_events
        events = list(case.events.order_by("seq"))
        assert [event.seq for event in events] == list(range(1, case.seq + 1))
        previous = bytes(32)
        for event in events:
            assert bytes(event.previous_hash) == previous
            previous = bytes(event.hash)
        assert bytes(case.head_hash) == previous
        assert fold_events(definition_of(case.process), events).to_json() == case.state


def run_verify(folder: Path, *documents: Any, key: str = "") -> tuple[int, dict[str, Any]]:
    """Exit status and answer of verify.py as anybody runs it: alone, no site, no environment."""
    paths = []
    for number, document in enumerate(documents):
        path = folder / f"document-{number}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        paths.append(str(path))
    pinned = ["--key", key] if key else []
    done = subprocess.run(
        ["python3", "-I", "-S", str(VERIFY), "--json", *pinned, *paths],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
