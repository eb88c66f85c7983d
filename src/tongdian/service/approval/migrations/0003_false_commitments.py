"""Find the few events about false commitments without reading all the others."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("approval", "0002_city_objects"), ("casework", "0008_processes")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX event_false_commitment ON casework_event (kind, id)"
            " WHERE kind IN ('commitment_revoked', 'false_commitment_reported')",
            "DROP INDEX event_false_commitment",
        )
    ]
