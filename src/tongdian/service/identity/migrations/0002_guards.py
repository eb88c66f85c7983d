"""In the database itself: separation of duties, grants as history, the append-only audit."""

from pathlib import Path

from django.db import migrations

GUARDS = Path(__file__).with_name("guards.sql").read_text(encoding="utf-8")
REMOVE = """
DROP TRIGGER audit_no_truncate ON identity_auditentry;
DROP TRIGGER audit_no_change ON identity_auditentry;
DROP TRIGGER rolegrant_is_history ON identity_rolegrant;
DROP TRIGGER rolegrant_separate_duties ON identity_rolegrant;
DROP FUNCTION identity_refuse_change(), identity_guard_grant(), identity_separate_duties(),
    identity_duty(text);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, REMOVE)]
