"""The board's covering index `board_closed` finds closed cases as well."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_inbox")]

    operations = [migrations.RemoveIndex(model_name="case", name="case_closed")]
