"""Erasing the personal part of a case: the event that says so, the database's door, the files."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, transaction

from tongdian.service.casework import clock, rows
from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case, Evidence
from tongdian.service.casework.perform import perform
from tongdian.service.identity.actors import Actor

KIND = "personal_data_erased"
ORPHAN_AFTER = timedelta(days=1)
DOOR = "SELECT tongdian_erase_personal(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: the numbers of the events and the digests of the files; `seq` is the event that
    says so, None when there was nothing left to erase."""

    seq: int | None
    events: tuple[int, ...]
    files: tuple[str, ...]


def erase_from_case(
    number: str,
    *,
    actor: Actor,
    ground: str,
    clause: str,
    only: Collection[int] | None = None,
) -> Erased:
    """Destroy names, numbers, addresses, free text and files of a case, or of the events `only`
    (then no file goes). The chain, the fold and every receipt stay verifiable.

    Whether it may be done is for the caller to know. Raises what `perform` raises; then nothing
    was erased.
    """
    with transaction.atomic():
        case = rows.lock_case(number)
        if case is None:
            raise CaseNotFound(number)
        wanted = _events(case, only)
        files = _files(case) if only is None else []
        if not wanted and not files:
            return Erased(None, (), ())
        seqs = [seq for _pk, seq in wanted]
        payload = {"events": seqs, "files": len(files), "ground": ground, "clause": clause}
        performed = perform(number, KIND, actor=actor, payload=payload)
        with connection.cursor() as cursor:
            for event_id, _seq in wanted:
                cursor.execute(DOOR, [event_id, actor.pseudonym, f"{ground} {clause}"])
        now = clock.now()
        Evidence.objects.filter(pk__in=[file.pk for file in files]).update(name="", erased_at=now)
        transaction.on_commit(lambda: shred(file.pk for file in files))
    return Erased(performed.event.seq, tuple(seqs), tuple(file.digest for file in files))


def _events(case: Case, only: Collection[int] | None) -> Sequence[tuple[int, int]]:
    """Row and number of the events that still have a personal part."""
    events = case.events.filter(personal__isnull=False)
    if only is not None:
        events = events.filter(seq__in=only)
    return list(events.order_by("seq").values_list("pk", "seq"))


def _files(case: Case) -> list[Evidence]:
    return list(case.evidence.filter(erased_at__isnull=True).order_by("pk"))


def shred(ids: Iterable[int]) -> int:
    """Take the files of erased rows from the disk. Repeated by the nightly job for those that a
    killed process left. Returns how many went."""
    gone = 0
    for row in Evidence.objects.filter(pk__in=list(ids), erased_at__isnull=False).exclude(file=""):
        row.file.storage.delete(str(row.file.name))
        Evidence.objects.filter(pk=row.pk).update(file="")
        gone += 1
    return gone


def unshredded() -> list[int]:
    """Erased rows whose file is still there."""
    rows_left = Evidence.objects.filter(erased_at__isnull=False).exclude(file="")
    return list(rows_left.values_list("pk", flat=True))


def orphans(now: datetime) -> list[str]:
    """Names of stored files that no row speaks of, a day old or more: left by a write that was
    undone, or put back by a process that was just then sealing anew what another destroyed."""
    root = Path(default_storage.path(""))
    found: list[str] = []
    for folder in sorted(root.glob("??")):
        before = (now - ORPHAN_AFTER).timestamp()
        old = {
            f"{folder.name}/{path.name}"
            for path in folder.iterdir()
            if path.stat().st_ctime < before
        }
        known = Evidence.objects.filter(file__in=old).values_list("file", flat=True)
        found += sorted(old - set(known))
    return found


def discard(evidence: Evidence) -> None:
    """Destroy a file that never came to a case. The database refuses it for others."""
    name, storage = evidence.file.name, evidence.file.storage
    evidence.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
