"""Timed work of the exchange: messages that were held up, and rows that have had their time."""

from datetime import timedelta

from procrastinate.contrib.django import app

from tongdian.service.casework import clock
from tongdian.service.exchange.facts import fetch_due
from tongdian.service.exchange.models import Delivery, EndpointHour
from tongdian.service.exchange.receiving import go_on_with_parked

DELIVERIES_KEPT = timedelta(days=30)
HOURS_KEPT = timedelta(days=90)
AT_A_TIME = 20_000


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="exchange-parked")
def handle_parked(timestamp: int) -> int:
    """Try again what a failing handler has held up."""
    return go_on_with_parked()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fetch-facts")
def fetch_facts(timestamp: int) -> int:
    """Registries that did not answer are asked again, each time later."""
    return fetch_due()


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="exchange-sweep")
def sweep_deliveries(timestamp: int) -> int:
    """Forget deliveries that are a month past; the log has the events for ever."""
    now = clock.now()
    EndpointHour.objects.filter(hour__lt=now - HOURS_KEPT).delete()
    total = 0
    while True:
        old = Delivery.objects.filter(done_at__lt=now - DELIVERIES_KEPT)
        some = list(
            old.exclude(state=Delivery.State.GAVE_UP).values_list("pk", flat=True)[:AT_A_TIME]
        )
        if not some:
            return total
        total += Delivery.objects.filter(pk__in=some).delete()[0]
