"""Timed work of the kernel: sequencing as a safety net, and the jobs of killed workers.

Procrastinate finds the module `jobs` of every app. Each job is one transaction per case, safe to
repeat, and guarded so that two workers never do the same.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongdian.service.casework.errors import CaseworkError
from tongdian.service.casework.recheck import LogDiffers, recheck
from tongdian.service.casework.sequencer import sequence_all

logger = logging.getLogger(__name__)
NIGHTLY_SAMPLE = 5_000
STALLED_AFTER = timedelta(minutes=10)


def each_case(numbers: Iterable[str], action: Callable[[str], object]) -> int:
    """Do `action` with one case at a time; a refusal is that case's own affair. Returns how many
    cases it changed."""
    done = 0
    for number in list(numbers):
        try:
            done += action(number) is not None
        except CaseworkError as error:
            logger.warning("%s: %s", number, error)
    return done


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sequence", retry=RetryStrategy(max_attempts=3, wait=5))
def sequence(timestamp: int) -> int:
    """A safety net beside the worker's own loop: whatever is left gets its place in the log."""
    return sequence_all()


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


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="recheck-cases")
def recheck_cases(timestamp: int) -> int:
    """Every night: whether some thousand cases are what their events and the log say. What is found
    goes to the log of errors; `tongdian doctor` says it as well."""
    try:
        looked_at, found = recheck(NIGHTLY_SAMPLE)
    except LogDiffers as error:
        logger.error("the log does not fit its signed head: %s", error)
        return 0
    if found is not None:
        logger.error("case %s, event %s: %s", found.case, found.seq, found.en)
    return looked_at
