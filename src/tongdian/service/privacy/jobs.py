"""Timed work: sealing anew what an older key sealed, and what is past its term."""

import logging

from procrastinate.contrib.django import app

from tongdian.service.casework.grants import APPEND_ONLY
from tongdian.service.privacy.retention import apply
from tongdian.service.sealing.resealing import reseal

logger = logging.getLogger(__name__)


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="reseal")
def reseal_all(timestamp: int) -> int:
    """Every night, and after a rotation: rows and files that an older key sealed."""
    return reseal(except_tables=APPEND_ONLY)


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="retention")
def destroy_past_term(timestamp: int) -> int:
    """Every night: what is past its term. Returns how much went."""
    lines = apply()
    for line in lines:
        if line.count:
            logger.info("past its term, destroyed: %s %s", line.count, line.en)
    return sum(line.count for line in lines)
