"""Every column of ours is mapped, every mapped column is there, and identifiers are sealed."""

from importlib import import_module
from itertools import chain
from typing import Any

import pytest
from django.apps import apps

from support.people import make_user
from support.sources import SERVICE
from tongdian.service.casework.commands import Command
from tongdian.service.identity.models import User
from tongdian.service.privacy.field_map import entries, event_fields, rules, tables
from tongdian.service.sealing import is_sealed_field

OURS = [model for model in apps.get_models() if model.__module__.startswith("tongdian.")]


def columns(model: Any) -> dict[str, Any]:
    return {field.column: field for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.db_table)
def test_every_column_is_mapped_and_every_mapped_column_is_there(model: Any) -> None:
    """A column missing here: say in privacy/fields/<room>.yaml whether it is personal."""
    table = tables()[model._meta.db_table]
    assert table.columns == columns(model).keys()
    assert not table.not_personal & table.personal.keys()
    assert table.room == model._meta.app_label


def test_no_table_is_mapped_that_is_gone() -> None:
    assert tables().keys() == {model._meta.db_table for model in OURS}


def test_identifiers_are_kept_in_sealed_columns_alone() -> None:
    fields = {
        f"{model._meta.db_table}.{name}": field
        for model in OURS
        for name, field in columns(model).items()
    }
    mapped = [entry for table in tables().values() for entry in table.personal.values()]
    identifiers = [entry for entry in mapped if entry.sensitivity == "identifier"]
    assert len(identifiers) >= 3
    assert [e.place for e in identifiers if not is_sealed_field(fields[e.place])] == []


def test_a_sealed_column_is_either_personal_or_a_secret_of_a_system() -> None:
    secrets = {"exchange_sourcekey.sealed", "exchange_secret.sealed"}
    for model in OURS:
        table = tables()[model._meta.db_table]
        for name, field in columns(model).items():
            if is_sealed_field(field) and f"{table.name}.{name}" not in secrets:
                assert name in table.personal, f"{table.name}.{name}"


def commands() -> dict[tuple[str, str], Any]:
    """Every field marked PERSONAL, by kind of event and name."""
    for path in sorted(SERVICE.glob("*/commands.py")):
        import_module(f"tongdian.service.{path.parent.name}.commands")
    found = {}
    todo = [Command]
    while todo:
        command = todo.pop()
        todo += command.__subclasses__()
        for name, info in command.model_fields.items():
            extra = info.json_schema_extra
            if hasattr(command, "kind") and isinstance(extra, dict) and extra.get("personal"):
                found[command.kind, name] = info
    return found


def test_every_personal_field_of_every_command_is_mapped() -> None:
    """An application is filed by another with the same fields, to be confirmed by the owner."""
    known = commands()
    filed = {("application_filed", name) for kind, name in known if kind == "application_submitted"}
    assert event_fields().keys() == known.keys() | filed


def test_every_word_of_the_rules_is_used_and_said_in_both_languages() -> None:
    used: dict[str, set[str]] = {group: set() for group in rules()}
    for entry in entries():
        used["purposes"].add(entry.purpose)
        used["grounds"].add(entry.ground)
        used["terms"].add(entry.term)
        used["masks"].add(entry.mask)
        used["classes"].add(entry.sensitivity)
        used["readers"] |= set(entry.readers)
        assert entry.label.zh, entry.place
        assert entry.label.en.isascii(), entry.place
        assert entry.readers, entry.place
    for words in chain.from_iterable(group.values() for group in rules().values()):
        assert words.zh
        assert words.en


@pytest.mark.django_db
def test_what_is_said_to_be_always_empty_is() -> None:
    make_user("somebody")
    empty = [e.place.split(".")[1] for e in entries() if e.empty]
    assert sorted(empty) == ["email", "first_name", "last_name"]
    assert all(set(row) == {""} for row in User.objects.values_list(*empty))
