"""One private PostgreSQL for the whole run, started when the first test asks for the database.

TONGDIAN_TEST_DATABASE_URL names another server instead: its role must be allowed to make databases.
TONGDIAN_TEST_WEB_DATABASE_URL is then the web role's address, for tests of what it may not do.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

PREFIX = "tongdian-pytest-"
MADE_HERE = "TONGDIAN_TEST_FOLDER" not in os.environ
if MADE_HERE:
    os.environ["TONGDIAN_TEST_FOLDER"] = tempfile.mkdtemp(prefix=PREFIX)
FOLDER = Path(os.environ["TONGDIAN_TEST_FOLDER"])
os.environ["TONGDIAN_DATA"] = str(FOLDER)
os.environ["TONGDIAN_SECRET_KEY"] = "tests-only-not-a-secret"
UNMANAGED_TABLES = (
    "cache_entry",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
)
_run_lock: Any = None


def pytest_configure(config: pytest.Config) -> None:
    global _run_lock
    if MADE_HERE:
        FOLDER.chmod(0o755)
        _run_lock = (FOLDER / "run.lock").open("w")
        fcntl.flock(_run_lock, fcntl.LOCK_EX)
        _sweep()
    _use_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C. Workers have left by now, or were killed, and their locks with them."""
    if MADE_HERE:
        _remove(FOLDER)


def _use_folder() -> None:
    """pytest-django has read the settings before this file: their places are put right."""
    from django.conf import settings

    settings.SECRET_KEY = os.environ["TONGDIAN_SECRET_KEY"]
    settings.DATA = FOLDER
    settings.STATIC_ROOT = FOLDER / "static"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = FOLDER / "evidence"
    settings.SIGNING_KEY_FILE = FOLDER / "log-key.pem"
    settings.DATA_KEYS_FILE = FOLDER / "data-keys.json"


def _sweep() -> None:
    """Servers of runs that were killed: nobody holds their lock any more."""
    for folder in FOLDER.parent.glob(f"{PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < 60:
                continue
            with (folder / "run.lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(folder)
        except OSError:
            continue


def _remove(folder: Path) -> None:
    from tongdian.embedded import EmbeddedPostgres

    if EmbeddedPostgres(folder / "postgres", durable=False).stop_unused():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """The server of this run; None when TONGDIAN_TEST_DATABASE_URL names another.

    Sets TONGDIAN_DATABASE_URL and TONGDIAN_OWNER_DATABASE_URL, so that processes which a test
    starts find it as well.
    """
    from django.conf import settings

    from tongdian.embedded import OWNER, EmbeddedPostgres
    from tongdian.service.settings import _database

    given = os.environ.get("TONGDIAN_TEST_DATABASE_URL")
    server = None
    if given is None:
        server = EmbeddedPostgres(FOLDER / "postgres", durable=False).start()
    url = given or server.dsn(OWNER)  # type: ignore[union-attr]
    os.environ["TONGDIAN_DATABASE_URL"] = os.environ["TONGDIAN_OWNER_DATABASE_URL"] = url
    settings.DATABASES["default"].update(_database(url))
    yield server
    if server is not None:
        server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Any) -> None:
    """Each worker has its own database in the shared server."""
    from django.conf import settings

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_tongdian_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Beside the tables: the cache table and the web role's rights, as in production."""
    from django.core.management import call_command

    from tongdian.service.casework.grants import grant_web_role

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        grant_web_role()
    with pytest.MonkeyPatch.context() as patch:
        _flush_past_guards(patch)
        yield


def _flush_past_guards(patch: pytest.MonkeyPatch) -> None:
    """Tests with real transactions empty all tables, append-only ones too: as the owner, and with
    the guards off for that one transaction."""
    from django.db import transaction
    from django.db.backends.postgresql.operations import DatabaseOperations

    def execute_sql_flush(self: Any, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
                " AND tgrelid IN (SELECT oid FROM pg_class WHERE relowner = current_user::regrole)"
            )
            guarded = [row[0] for row in cursor.fetchall()]
            for table in guarded:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            tables = set(self.connection.introspection.table_names(cursor))
            unmanaged = [table for table in UNMANAGED_TABLES if table in tables]
            if unmanaged:
                cursor.execute(f"TRUNCATE {', '.join(unmanaged)} RESTART IDENTITY CASCADE")
            for table in guarded:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)


@pytest.fixture(scope="session")
def database_url(django_db_setup: None, postgres: Any) -> str:
    """The owner's address of this worker's test database."""
    return _of_test_database(os.environ["TONGDIAN_OWNER_DATABASE_URL"])


@pytest.fixture(scope="session")
def web_database_url(django_db_setup: None, postgres: Any) -> str:
    """The web role's address of this worker's test database."""
    from tongdian.embedded import WEB

    if postgres is not None:
        return _of_test_database(postgres.dsn(WEB))
    given = os.environ.get("TONGDIAN_TEST_WEB_DATABASE_URL")
    if given is None:
        pytest.skip("needs TONGDIAN_TEST_WEB_DATABASE_URL beside TONGDIAN_TEST_DATABASE_URL")
    return _of_test_database(given)


def _of_test_database(url: str) -> str:
    from django.db import connection

    return urlunsplit(urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}"))
