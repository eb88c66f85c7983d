"""Who read whose data, when and why; who asked for it to be destroyed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class ErasureRequest(models.Model):
    """A party asked for its data of a case to be destroyed; somebody else does it, or says why
    not. The only change is that decision."""

    class State(models.TextChoices):
        OPEN = "open", _("待办理")
        DONE = "done", _("已删除")
        REFUSED = "refused", _("未删除")

    case_number = models.CharField(max_length=24)
    ground = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    asked_as = models.CharField(max_length=16)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_number"],
                condition=models.Q(state="open"),
                name="one_open_erasure_request",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by="") | ~models.Q(decided_by=models.F("asked_by")),
                name="another_decides_on_an_erasure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.state}"
