"""The board counts connections alone, still without touching a case's row."""

from django.db import migrations

DROP = "DROP INDEX board_closed; DROP INDEX board_opened;"
CLOSED = """
CREATE INDEX board_closed ON casework_case (closed_at)
    INCLUDE ({process}track, district, office, outcome, late, breached, channel,
             whole_process_days, utility_days, government_days, calendar_days, steps)
    WHERE closed_at IS NOT NULL;
CREATE INDEX board_opened ON casework_case (opened_at)
    INCLUDE ({process}track, district, office);
"""
BEFORE, AFTER = CLOSED.format(process=""), CLOSED.format(process="process, ")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_indexes"), ("casework", "0008_processes")]

    operations = [migrations.RunSQL(DROP + AFTER, DROP + BEFORE)]
