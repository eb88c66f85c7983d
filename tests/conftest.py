"""One private PostgreSQL for the whole run, started only when a collected test needs it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

FOLDER = os.environ.get("TONGDIAN_TEST_FOLDER") or tempfile.mkdtemp(prefix="tongdian-test-")
os.environ["TONGDIAN_TEST_FOLDER"] = FOLDER
os.environ.setdefault("TONGDIAN_DATA", FOLDER)
os.environ.setdefault("TONGDIAN_SECRET_KEY", "tests-only-not-a-secret")
MADE_HERE = "PYTEST_XDIST_WORKER" not in os.environ
_server = None


def _start_server() -> None:
    """Start the server in the process that controls the run; workers inherit its address."""
    global _server
    from tongdian.embedded import OWNER, EmbeddedPostgres

    Path(FOLDER).chmod(0o755)
    _server = EmbeddedPostgres(Path(FOLDER) / "postgres", durable=False).start()
    os.environ["TONGDIAN_DATABASE_URL"] = _server.dsn(OWNER)
    os.environ["TONGDIAN_OWNER_DATABASE_URL"] = _server.dsn(OWNER)


def _needs_server(config: pytest.Config) -> bool:
    """Pure packages are tested without a database."""
    pure = {"law", "proof", "energy", "indicators", "city"}
    root = Path(__file__).parent
    paths = [Path(str(a).split("::")[0]).resolve() for a in config.args]
    rooms = [p.relative_to(root).parts[:1] for p in paths if p.is_relative_to(root)]
    return not rooms or any(not room or room[0] not in pure for room in rooms)


def pytest_configure(config: pytest.Config) -> None:
    if MADE_HERE and "TONGDIAN_DATABASE_URL" not in os.environ and _needs_server(config):
        _start_server()
    from django.conf import settings

    if settings.configured and "TONGDIAN_DATABASE_URL" in os.environ:
        from tongdian.service.settings import _database

        settings.DATABASES["default"].update(_database(os.environ["TONGDIAN_DATABASE_URL"]))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not MADE_HERE:
        return
    if _server is not None:
        _server.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each worker has its own database in the shared server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        from django.conf import settings

        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Beside the tables: the cache table and the web role's rights, as in production."""
    from django.core.management import call_command

    from tongdian.service.casework.grants import grant_web_role

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("createcachetable", verbosity=0)
        grant_web_role()
    yield
