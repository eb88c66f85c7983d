"""Whether cases are what their events say: chain, fold, case row, and place in the signed log.

The case row is a cache that the web role may write; a row rewritten behind the back of `perform`,
or an event kept out of the log, breaks no constraint. It shows here, by case and event.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from tongdian.law.calendar import default_calendar
from tongdian.proof.events import verify_chain
from tongdian.proof.heads import verify_head
from tongdian.proof.merkle import ProofError, leaf_hash, verify_inclusion
from tongdian.proof.tiles import inclusion_path, root
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, Event, LogLeaf, TreeHead
from tongdian.service.casework.planning import (
    ProcessError,
    cached_branches,
    cached_columns,
    fold_events,
)
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import record_of
from tongdian.service.casework.sequencer import (
    DatabaseTiles,
    latest_head,
    signed_head,
    signing_key,
)
from tongdian.service.sealing import SealBroken

CHUNK = 200
OF_BRANCH = ("organisation", "stage", "lane", "ground", "opened_at", "closed_at")
# What the columns that a person's data fill hold after an erasure; the database writes them then.
ERASED = {"applicant_masked": "—", "address_masked": "—", "applicant_digest": ""}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that does not fit; `seq` is None when it is the case row."""

    case: str
    seq: int | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Log:
    """The newest head, checked, and its tiles."""

    head: TreeHead | None
    tiles: DatabaseTiles


class LogDiffers(Exception):
    """The newest head does not hold: its signature, or its root over the stored tiles."""


def recheck(sample: int | None = None) -> tuple[int, Difference | None]:
    """Go through all cases, or `sample` of them by chance. Returns how many were looked at and the
    first difference. Raises LogDiffers."""
    log, looked_at = checked_log(), 0
    for number in _numbers(sample):
        found = difference_of(number, log)
        # The case may have moved on between our looks at its row and at its events.
        if found is not None and (found := difference_of(number, checked_log())) is not None:
            return looked_at + 1, found
        looked_at += 1
    return looked_at, None


def checked_log() -> Log:
    """The newest head and its tiles. Raises LogDiffers."""
    head, tiles = latest_head(), DatabaseTiles()
    if head is None:
        return Log(None, tiles)
    try:
        verify_head(signed_head(head), signing_key().public_bytes)
        if root(tiles, head.tree_size) != bytes(head.root_hash):
            raise ProofError(f"the tiles do not give the root of tree head {head.tree_size}")
    except (ProofError, LookupError) as error:
        raise LogDiffers(str(error)) from None
    return Log(head, tiles)


def difference_of(number: str, log: Log) -> Difference | None:
    """The first difference of one case."""
    case = Case.objects.get(number=number)
    try:
        events = list(case.events.order_by("seq"))
    except SealBroken:
        return _broken_seal(case)
    return next(_differences(case, events, log), None)


def _broken_seal(case: Case) -> Difference | None:
    """Which event's personal part does not open."""
    for seq in case.events.order_by("seq").values_list("seq", flat=True):
        try:
            case.events.get(seq=seq)
        except SealBroken as error:
            zh = f"第 {seq} 条事件的个人信息打不开，密文已被改动或缺少密钥"
            return Difference(case.number, seq, zh, f"event {seq}: {error}")
    return None


def _numbers(sample: int | None) -> Iterator[str]:
    """The numbers of all cases, or of about `sample` of them."""
    cases = Case.objects.order_by("id")
    if sample is not None:
        ends = cases.aggregate(first=Min("id"), last=Max("id"))
        ids = range(ends["first"] or 0, (ends["last"] or 0) + 1)
        if len(ids) > sample:
            cases = cases.filter(id__in=random.sample(ids, sample))
    yield from cases.values_list("number", flat=True).iterator(CHUNK)


def _differences(case: Case, events: Sequence[Event], log: Log) -> Iterator[Difference]:
    for problem in verify_chain(record_of(case, event, with_personal=True) for event in events):
        yield Difference(case.number, problem.seq, problem.zh, problem.en)
    if not events:
        yield Difference(case.number, None, "没有任何事件", "it has no events")
        return
    yield from _of_log(case, events, log)
    yield from _of_row(case, events)


def _of_log(case: Case, events: Sequence[Event], log: Log) -> Iterator[Difference]:
    """Events whose leaf does not hold them. Those without a leaf are the sequencer's affair."""
    leaves = LogLeaf.objects.filter(event__in=[event.pk for event in events])
    places = dict(leaves.values_list("event_id", "index"))
    size = log.head.tree_size if log.head else 0
    for event in events:
        index = places.get(event.pk)
        if index is None:
            continue
        try:
            path = inclusion_path(log.tiles, index, size)
            assert log.head is not None
            leaf = leaf_hash(bytes(event.hash))
            verify_inclusion(leaf, index, size, path, bytes(log.head.root_hash))
        except (ValueError, LookupError):
            yield Difference(
                case.number,
                event.seq,
                f"第 {event.seq} 条事件不在日志所说的位置 {index}",
                f"event {event.seq} is not where the log should hold it, at {index}",
            )


def _of_row(case: Case, events: Sequence[Event]) -> Iterator[Difference]:
    """Columns of the case row that do not follow from the events."""
    try:
        expected = _expected(case, events)
    except ProcessError as error:
        zh, en = error.refusal.rule_zh, error.refusal.rule_en
        yield Difference(case.number, None, f"事件不合办理流程：{zh}", f"no such process: {en}")
        return
    for name, value in expected.items():
        stored = getattr(case, name)
        if (bytes(stored) if name == "head_hash" else stored) != value:
            yield Difference(
                case.number,
                None,
                f"案件行的 {name} 与事件推算的不符",
                f"{name} of the case row does not follow from its events",
            )
    yield from _of_branches(case, events)


def _of_branches(case: Case, events: Sequence[Event]) -> Iterator[Difference]:
    """Rows of branches that do not follow from the events. What depends on today is left out."""
    definition = definition_of(case.process)
    cached = cached_branches(definition, fold_events(definition, events), clock.now())
    expected = {branch["name"]: {name: branch[name] for name in OF_BRANCH} for branch in cached}
    stored = {row["name"]: row for row in case.branches.values("name", *OF_BRANCH)}
    for name in sorted(expected.keys() | stored.keys()):
        wanted = expected.get(name)
        if wanted is None or {"name": name, **wanted} != stored.get(name):
            yield Difference(
                case.number,
                None,
                f"事项 {name} 与事件推算的不符",
                f"branch {name} does not follow from the events",
            )


def _expected(case: Case, events: Sequence[Event]) -> dict[str, Any]:
    """The case row as its events make it."""
    definition, first = definition_of(case.process), events[0]
    state = fold_events(definition, events)
    labels = definition.describe(first.payload, first.personal or {})
    if first.personal is None and first.sealed_digest is not None:
        labels |= ERASED
    columns = cached_columns(definition, state, clock.now())
    if case.calendar_version != default_calendar().version:
        # A new holiday notice is in force, and the case has not been recomputed yet.
        columns = {name: columns[name] for name in ("seq", "stage", "track", "state")}
    return {
        **columns,
        **labels,
        "plan": state.plan,
        "opened_at": first.recorded_at,
        "applicant_pseudonym": first.actor["pseudonym"],
        "assignee": _assignee(events),
        "head_hash": bytes(events[-1].hash),
    }


def _assignee(events: Iterable[Event]) -> str:
    given = [str(event.payload["assignee"]) for event in events if event.kind == "assigned"]
    return given[-1] if given else ""
