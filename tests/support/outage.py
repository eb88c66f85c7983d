"""A service of its own with a database of its own, which a test may take away and bring back."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tongdian.embedded import OWNER, WEB, EmbeddedPostgres

PREPARE = """
import django
django.setup()
from django.core.management import call_command
from tongdian.service import demo
demo.prepare()
from support.api import integrator
print(integrator().key)
"""
SERVE = """
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from tongdian.service.wsgi import application


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


server = make_server("127.0.0.1", 0, application, Server, WSGIRequestHandler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass
class OwnService:
    """A running service: `http` speaks to it, `postgres` is its database."""

    http: httpx.Client
    postgres: EmbeddedPostgres
    key: str


@contextmanager
def own_service() -> Iterator[OwnService]:
    """Database, tables, one API client and a server process; all gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tongdian-outage-"))
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(folder / "postgres", durable=False).start()
    server: subprocess.Popen[str] | None = None
    try:
        key = _run(PREPARE, _environment(folder, postgres, OWNER)).strip()
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            env=_environment(folder, postgres, WEB),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            yield OwnService(http, postgres, key)
    finally:
        if server is not None:
            server.kill()
            server.wait()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, postgres: EmbeddedPostgres, role: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tongdian.service.settings",
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        ),
        "TONGDIAN_DATA": str(folder),
        "TONGDIAN_DATABASE_URL": postgres.dsn(role),
        "TONGDIAN_OWNER_DATABASE_URL": postgres.dsn(OWNER),
        "TONGDIAN_LOG_LEVEL": "CRITICAL",
    }


def _run(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
