"""Work that no request waits for: sequencing, silence, overdue, holiday notices, old keys.

Procrastinate runs them; each job is one transaction per case, safe to repeat, and guarded so that
two workers never do the same.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.errors import CaseworkError
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all

logger = logging.getLogger(__name__)
STALLED_AFTER = timedelta(minutes=10)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sequence", retry=RetryStrategy(max_attempts=3, wait=5))
def sequence(timestamp: int) -> int:
    """A safety net beside the worker's own loop: whatever is left gets its place in the log."""
    return sequence_all()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="deem-accepted")
def deem_accepted_silence(timestamp: int) -> int:
    """行政许可法 art. 32, for every application whose period for a deficiency list has run out."""
    from tongdian.service.connection.actions import deem_accepted

    waiting = Case.objects.filter(stage="intake", outcome="", pause_ground="")
    return _each(waiting.values_list("number", flat=True).iterator(), deem_accepted)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="record-overdue")
def record_overdue_cases(timestamp: int) -> int:
    """An event for every limit that has been exceeded."""
    from tongdian.service.connection.actions import record_overdue

    today = local_date(clock.now())
    late = Case.objects.filter(outcome="", pause_ground="", due_on__lt=today)
    return _each(late.values_list("number", flat=True).iterator(), record_overdue)


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="recompute-clocks")
def recompute_open_clocks(timestamp: int) -> int:
    """After a new holiday notice: every open case, with an event where the due date moves."""
    from tongdian.service.connection.actions import recompute_for_calendar

    stale = Case.objects.filter(outcome="").exclude(calendar_version=default_calendar().version)
    return _each(stale.values_list("number", flat=True).iterator(), recompute_for_calendar)


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="forget-keys")
def forget_old_keys(timestamp: int) -> int:
    """Idempotency keys are kept for seven days."""
    from tongdian.service.api.models import IdempotencyRecord

    before = clock.now() - timedelta(days=7)
    return IdempotencyRecord.objects.filter(created_at__lt=before).delete()[0]


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="reap-stalled", pass_context=True)
async def reap_stalled(context: object, timestamp: int) -> int:
    """Jobs of a worker that was killed are taken up again."""
    manager = context.app.job_manager  # type: ignore[attr-defined]
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds())
    count = 0
    for job in stalled:
        await manager.retry_job(job)
        count += 1
    return count


def _each(numbers: object, action: Callable[[str], object]) -> int:
    """One case at a time; a refusal is that case's own affair."""
    done = 0
    for number in list(numbers):  # type: ignore[call-overload]
        try:
            done += action(number) is not None
        except CaseworkError as error:
            logger.warning("%s: %s", number, error)
    return done
