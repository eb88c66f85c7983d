"""Timed work: sealing anew what an older key sealed, and what is past its term."""

from procrastinate.contrib.django import app

from tongdian.service.casework.grants import APPEND_ONLY
from tongdian.service.sealing.resealing import reseal


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="reseal")
def reseal_all(timestamp: int) -> int:
    """Every night, and after a rotation: rows and files that an older key sealed."""
    return reseal(except_tables=APPEND_ONLY)
