"""The city in PostgreSQL by the bulk path: every case refolds, the log verifies, nobody is real."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from city.conftest import UNTIL
from support.log import check_cases, check_log
from tongdian.law.identifiers import (
    is_fictitious_real_estate_unit,
    is_fictitious_resident_id,
    is_fictitious_uscc,
)
from tongdian.proof.events import verify_chain
from tongdian.service import demo
from tongdian.service.casework.models import Case, Event, row_of
from tongdian.service.casework.planning import cached_columns, fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import record_of
from tongdian.service.leads.models import Lead
from tongdian.service.supervision.models import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The demo of 500 customers as `tongdian demo` builds it, rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.build(500, seed=7, until=UNTIL.date())
        transaction.set_rollback(True)


def test_it_counts_what_it_wrote(built: dict[str, Any]) -> None:
    assert built["customers"] == 500
    assert built["cases"] == Case.objects.filter(process="connection").count() > 60
    assert built["leads"] <= Case.objects.filter(process="lead").count() == Lead.objects.count()
    assert built["events"] == Event.objects.count() == check_log()


def test_every_case_refolds_to_its_row(built: dict[str, Any]) -> None:
    check_cases()
    for case in Case.objects.all():
        definition = definition_of(case.process)
        events = list(case.events.order_by("seq"))
        state = fold_events(definition, events)
        columns = cached_columns(definition, state, events[-1].recorded_at)
        stored = row_of(case)
        assert {name: stored[name] for name in columns} == columns
        assert stored["opened_at"] == events[0].recorded_at


def test_every_chain_verifies_with_its_personal_part(built: dict[str, Any]) -> None:
    for case in Case.objects.all():
        events = case.events.order_by("seq")
        assert verify_chain(record_of(case, e, with_personal=True) for e in events) == []


def test_nobody_is_real(built: dict[str, Any]) -> None:
    for event in Event.objects.exclude(personal=None):
        told = event.personal
        for person in (told, *(told.get(name) or {} for name in ("agent", "owner"))):
            if "name" in person:
                assert "示例" in person["name"]
                assert person["phone"].startswith("199000")
        if "id_number" in told:
            resident = told.get("id_type") == "resident_id"  # of a builder only the company's
            valid = is_fictitious_resident_id if resident else is_fictitious_uscc
            assert valid(told["id_number"])
            assert is_fictitious_real_estate_unit(told["real_estate_unit"])


def test_what_is_public_names_nobody(built: dict[str, Any]) -> None:
    """Neither payloads nor the columns of a case carry an identifier or a telephone number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text || actor::text FROM casework_event")
        texts = [row[0] for row in cursor.fetchall()]
    texts += [f"{c.applicant_masked} {c.address_masked} {c.state}" for c in Case.objects.all()]
    permits = re.compile(
        r"""["']permit["']: ["']\d{18}["']"""
    )  # a construction permit's number is public
    for text in (permits.sub("", text) for text in texts):
        assert not re.search(r"(?<![0-9a-fA-F])(\d{17}[\dX]|1\d{10})(?![0-9a-fA-F])", text), text
        assert "示例·" not in text or "*" in text, text


def test_the_log_has_been_looked_through(built: dict[str, Any]) -> None:
    from tongdian.service.supervision.inspection import inspected

    assert inspected() == built["events"]
    assert all(finding.case_id for finding in Finding.objects.all())


def test_a_city_never_mixes_with_anything(built: dict[str, Any]) -> None:
    before = Event.objects.count()
    with pytest.raises(RuntimeError, match="already holds cases"):
        demo.build(500, seed=7)
    assert Event.objects.count() == before
