"""The sequencer: new events into the Merkle log, in tiles, without locking writers.

Only one sequencer works at a time (advisory lock); writers never wait for it. Commit order is not
id order, so it looks at every event of a transaction that may have been open at the last batch
(`settled_transaction`) and takes those that have no leaf yet.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from tongdian.proof.heads import SigningKey, sign_head
from tongdian.proof.heads import TreeHead as SignedHead
from tongdian.proof.merkle import leaf_hash
from tongdian.proof.tiles import append
from tongdian.service.casework import clock
from tongdian.service.casework.models import LogLeaf, LogTile, TreeHead

LOCK = 7_426_001
BATCH = 20_000
logger = logging.getLogger(__name__)


class DatabaseTiles:
    """Tiles as the log reads them, remembered for the length of one batch or one proof."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], bytes | None] = {}

    def read(self, level: int, index: int) -> bytes | None:
        key = (level, index)
        if key not in self._seen:
            row = LogTile.objects.filter(level=level, index=index).values_list("hashes", flat=True)
            found = row.first()
            self._seen[key] = bytes(found) if found is not None else None
        return self._seen[key]


@cache
def signing_key() -> SigningKey:
    """The log's Ed25519 key; made on first use, readable by the owner of the process alone."""
    path = settings.SIGNING_KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return SigningKey.from_pem(path.read_bytes())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return signing_key()
    key = SigningKey.generate()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.to_pem())
    return key


def latest_head() -> TreeHead | None:
    return TreeHead.objects.order_by("-tree_size").first()


def signed_head(head: TreeHead) -> SignedHead:
    """The published form of a stored head."""
    return SignedHead(
        log_id=head.log_id,
        tree_size=head.tree_size,
        root_hash=bytes(head.root_hash),
        timestamp=head.signed_at,
        key_id=head.key_id,
        signature=bytes(head.signature),
    )


def sequence_once(batch: int = BATCH) -> int:
    """Sequence up to `batch` events and sign a head. Returns how many; 0 when there is nothing new
    or another sequencer is at work."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        head = latest_head()
        size = head.tree_size if head else 0
        settled = head.settled_transaction if head else 0
        horizon, events = _new_events(settled, batch)
        if not events:
            return 0
        leaves = [leaf_hash(bytes(event_hash)) for _, event_hash in events]
        appended = append(DatabaseTiles(), size, leaves)
        _store_leaves([event_id for event_id, _ in events], size)
        _store_tiles(appended.tiles)
        complete = len(events) < batch
        _store_head(appended.size, appended.root, horizon if complete else settled)
    return len(events)


def _new_events(settled: int, batch: int) -> tuple[int, Sequence[tuple[int, bytes]]]:
    """The settled horizon of this snapshot and the events that have no leaf yet, oldest first.

    A database restored from a dump counts its transactions anew: then every event is looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = int(cursor.fetchone()[0])
        settled = settled if settled <= horizon else 0
        cursor.execute(
            "SELECT e.id, e.hash FROM casework_event e"
            " LEFT JOIN casework_logleaf l ON l.event_id = e.id"
            " WHERE e.transaction >= %s AND l.event_id IS NULL"
            " ORDER BY e.transaction, e.id LIMIT %s",
            [settled, batch],
        )
        # A transaction that waited for a case may be older than the one it waited for: by id, which
        # is given under the lock, the events of a case are in their order for those who follow.
        return horizon, sorted(cursor.fetchall())


def _store_leaves(event_ids: Sequence[int], first_index: int) -> None:
    table = sql.Identifier(LogLeaf._meta.db_table)
    statement = sql.SQL("COPY {} (event_id, index) FROM STDIN").format(table)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for offset, event_id in enumerate(event_ids):
            copy.write_row((event_id, first_index + offset))


def _store_tiles(tiles: dict[tuple[int, int], bytes]) -> None:
    LogTile.objects.bulk_create(
        [LogTile(level=level, index=index, hashes=data) for (level, index), data in tiles.items()],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
        batch_size=500,
    )


def _store_head(size: int, root: bytes, settled: int) -> TreeHead:
    signed_at = clock.now()
    head = sign_head(
        signing_key(),
        log_id=settings.LOG_ID,
        tree_size=size,
        root_hash=root,
        timestamp=signed_at,
    )
    return TreeHead.objects.create(
        tree_size=size,
        root_hash=root,
        signed_at=signed_at,
        log_id=head.log_id,
        key_id=head.key_id,
        signature=head.signature,
        settled_transaction=settled,
    )


def sequence_all(batch: int = BATCH) -> int:
    """Sequence until nothing new is left. Returns how many events."""
    total = 0
    while done := sequence_once(batch):
        total += done
    return total


def run_forever(
    interval_seconds: float = 1.0,
    stop: Callable[[], bool] = lambda: False,
    sequenced: Callable[[], None] = lambda: None,
) -> None:
    """The worker's loop: sequence what is new, every second, and say when there was something.
    Survives a lost database."""
    from django.db import Error, close_old_connections

    while not stop():
        try:
            close_old_connections()
            if sequence_all():
                sequenced()
        except Error as error:
            logger.warning("sequencing waits: %s", error)
        time.sleep(interval_seconds)
