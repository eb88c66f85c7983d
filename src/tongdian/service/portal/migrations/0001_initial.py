from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                ("return_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("answers", models.JSONField(default=dict)),
                ("case_number", models.CharField(blank=True, max_length=24)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("sealed_codes", models.BinaryField(null=True)),
            ],
        ),
    ]
