"""Django's PostgreSQL backend, with statements that the server prepares for the write path."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection, transaction


def prepared_cursor() -> Any:
    """A cursor of the present connection whose statements the server plans once: for those that
    are run for every event. Django's own cursors send each statement as new text."""
    return connection.prepared_cursor()  # type: ignore[attr-defined]


def one_transaction() -> AbstractContextManager[None]:
    """The transaction at hand, or a new one. For actions that refuse before they write: what fails
    after that is the database, which undoes the whole, so that no savepoint is needed."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()
