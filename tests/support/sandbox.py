"""The sandbox government as a process of its own, moved by its own interface."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tongdian.sandbox import keys
from tongdian.sandbox.residents import Holder, examples
from tongdian.service.exchange.registries import configuration

SEED, CUSTOMERS = 5, 500


@dataclass
class Sandbox:
    """Where it is, and the levers of its control page."""

    url: str
    seed: int = SEED

    def post(self, path: str, data: dict[str, Any]) -> httpx.Response:
        return httpx.post(self.url + path, json=data, timeout=15, trust_env=False)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=15, trust_env=False)

    def fault(self, service: str, kind: str, **more: Any) -> None:
        answer = self.post("/control/faults", {"service": service, "fault": kind, **more})
        assert answer.status_code == 200, answer.text

    def well(self) -> None:
        self.post("/control/faults", {"clear": "1"})
        self.post("/control/clock", {"reset": "1"})

    def asked(self, registry: str) -> int:
        """How often a registry was asked about somebody."""
        return int(self.get("/control/state").json()["asked"].get(registry, 0))

    def written(self, **options: Any) -> dict[str, dict[str, Any]]:
        """The options of its registries, as a configuration writes them."""
        found = configuration.of_sandbox(self.url)
        assert found is not None
        return {name: {**values, **options} for name, values in found.items()}

    def configured(self, **options: Any) -> configuration.Configuration:
        built = configuration.build(self.written(**options))
        assert built is not None
        return built


def example(name: str) -> Holder:
    """One of the hand-made people by a part of the name."""
    return next(one for one in examples() if name in one.person.name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def government() -> Iterator[Sandbox]:
    """One for the whole run."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "tongdian.sandbox", "--port", str(port)),
        *("--seed", str(SEED), "--customers", str(CUSTOMERS)),
    ]
    process = subprocess.Popen(command, env={**os.environ})
    try:
        found = Sandbox(f"http://127.0.0.1:{port}")
        for _attempt in range(200):
            try:
                found.get("/keys")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield found
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def sandbox(government: Sandbox) -> Iterator[Sandbox]:
    """The same with nothing wrong, before and after."""
    government.well()
    yield government
    government.well()


def secret(service: str) -> str:
    return keys.shared_secret(SEED, service)
