"""Timed work of the permits: commitments whose credit was not known."""

from procrastinate.contrib.django import app

from tongdian.service.approval.commitment_deciding import settle_waiting


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="settle-commitments")
def settle_commitments(timestamp: int) -> int:
    """Ask the credit platform again, and decide on the spot once it answers."""
    return settle_waiting()
