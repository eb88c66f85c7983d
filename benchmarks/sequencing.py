"""Sequencing 1,000,000 events into the Merkle log, against hashing the leaves alone."""

import os
import time

from benchmarks.support import database, line

EVENTS = int(os.environ.get("TONGDIAN_BENCH_EVENTS", "1000000"))


def main() -> None:
    with database():
        _measure()


def _measure() -> None:
    from django.db import connection

    from tongdian.proof.merkle import leaf_hash
    from tongdian.service.casework.sequencer import sequence_all
    from tongdian.service.demo import build

    build(customers=500)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO casework_event (case_id, seq, kind, recorded_at, occurred_at, actor,"
            " payload, payload_digest, previous_hash, hash)"
            " SELECT (SELECT min(id) FROM casework_case), 1000 + g, 'assigned', now(), now(),"
            " '{}', '{}', sha256('x'), sha256('y'), sha256(g::text::bytea)"
            " FROM generate_series(1, %s) g",
            [EVENTS],
        )
        cursor.execute("ALTER TABLE casework_event ENABLE TRIGGER USER")
        cursor.execute("ANALYZE casework_event")
    started = time.perf_counter()
    done = sequence_all()
    ours = time.perf_counter() - started
    data = [os.urandom(32) for _ in range(done)]
    started = time.perf_counter()
    for part in data:
        leaf_hash(part)
    bound = time.perf_counter() - started
    line(
        f"sequencing {done:,} events",
        f"{ours:.1f} s",
        f"hashing the leaves alone {bound:.1f} s ({ours / bound:.1f} ×)",
    )
    line("", f"{done / ours:,.0f} events/s")
