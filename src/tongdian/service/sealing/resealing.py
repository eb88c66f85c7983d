"""After a rotation: what was sealed with an older key is sealed anew, where rows may be changed.

Events may not: what they hold stays readable with the key of its day.
"""

import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from tongdian.service.sealing.cipher import sealed_with
from tongdian.service.sealing.fields import is_sealed_field
from tongdian.service.sealing.keyring import keyring
from tongdian.service.sealing.storage import SealedStorage

BATCH = 500


def sealed_columns() -> list[Any]:
    """Every sealed field of the installed models."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if is_sealed_field(field)
    ]


def reseal(*, except_tables: Collection[str]) -> int:
    """Seal anew, with the newest key, what an older one sealed. Returns how many values and files.

    Safe beside writers, and safe to repeat: a value that changes meanwhile is left alone.
    """
    columns = [f for f in sealed_columns() if f.model._meta.db_table not in except_tables]
    return sum(_reseal_column(field) for field in columns) + sum(_reseal_files())


def sealed_by_key() -> dict[str, Counter[int]]:
    """How many values of each column are sealed with each key; files under "files"."""
    found: dict[str, Counter[int]] = {}
    for field in sealed_columns():
        table, column = field.model._meta.db_table, field.column
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT substring("{column}" FROM 2 FOR 4), count(*) FROM {table}'
                f' WHERE octet_length("{column}") > 0 GROUP BY 1'
            )
            rows = cursor.fetchall()
        found[field.place] = Counter({int.from_bytes(key, "big"): n for key, n in rows})
    heads = (SealedStorage.key_of(path) for path in _files())
    found["files"] = Counter(0 if key is None else key for key in heads)
    return found


def _reseal_column(field: Any) -> int:
    table, column, newest = field.model._meta.db_table, field.column, keyring().newest.id
    key, done, last = field.model._meta.pk.column, 0, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT "{key}", "{column}" FROM {table} WHERE "{key}" > %s'
                f' AND octet_length("{column}") > 0 AND substring("{column}" FROM 2 FOR 4) <> %s'
                f' ORDER BY "{key}" LIMIT {BATCH}',
                [last, newest.to_bytes(4, "big")],
            )
            rows = [(row_id, bytes(old)) for row_id, old in cursor.fetchall()]
            for row_id, old in rows:
                if sealed_with(old) >= newest:
                    continue
                anew = field.seal(field.unseal(old))
                cursor.execute(
                    f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s AND "{column}" = %s',
                    [anew, row_id, old],
                )
                done += cursor.rowcount
        if not rows:
            return done
        last = rows[-1][0]


def _files() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    yield from (Path(folder) / name for folder, _dirs, names in os.walk(root) for name in names)


def _reseal_files() -> Iterator[int]:
    """1 for each file sealed anew; the file is replaced in one step."""
    newest = keyring().newest.id
    for path in _files():
        known = SealedStorage.key_of(path)
        if path.name.startswith(".") or (known is not None and known >= newest):
            continue
        try:
            with default_storage.open(str(path.relative_to(settings.MEDIA_ROOT))) as file:
                plain = file.read()
        except FileNotFoundError:
            continue
        beside = path.with_name(f".{secrets.token_hex(8)}")
        beside.write_bytes(SealedStorage.sealed(plain))
        os.replace(beside, path)
        yield 1
