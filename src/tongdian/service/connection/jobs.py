"""Timed work of connections: silence, overdue limits, new holiday notices."""

from django.db.models import QuerySet
from procrastinate.contrib.django import app

from tongdian.law.calendar import default_calendar
from tongdian.service.casework.jobs import each_case
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import (
    deem_accepted,
    recompute_for_calendar,
    record_overdue,
)
from tongdian.service.connection.overdue import unrecorded_overdue
from tongdian.service.connection.process import CONNECTION


def _open() -> QuerySet[Case]:
    return Case.objects.filter(process=CONNECTION.id, outcome="")


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="deem-accepted")
def deem_accepted_silence(timestamp: int) -> int:
    """行政许可法 art. 32, for every application whose period for a deficiency list has run out."""
    waiting = _open().filter(stage="intake", pause_ground="")
    return each_case(waiting.values_list("number", flat=True).iterator(), deem_accepted)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="record-overdue")
def record_overdue_cases(timestamp: int) -> int:
    """An event for every limit that has been exceeded. All open cases are looked at: one that was
    paused or handed on right after a limit passed has another due date by now, or none."""
    cases = _open().only("number", "process", "state").iterator(1000)
    late = [case.number for case in cases if unrecorded_overdue(case)]
    return each_case(late, record_overdue)


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="recompute-clocks")
def recompute_open_clocks(timestamp: int) -> int:
    """After a new holiday notice: every open case, with an event where the due date moves."""
    stale = _open().exclude(calendar_version=default_calendar().version)
    return each_case(stale.values_list("number", flat=True).iterator(), recompute_for_calendar)
