"""What the web role may do in the database: everything but rewriting the past."""

from django.db import connection
from psycopg import sql

WEB_ROLE = "tongdian_web"
APPEND_ONLY = (
    "casework_event",
    "casework_logleaf",
    "casework_treehead",
    "identity_auditentry",
    "privacy_readrecord",
)
READ_ONLY = ("casework_erasure", "django_migrations")


def grant_web_role(role: str = WEB_ROLE) -> None:
    """Run by the owner after every migration. Idempotent."""
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            "REVOKE DELETE ON casework_case, casework_logtile FROM {}",
        ):
            cursor.execute(sql.SQL(statement).format(name))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {row[0] for row in cursor.fetchall()}
        for table in APPEND_ONLY:
            if table in tables:
                _revoke(cursor, "UPDATE, DELETE, TRUNCATE", table, name)
        for table in READ_ONLY:
            if table in tables:
                _revoke(cursor, "INSERT, UPDATE, DELETE, TRUNCATE", table, name)


def _revoke(cursor: object, rights: str, table: str, role: sql.Identifier) -> None:
    statement = sql.SQL(f"REVOKE {rights} ON {{}} FROM {{}}")
    cursor.execute(statement.format(sql.Identifier(table), role))  # type: ignore[attr-defined]
