"""The read log, append-only in the database itself."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

GUARDS = Path(__file__).with_name("guards.sql").read_text(encoding="utf-8")
REMOVE = """
DROP FUNCTION privacy_expire_reads();
DROP TRIGGER read_no_truncate ON privacy_readrecord;
DROP TRIGGER read_append_only ON privacy_readrecord;
DROP FUNCTION privacy_guard_reads();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ReadRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("subject", models.CharField(blank=True, max_length=64)),
                ("case_number", models.CharField(blank=True, max_length=32)),
                ("role", models.CharField(max_length=16)),
                ("organisation", models.CharField(blank=True, max_length=32)),
                ("pseudonym", models.CharField(blank=True, max_length=64)),
                ("purpose", models.CharField(max_length=32)),
                (
                    "what",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=48), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case_number", "at"], name="read_of_case"),
                    models.Index(
                        condition=models.Q(("subject", ""), _negated=True),
                        fields=["subject", "at"],
                        name="read_of_subject",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, REMOVE),
    ]
