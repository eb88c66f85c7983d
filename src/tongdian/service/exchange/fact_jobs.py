"""Timed work of shared facts: asking again, and ending what has expired."""

from procrastinate.contrib.django import app

from tongdian.service.exchange.facts import fetch_due, purge_expired


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fetch-facts")
def fetch_facts(timestamp: int) -> int:
    """Registries that did not answer are asked again, each time later."""
    return fetch_due()


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="purge-facts")
def purge_facts(timestamp: int) -> int:
    """Consents and facts past their time."""
    return purge_expired()
