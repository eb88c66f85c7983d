"""Findings, kept where they were found: a million cases are looked through once, not each time."""

from django.db import models

from tongdian.service.casework.models import Case


class Finding(models.Model):
    """A reason to look at a case, never a verdict.

    `kind` see `patterns.KINDS`. `seq` is the event that shows it, `first_seq` the one where it
    begins; `numbers` are its measures, `other` the case that shares a paper with this one.
    """

    kind = models.CharField(max_length=24)
    case = models.ForeignKey(Case, models.PROTECT, related_name="findings", db_index=False)
    first_seq = models.IntegerField()
    seq = models.IntegerField()
    recorded_at = models.DateTimeField()
    numbers = models.JSONField(default=dict)
    other = models.ForeignKey(Case, models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "seq"], name="finding_once"),
        ]
        indexes = [models.Index(fields=["-recorded_at", "kind"], name="finding_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}#{self.seq}"


class Inspection(models.Model):
    """How far the log has been looked through: leaves below `leaves`. One row."""

    leaves = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.leaves)
