"""Timed work of the integrators' door: old keys are forgotten."""

from datetime import timedelta

from procrastinate.contrib.django import app

from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.casework import clock


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="forget-keys")
def forget_old_keys(timestamp: int) -> int:
    """Idempotency keys are kept for seven days."""
    before = clock.now() - timedelta(days=7)
    return IdempotencyRecord.objects.filter(created_at__lt=before).delete()[0]
