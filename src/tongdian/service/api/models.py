"""Idempotency keys: what was answered to a write, so that a repeat gets the same answer."""

from django.db import models


class IdempotencyRecord(models.Model):
    """One write that was answered. Kept for a day at least."""

    principal = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    content_type = models.CharField(max_length=64)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return self.key
