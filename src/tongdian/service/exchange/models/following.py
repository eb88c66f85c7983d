"""Where each follower of the log has got to, and what it could not do."""

from django.db import models
from django.db.models import Q


class Follower(models.Model):
    """The cursor of a consumer: the index of the last leaf it is done with, -1 before the first."""

    name = models.CharField(max_length=40, primary_key=True)
    cursor = models.BigIntegerField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}@{self.cursor}"


class SetAside(models.Model):
    """An event that a consumer could not handle, or that waits behind one of the same case.

    Retried at `next_at`; `dead` when the attempts are used up, and then it holds up nothing.
    """

    follower = models.ForeignKey(Follower, on_delete=models.PROTECT, related_name="set_aside")
    index = models.BigIntegerField()
    case_number = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    dead = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "index"], name="set_aside_once")]
        indexes = [
            models.Index(
                fields=["follower", "case_number", "index"],
                name="set_aside_waiting",
                condition=Q(dead=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} {self.index}"
