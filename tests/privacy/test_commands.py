"""`tongdian keys` and `tongdian retention`, as a terminal runs them."""

import json
from typing import Any

import pytest

from tongdian.cli import main


def answer(capsys: Any, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """The database of the test, for commands as well."""
    monkeypatch.setenv("TONGDIAN_DATABASE_URL", database_url)
    monkeypatch.setenv("TONGDIAN_OWNER_DATABASE_URL", database_url)


@pytest.mark.usefixtures("here")
def test_keys_are_listed_rotated_and_used(capsys: pytest.CaptureFixture[str], settings: Any,
                                          tmp_path: Any) -> None:  # fmt: skip
    settings.DATA_KEYS_FILE = tmp_path / "data-keys.json"
    settings.MEDIA_ROOT = tmp_path / "evidence"
    (first,) = answer(capsys, "keys")["keys"]
    made = answer(capsys, "keys", "rotate")
    listed = answer(capsys, "keys", "list")["keys"]
    assert [row["id"] for row in listed] == [first["id"], made["id"]]
    assert [row["in_use"] for row in listed] == [False, True]
    assert answer(capsys, "keys", "reseal") == {"resealed": 0}


@pytest.mark.usefixtures("here")
def test_retention_lists_by_kind_and_applies_only_when_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listed = answer(capsys, "retention", "--dry-run")
    assert listed["applied"] is False
    names = {line["name"] for line in listed["lines"]}
    assert names >= {"closed_cases", "drafts", "sessions", "attempts", "reads", "loose_files"}
    assert answer(capsys, "retention", "--apply")["applied"] is True
