"""A city of its own for the browser: a database, the real web server and the worker."""

import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from support.receiving import Receiver, receiving
from tongdian.service.children import start_child
from tongdian.service.serving import HOST, free_port, web_command

READY_SECONDS = 60
GATEWAY_SECRET = "whsec_" + "QUJD" * 8


@dataclass
class City:
    """Where it is served. `sessions` keeps the signed-in browser state of each staff account;
    `gateway` is where its text messages arrive."""

    address: str
    gateway: Receiver
    sessions: dict[str, Any] = field(default_factory=dict)

    def text_message(self, number: str, template: str) -> str:
        """The text of a message about a case, as it came to the telephone."""
        end = time.monotonic() + READY_SECONDS
        while True:
            for received in self.gateway.seen:
                if received.event["template"] == template and number in received.event["text"]:
                    return str(received.event["text"])
            assert time.monotonic() < end, f"no message {template} about {number}"
            time.sleep(0.1)


def at_database(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def new_database(owner_url: str) -> Iterator[str]:
    """An empty database of its own: what the web processes commit meets no other test."""
    name = f"e2e_tongdian_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(drop)
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            owner.execute(drop)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """This process's own Django connection goes to another database for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def served(web_url: str) -> Iterator[City]:
    """The web server and the worker, as `tongdian serve --demo` starts them."""
    with receiving(lambda received: (202, {}, b'{"id": "x"}')) as gateway:
        yield from _served(web_url, gateway)


def _served(web_url: str, gateway: Receiver) -> Iterator[City]:
    port = free_port(18_000 + os.getpid() % 10_000)
    address = f"http://{HOST}:{port}"
    environment = {
        **os.environ,
        "TONGDIAN_DATABASE_URL": web_url,
        "TONGDIAN_DEMO": "1",
        "TONGDIAN_PUBLIC_BASE_URL": address,
        "TONGDIAN_GATEWAY_URL": gateway.url,
        "TONGDIAN_GATEWAY_SECRET": GATEWAY_SECRET,
        "DJANGO_SETTINGS_MODULE": "tongdian.service.settings",
    }
    environment.pop("TONGDIAN_OWNER_DATABASE_URL", None)
    web = web_command(port, 1)
    children = [start_child(c, environment) for c in (web, [web[0], "-m", "tongdian", "worker"])]
    try:
        _wait_until_ready(port)
        yield City(address, gateway)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def _wait_until_ready(port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while True:
        page = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            page.request("GET", "/")
            assert page.getresponse().status == 200
            return
        except OSError:
            assert time.monotonic() < end, "the web server did not come up"
            time.sleep(0.05)
        finally:
            page.close()
