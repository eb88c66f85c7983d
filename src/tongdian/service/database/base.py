"""PostgreSQL as Django knows it, but for two things that a write would otherwise pay for."""

import select
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """For logs: a prepared statement has no text with its values."""
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """Found by its module's name, see ENGINE in the settings."""

    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """A server that went away has closed the socket or said so on it: only an idle connection
        with something to read is asked `SELECT 1`, which Django asks for every request."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not waiting.poll(0) or bool(super().is_usable())

    def prepared_cursor(self) -> Any:
        """See `tongdian.service.database.prepared_cursor`. Errors and logging are Django's."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]
