"""Who read whose data, when and why. Append-only in the database itself."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ReadRecord(models.Model):
    """One person, office or program read personal data of one case. Never changed; taken away only
    when its term is over, by the database's own function `privacy_expire_reads`."""

    at = models.DateTimeField(db_index=True)
    subject = models.CharField(max_length=64, blank=True)
    case_number = models.CharField(max_length=32, blank=True)
    role = models.CharField(max_length=16)
    organisation = models.CharField(max_length=32, blank=True)
    pseudonym = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=32)
    what = ArrayField(models.CharField(max_length=48))

    class Meta:
        indexes = [
            models.Index(fields=["case_number", "at"], name="read_of_case"),
            models.Index(
                fields=["subject", "at"],
                condition=~models.Q(subject=""),
                name="read_of_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.case_number} {self.role}"
