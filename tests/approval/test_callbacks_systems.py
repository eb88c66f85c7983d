"""Departments with systems of their own are written in a file; what is wrong in it is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.departments import systems
from tongdian.service.approval.callbacks_systems import (
    BadSystems,
    build,
    forget_systems,
    is_configured,
    own_systems,
)

GOOD = systems("https://approvals.example/packets")["GY-LYJ"]


@pytest.fixture(autouse=True)
def _forget(settings: Any) -> Iterator[None]:
    settings.EXCHANGE_FILE = settings.SANDBOX_URL = ""
    forget_systems()
    yield
    forget_systems()


def test_none_are_named() -> None:
    assert own_systems() == {}
    assert not is_configured()


def test_the_exchanges_file_names_them_beside_the_registries(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text(yaml.safe_dump({"registries": {}, "departments": {"GY-LYJ": GOOD}}), "utf-8")
    settings.EXCHANGE_FILE = str(file)
    assert is_configured()
    assert own_systems()["GY-LYJ"].source == "spgl"


def test_a_file_without_departments_has_none(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "exchange.yaml"
    file.write_text("registries: {}\n", "utf-8")
    settings.EXCHANGE_FILE = str(file)
    assert own_systems() == {}


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({"GY-FGW": GOOD}, "GY-FGW"),
        ({"GY-LYJ": {**GOOD, "url": "http://approvals.example"}}, r"GY-LYJ\.url"),
        ({"GY-LYJ": {**GOOD, "url": "ftp://approvals.example"}}, r"GY-LYJ\.url"),
        ({"GY-LYJ": {**GOOD, "secret": "short"}}, r"GY-LYJ\.secret"),
        ({"GY-LYJ": {**GOOD, "more": 1}}, r"GY-LYJ\.more"),
        ({"GY-LYJ": "x"}, "GY-LYJ"),
    ],
)
def test_what_is_wrong_is_named(written: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSystems, match=named):
        build(written)


def test_a_demos_sandbox_that_does_not_answer_is_named(settings: Any) -> None:
    settings.SANDBOX_URL, settings.TONGDIAN_DEMO = "http://127.0.0.1:9", True
    assert is_configured()
    with pytest.raises(BadSystems, match=r"127\.0\.0\.1"):
        own_systems()
