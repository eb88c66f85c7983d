"""Timed work of leads: overdue preparation, new holiday notices."""

from django.db.models import QuerySet
from procrastinate.contrib.django import app

from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.jobs import each_case
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import recompute_for_calendar, record_overdue
from tongdian.service.leads.process import LEAD_PROCESS


def _open() -> QuerySet[Case]:
    return Case.objects.filter(process=LEAD_PROCESS.id, outcome="")


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="record-overdue-leads")
def record_overdue_leads(timestamp: int) -> int:
    """An event for every lead that is not prepared in time."""
    late = _open().filter(due_on__lt=local_date(clock.now()))
    return each_case(late.values_list("number", flat=True).iterator(), record_overdue)


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="recompute-leads")
def recompute_lead_clocks(timestamp: int) -> int:
    """After a new holiday notice: every open lead, with an event where the due date moves."""
    stale = _open().exclude(calendar_version=default_calendar().version)
    return each_case(stale.values_list("number", flat=True).iterator(), recompute_for_calendar)
