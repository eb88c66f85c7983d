"""What is handed over to departments that work in systems of their own."""

from django.db import models
from django.db.models import Q


class HandOver(models.Model):
    """One thing that a department's system is told of one item: that it was filed, filed again,
    completed or withdrawn. Made by a follower of the log, posted until it is taken; of each item
    only the first that was not taken is due. Holds nothing of what was said."""

    class State(models.TextChoices):
        PENDING = "pending"
        TAKEN = "taken"
        GAVE_UP = "gave_up"

    index = models.BigIntegerField()
    case_number = models.CharField(max_length=24)
    item = models.CharField(max_length=16)
    kind = models.CharField(max_length=40)
    department = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["index", "item"], name="hand_over_once")]
        indexes = [
            models.Index(fields=["next_at"], name="hand_over_due", condition=Q(state="pending")),
            models.Index(fields=["case_number", "item", "id"], name="hand_over_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_number} {self.item}"
