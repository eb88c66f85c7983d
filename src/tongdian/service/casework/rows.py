"""The statements of the write path, composed once: two round trips for an event and its case.

The object mapper composes its SQL anew at every call, which took longer than the rules, the proof
and the database together. Only `perform` calls this; the columns come from the models.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from psycopg.types.json import Jsonb

from tongdian.service.casework.models import Case, CaseBranch, Event
from tongdian.service.casework.planning import EventRow
from tongdian.service.database import prepared_cursor

CASE, EVENT = Case._meta.db_table, Event._meta.db_table
EVENT_COLUMNS = EventRow.__slots__
PERSONAL = Event._meta.get_field("personal")


def lock_case(number: str) -> Case | None:
    """The case, locked until the transaction ends."""
    with prepared_cursor() as cursor:
        cursor.execute(_select_case(), [number])
        row = cursor.fetchone()
    if row is None:
        return None
    fields = Case._meta.concrete_fields
    values = [
        json.loads(value) if isinstance(field, JSON) else value
        for field, value in zip(fields, row, strict=True)
    ]
    return Case.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def insert_case(case: Case, row: EventRow) -> Event:
    """A new case with its first event; sets the case's id."""
    columns = {
        field.attname: getattr(case, field.attname)
        for field in Case._meta.concrete_fields
        if not field.primary_key
    }
    with prepared_cursor() as cursor:
        cursor.execute(
            _insert_case(tuple(columns)), [*_values(columns), *_values(stored_event(row))]
        )
        event_id, case.pk = cursor.fetchone()
    case._state.adding, case._state.db = False, DEFAULT_DB_ALIAS
    return _stored(case, row, event_id)


def append_event(case: Case, row: EventRow, columns: Mapping[str, Any]) -> Event:
    """The next event of a case, and the columns that follow from it, in the row and on `case`."""
    with prepared_cursor() as cursor:
        cursor.execute(
            _append_event(tuple(columns)),
            [case.pk, *_values(stored_event(row)), *_values(columns), case.pk],
        )
        (event_id,) = cursor.fetchone()
    for name, value in columns.items():
        setattr(case, name, value)
    return _stored(case, row, event_id)


def write_branches(case: Case, branches: Sequence[Mapping[str, Any]]) -> None:
    """The rows of a case's branches, new or changed, in one statement."""
    with prepared_cursor() as cursor:
        cursor.execute(_upsert_branches(), [case.pk, Jsonb(list(branches), _text_of_instants)])


def _text_of_instants(value: Any) -> str:
    return json.dumps(value, default=str)


JSON = type(Case._meta.get_field("state"))


def _event(row: EventRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in EVENT_COLUMNS}


def stored_event(row: EventRow) -> dict[str, Any]:
    """The columns as the database holds them: the personal part sealed."""
    columns = _event(row)
    if row.personal is not None:
        columns["personal"] = PERSONAL.seal(row.personal)
    return columns


def _values(columns: Mapping[str, Any]) -> list[Any]:
    return [Jsonb(value) if isinstance(value, dict) else value for value in columns.values()]


def _stored(case: Case, row: EventRow, event_id: int) -> Event:
    event = Event(id=event_id, case=case, **_event(row))
    event._state.adding, event._state.db = False, DEFAULT_DB_ALIAS
    return event


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _marks(columns: tuple[str, ...]) -> str:
    return ", ".join(["%s"] * len(columns))


@cache
def _select_case() -> str:
    names = _names(tuple(field.attname for field in Case._meta.concrete_fields))
    return f"SELECT {names} FROM {CASE} WHERE number = %s FOR UPDATE"


@cache
def _insert_case(columns: tuple[str, ...]) -> str:
    return (
        f"WITH opened AS (INSERT INTO {CASE} ({_names(columns)}) VALUES ({_marks(columns)})"
        f" RETURNING id) INSERT INTO {EVENT} (case_id, {_names(EVENT_COLUMNS)})"
        f" VALUES ((SELECT id FROM opened), {_marks(EVENT_COLUMNS)}) RETURNING id, case_id"
    )


@cache
def _append_event(columns: tuple[str, ...]) -> str:
    cached = ", ".join(f'"{name}" = %s' for name in columns)
    return (
        f"WITH appended AS (INSERT INTO {EVENT} (case_id, {_names(EVENT_COLUMNS)})"
        f" VALUES (%s, {_marks(EVENT_COLUMNS)}) RETURNING id)"
        f" UPDATE {CASE} SET {cached} WHERE id = %s RETURNING (SELECT id FROM appended)"
    )


@cache
def _upsert_branches() -> str:
    columns = tuple(
        field.attname
        for field in CaseBranch._meta.concrete_fields
        if not field.primary_key and field.attname != "case_id"
    )
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != "name")
    table = CaseBranch._meta.db_table
    return (
        f"INSERT INTO {table} (case_id, {_names(columns)})"
        f" SELECT %s, {_names(columns)} FROM jsonb_populate_recordset(NULL::{table}, %s)"
        f" ON CONFLICT (case_id, name) DO UPDATE SET {changed}"
    )
