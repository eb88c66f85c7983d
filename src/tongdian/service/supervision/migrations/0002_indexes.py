"""Indexes that the board reads by."""

from pathlib import Path

from django.db import migrations

INDEXES = Path(__file__).with_name("board_indexes.sql").read_text(encoding="utf-8")
DROP = "DROP INDEX board_closed; DROP INDEX board_opened; DROP INDEX supervision_paper;"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunSQL(INDEXES, DROP)]
