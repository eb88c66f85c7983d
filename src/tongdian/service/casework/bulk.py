"""The bulk path: whole case histories by COPY, with exactly the rows that `perform` would write.

For the synthetic city and for loading history; it runs as the owner, because the web role may only
record events at the present. A test writes the same histories both ways and compares every column.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from tongdian.law.process import CaseState
from tongdian.proof.events import GENESIS
from tongdian.service.casework.models import Case, CaseBranch, Event
from tongdian.service.casework.planning import (
    EventRequest,
    EventRow,
    advance,
    cached_branches,
    cached_columns,
    case_number,
    seal,
)
from tongdian.service.casework.processes import ProcessDefinition, definition_of
from tongdian.service.casework.rows import stored_event

CHUNK = 500


class Step(Protocol):
    """One recorded step of a history, see `tongdian.city`."""

    at: datetime
    kind: str
    role: str
    organisation: str
    pseudonym: str
    occurred_at: datetime | None
    payload: dict[str, Any]
    personal: dict[str, Any] | None


class History(Protocol):
    """The steps of one case in the order of recording."""

    @property
    def steps(self) -> Sequence[Step]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A case as the bulk path has folded it, ready to be copied."""

    columns: dict[str, Any]
    rows: list[EventRow]
    branches: list[dict[str, Any]]


def write_histories(
    process_id: str,
    histories: Iterable[History],
    *,
    salts: Callable[[], bytes] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write all histories, oldest opening first within a chunk. Returns the number of cases."""
    definition = definition_of(process_id)
    done = 0
    for chunk in _chunks(histories):
        with transaction.atomic():
            serials = _next_serials(len(chunk))
            written = [
                fold_history(definition, history, serial, salts)
                for history, serial in zip(chunk, serials, strict=True)
            ]
            ids = _copy_cases(written)
            _copy_events(ids, written)
            _copy_branches(ids, written)
        done += len(chunk)
        progress(done)
    return done


def fold_history(
    definition: ProcessDefinition,
    history: History,
    serial: int,
    salts: Callable[[], bytes] | None = None,
) -> Written:
    """One history as case columns and sealed events."""
    first = history.steps[0]
    number = case_number(serial, first.at)
    state, previous = CaseState(), GENESIS
    rows: list[EventRow] = []
    assignee = ""
    for seq, step in enumerate(history.steps, start=1):
        actor = {
            "role": step.role,
            "organisation": step.organisation,
            "pseudonym": step.pseudonym,
        }
        salt = salts() if salts and step.personal else None
        request = EventRequest(
            step.kind, step.payload, actor, step.personal, occurred_at=step.occurred_at, salt=salt
        )
        row = seal(number, seq, previous, request, step.at)
        state = advance(definition, state, row, lambda: rows)
        rows.append(row)
        previous = row.hash
        if step.kind == "assigned":
            assignee = str(step.payload["assignee"])
    columns = {
        "number": number,
        "process": definition.process.id,
        "plan": state.plan,
        "opened_at": first.at,
        "applicant_pseudonym": first.pseudonym,
        "assignee": assignee,
        "head_hash": previous,
        **definition.describe(first.payload, first.personal or {}),
        **cached_columns(definition, state, rows[-1].recorded_at),
    }
    return Written(columns, rows, cached_branches(definition, state, rows[-1].recorded_at))


def _chunks(histories: Iterable[History]) -> Iterator[list[History]]:
    iterator = iter(histories)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _next_serials(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_serial') FROM generate_series(1, %s)", [count])
        return [int(row[0]) for row in cursor.fetchall()]


def _copy_cases(written: Sequence[Written]) -> dict[str, int]:
    names = list(written[0].columns)
    _copy(Case._meta.db_table, names, (_values(w.columns, names) for w in written))
    numbers = [w.columns["number"] for w in written]
    return dict(Case.objects.filter(number__in=numbers).values_list("number", "id"))


def _copy_events(ids: Mapping[str, int], written: Sequence[Written]) -> None:
    names = list(EventRow.__slots__)
    rows = (
        [ids[w.columns["number"]], *_values(stored_event(row), names)]
        for w in written
        for row in w.rows
    )
    _copy(Event._meta.db_table, ["case_id", *names], rows)


def _copy_branches(ids: Mapping[str, int], written: Sequence[Written]) -> None:
    rows = [(ids[w.columns["number"]], branch) for w in written for branch in w.branches]
    if rows:
        names = list(rows[0][1])
        values = ([case_id, *_values(branch, names)] for case_id, branch in rows)
        _copy(CaseBranch._meta.db_table, ["case_id", *names], values)


def _values(columns: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [Jsonb(v, _dumps) if isinstance(v := columns[n], dict) else v for n in names]


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _copy(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
