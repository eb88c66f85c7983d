"""Timed work of the permits: commitments, and items for departments' own systems."""

from procrastinate.contrib.django import app

from tongdian.service.approval.callbacks_handover import hand_over_due
from tongdian.service.approval.commitment_deciding import settle_waiting
from tongdian.service.approval.false_commitments import report_false_commitments


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="settle-commitments")
def settle_commitments(timestamp: int) -> int:
    """Ask the credit platform again, and decide on the spot once it answers."""
    return settle_waiting()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="report-false-commitments")
def report_false(timestamp: int) -> int:
    """Put every commitment that was found false on record with the credit platform."""
    return report_false_commitments()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="hand-over-items")
def hand_over_items(timestamp: int) -> int:
    """Post items to the departments that work in systems of their own."""
    return hand_over_due()
