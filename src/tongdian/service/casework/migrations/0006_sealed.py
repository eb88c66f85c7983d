"""Personal parts sealed, an index to a person's cases, and a door that wants its event first."""

import json
from pathlib import Path
from typing import Any

from django.db import migrations, models

import tongdian.service.sealing.fields
from tongdian.service.sealing import blind_index, seal

BATCH = 2_000
GUARDS = Path(__file__).with_name("sealed.sql").read_text(encoding="utf-8")
DIGEST = "casework_case.applicant_digest"


def seal_personal(apps: Any, schema_editor: Any) -> None:
    """Every personal part that there is, and the digest of who applied. The guard stays off for as
    long as this transaction alone sees the table."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER event_no_update")
        last = 0
        while rows := _batch(cursor, last):
            last = rows[-1][0]
            cursor.executemany(
                "UPDATE casework_event SET personal_sealed = %s WHERE id = %s",
                [
                    (seal(json.dumps(p, ensure_ascii=False).encode(), "casework_event.personal"), i)
                    for i, _case, _seq, p in rows
                ],
            )
            cursor.executemany(
                "UPDATE casework_case SET applicant_digest = %s WHERE id = %s",
                [(_digest(p), case) for _id, case, seq, p in rows if seq == 1],
            )
        cursor.execute("ALTER TABLE casework_event ENABLE TRIGGER event_no_update")


def _batch(cursor: Any, after: int) -> list[Any]:
    cursor.execute(
        "SELECT id, case_id, seq, personal::text FROM casework_event"
        " WHERE id > %s AND personal IS NOT NULL ORDER BY id LIMIT %s",
        [after, BATCH],
    )
    return [(i, case, seq, json.loads(text)) for i, case, seq, text in cursor.fetchall()]


def _digest(personal: dict[str, Any]) -> str:
    number = str(personal.get("id_number", "")).strip().upper()
    return blind_index(DIGEST, str(personal.get("id_type", "")), number)


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_branches")]

    operations = [
        migrations.AddField(
            "case", "applicant_digest", models.CharField(max_length=64, blank=True, db_default="")
        ),
        migrations.AddField("evidence", "erased_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "ALTER TABLE casework_event ADD COLUMN personal_sealed bytea", elidable=False
        ),
        migrations.RunPython(seal_personal),
        migrations.RunSQL(
            "ALTER TABLE casework_event DROP COLUMN personal;"
            "ALTER TABLE casework_event RENAME COLUMN personal_sealed TO personal",
            state_operations=[
                migrations.AlterField(
                    "event",
                    "personal",
                    tongdian.service.sealing.fields.EncryptedJSON(null=True),
                )
            ],
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["applicant_digest"],
                name="case_applicant_digest",
                condition=models.Q(("applicant_digest", ""), _negated=True),
            ),
        ),
        migrations.RunSQL(GUARDS),
    ]
