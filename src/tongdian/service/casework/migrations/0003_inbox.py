"""Indexes that lie in the order of the inbox, and one that finds an address by pairs of letters."""

from django.db import migrations, models

OPEN = models.Q(outcome="")
OLD = ("case_inbox", "case_inbox_office", "case_inbox_stage", "case_assignee")
NEW = (
    models.Index(
        fields=["due_on", "id", "stage", "track", "lane"], name="case_inbox", condition=OPEN
    ),
    models.Index(
        fields=["office", "due_on", "id", "stage", "track", "lane"],
        name="case_inbox_office",
        condition=OPEN,
    ),
    models.Index(
        fields=["stage", "due_on", "id", "track", "office"],
        name="case_inbox_stage",
        condition=OPEN,
    ),
    models.Index(fields=["assignee", "due_on", "id"], name="case_inbox_assignee", condition=OPEN),
    models.Index(
        fields=["due_on", "id", "office"],
        name="case_inbox_paused",
        condition=OPEN & ~models.Q(pause_ground=""),
    ),
    models.Index(
        fields=["due_on", "id", "stage", "track", "lane"],
        name="case_inbox_permits",
        condition=models.Q(outcome="", state__done__has_key="permits_filed"),
    ),
)
WORDS = """
CREATE FUNCTION casework_bigrams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg(DISTINCT substr(words, place, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS place
);
CREATE INDEX case_words ON casework_case USING gin (casework_bigrams(address_masked));
"""
NO_WORDS = "DROP INDEX case_words; DROP FUNCTION casework_bigrams(text);"


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_guards")]

    operations = [
        *(migrations.RemoveIndex(model_name="case", name=name) for name in OLD),
        *(migrations.AddIndex(model_name="case", index=index) for index in NEW),
        migrations.RunSQL(WORDS, NO_WORDS),
    ]
