"""Timed work of supervision."""

from procrastinate.contrib.django import app

from tongdian.service.supervision.inspection import inspect


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="inspect-log")
def inspect_log(timestamp: int) -> int:
    """Findings among the events that have reached the log since the last time."""
    return inspect()
