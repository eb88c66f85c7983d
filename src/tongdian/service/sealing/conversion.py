"""For migrations: a column that was plain becomes sealed, with all its values."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from tongdian.service.sealing.cipher import seal

BATCH = 2_000


def sealing_of(
    model: str, table: str, column: str, field: "models.Field[Any, Any]", *, empty: bytes | None
) -> list[Any]:
    """The operations. `field` is the sealed one; `empty` is stored for values that are the empty
    text, and for null where the column allows none."""
    beside = f"{column}_sealed"
    constraint = "" if field.null else f"; ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
    return [
        migrations.RunSQL(f"ALTER TABLE {table} ADD COLUMN {beside} bytea"),
        migrations.RunPython(_sealer(table, column, beside, empty)),
        migrations.RunSQL(
            f"ALTER TABLE {table} DROP COLUMN {column};"
            f"ALTER TABLE {table} RENAME COLUMN {beside} TO {column}{constraint}",
            state_operations=[migrations.AlterField(model, column, field)],
        ),
    ]


def _sealer(
    table: str, column: str, beside: str, empty: bytes | None
) -> Callable[[Any, Any], None]:
    def sealed(text: str | None) -> bytes | None:
        return seal(text.encode(), f"{table}.{column}") if text else empty

    def run(apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            last = 0
            while True:
                cursor.execute(
                    f"SELECT id, {column}::text FROM {table} WHERE id > %s ORDER BY id LIMIT %s",
                    [last, BATCH],
                )
                rows = cursor.fetchall()
                if not rows:
                    return
                last = rows[-1][0]
                cursor.executemany(
                    f"UPDATE {table} SET {beside} = %s WHERE id = %s",
                    [(sealed(text), row_id) for row_id, text in rows],
                )

    return run
