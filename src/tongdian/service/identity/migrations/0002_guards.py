"""Separation of roles and the append-only audit, in the database itself."""

from pathlib import Path

from django.db import migrations

GUARDS = Path(__file__).with_name("guards.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
