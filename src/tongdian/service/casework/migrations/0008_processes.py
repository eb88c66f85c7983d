"""The inbox lists connections alone; cases of the other processes are found by due day."""

from django.db import migrations, models

OF_CONNECTIONS = models.Q(process="connection", outcome="")
INDEXES = {
    "case_inbox": (["due_on", "id", "stage", "track", "lane"], models.Q()),
    "case_inbox_office": (["office", "due_on", "id", "stage", "track", "lane"], models.Q()),
    "case_inbox_stage": (["stage", "due_on", "id", "track", "office"], models.Q()),
    "case_inbox_assignee": (["assignee", "due_on", "id"], models.Q()),
    "case_inbox_paused": (["due_on", "id", "office"], ~models.Q(pause_ground="")),
    "case_inbox_permits": (
        ["due_on", "id", "stage", "track", "lane"],
        models.Q(state__has_key="branches"),
    ),
}


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_permits_by_branches")]

    operations = [
        *(migrations.RemoveIndex(model_name="case", name=name) for name in INDEXES),
        *(
            migrations.AddIndex(
                model_name="case",
                index=models.Index(fields=fields, name=name, condition=OF_CONNECTIONS & also),
            )
            for name, (fields, also) in INDEXES.items()
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["process", "due_on", "id"],
                name="case_other_process",
                condition=~models.Q(process="connection"),
            ),
        ),
    ]
