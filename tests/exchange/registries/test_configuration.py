"""Registries are written in a file; what is wrong in it is named."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from support.sandbox import Sandbox
from tongdian.service.exchange.registries import configured, forget_configuration
from tongdian.service.exchange.registries.configuration import (
    BadConfiguration,
    build,
    configuration,
    is_configured,
)

KEY = "A" * 43 + "="


@pytest.fixture(autouse=True)
def _forget(settings: Any) -> Any:
    settings.EXCHANGE_FILE = settings.SANDBOX_URL = ""
    forget_configuration()
    yield
    forget_configuration()


def test_none_are_named() -> None:
    assert configured() == {}
    assert not is_configured()


def test_a_file_names_them(sandbox: Sandbox, settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text(yaml.safe_dump({"registries": sandbox.written()}), "utf-8")
    settings.EXCHANGE_FILE = str(file)
    assert is_configured()
    assert sorted(configured()) == sorted(set(sandbox.written()) - {"credit"})
    assert configuration().credit is not None
    assert all(registry.check().is_well for registry in configured().values())


def test_a_demo_asks_its_sandbox_and_nobody_else_does(sandbox: Sandbox, settings: Any) -> None:
    settings.SANDBOX_URL, settings.TONGDIAN_DEMO = sandbox.url, False
    assert configured() == {}
    settings.TONGDIAN_DEMO = True
    forget_configuration()
    assert "identity" in configured()
    settings.SANDBOX_URL = "http://sandbox.example"
    forget_configuration()
    assert configured() == {}


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({"pensions": {}}, "pensions"),
        ({"identity": {"public_key": KEY}}, "identity.url"),
        ({"identity": {"url": "http://example.com", "public_key": KEY}}, "identity.url"),
        ({"identity": {"url": "https://example.com", "public_key": "x"}}, "identity.public_key"),
        ({"credit": {"url": "https://example.com", "public_key": KEY, "attempts": 0}},
         "credit.attempts"),
        ({"identity": {"url": "https://example.com", "public_key": KEY, "colour": 1}},
         "identity.colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(written: dict[str, Any], named: str) -> None:
    with pytest.raises(BadConfiguration) as raised:
        build(written)
    assert named in raised.value.zh
    assert named in raised.value.en


@pytest.mark.parametrize("content", ["", "registries: [", "other: 1", "registries: 3"])
def test_a_file_that_is_none(content: str, settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text(content, "utf-8")
    settings.EXCHANGE_FILE = str(file)
    with pytest.raises(BadConfiguration, match=r"exchange\.yaml"):
        configured()


def test_a_file_that_is_missing(settings: Any, tmp_path: Path) -> None:
    settings.EXCHANGE_FILE = str(tmp_path / "nowhere.yaml")
    with pytest.raises(BadConfiguration, match=r"nowhere\.yaml"):
        configured()
