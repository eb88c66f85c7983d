"""The field map: what each column holds of people, for what, on which ground, for how long.

One file for each room in `fields/`, one table after the other; `fields/events.yaml` for the sealed
part of events. A column that is in none of them fails a test, and so does one that is gone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

FOLDER = Path(__file__).with_name("fields")
APART = ("rules", "events")


@dataclass(frozen=True, slots=True)
class Words:
    """A thing in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is kept of a person. `place` is "table.column" or "event.field"; `kinds` are
    the events that carry it; `empty` says that the column is never filled."""

    place: str
    label: Words
    sensitivity: str
    purpose: str
    ground: str
    term: str
    mask: str
    readers: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    empty: bool = False

    def word(self, group: str) -> Words:
        """The words of its purpose, ground, term, mask or class (`group` as in rules.yaml)."""
        names = {
            "purposes": self.purpose,
            "grounds": self.ground,
            "terms": self.term,
            "masks": self.mask,
            "classes": self.sensitivity,
        }
        return rules()[group][names[group]]

    @property
    def may_read(self) -> list[Words]:
        return [rules()["readers"][name] for name in self.readers]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the database."""

    name: str
    room: str
    not_personal: frozenset[str]
    personal: Mapping[str, Entry]

    @property
    def columns(self) -> frozenset[str]:
        return self.not_personal | self.personal.keys()


@cache
def rules() -> dict[str, dict[str, Words]]:
    """The words of purposes, grounds, terms, readers, masks and classes, by group and code."""
    return {
        group: {code: Words(**words) for code, words in codes.items()}
        for group, codes in _read("rules").items()
    }


@cache
def tables() -> dict[str, Table]:
    """All tables by name."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem in APART:
            continue
        for name, data in _read(path.stem).items():
            personal = {
                column: _entry(f"{name}.{column}", entry)
                for column, entry in data.get("personal", {}).items()
            }
            plain = frozenset(data["not_personal"].split())
            found[name] = Table(name, path.stem, plain, personal)
    return found


@cache
def event_fields() -> dict[tuple[str, str], Entry]:
    """The fields of the sealed part of events, by kind of event and field."""
    found: dict[tuple[str, str], Entry] = {}
    for key, data in _read("events").items():
        field = data.get("field", key)
        entry = _entry(f"event.{field}", data)
        found |= {(kind, field): entry for kind in entry.kinds}
    return found


def entries() -> Iterator[Entry]:
    """Everything that is kept of people: columns first, then what events carry."""
    for table in tables().values():
        yield from table.personal.values()
    yield from dict.fromkeys(event_fields().values())


@dataclass(frozen=True, slots=True)
class Part:
    """Entries of one purpose, ground and term."""

    purpose: Words
    ground: Words
    term: Words
    entries: list[Entry]


def parts_of(rows: Iterable[Entry]) -> list[Part]:
    """Entries gathered by purpose, ground and term, in the order in which these come first."""
    found: dict[tuple[str, str, str], Part] = {}
    for entry in rows:
        purpose, ground, term = (entry.word(group) for group in ("purposes", "grounds", "terms"))
        new = Part(purpose, ground, term, [])
        part = found.setdefault((entry.purpose, entry.ground, entry.term), new)
        part.entries.append(entry)
    return list(found.values())


def _entry(place: str, data: Mapping[str, Any]) -> Entry:
    known = rules()
    for group, name in (
        ("purposes", "purpose"),
        ("grounds", "ground"),
        ("terms", "term"),
        ("masks", "mask"),
        ("classes", "class"),
    ):
        if data[name] not in known[group]:
            raise ValueError(f"{place}: no such {name}: {data[name]}")
    readers = tuple(data["readers"].split())
    if unknown := set(readers) - known["readers"].keys():
        raise ValueError(f"{place}: no such reader: {sorted(unknown)}")
    return Entry(
        place,
        Words(data["zh"], data["en"]),
        data["class"],
        data["purpose"],
        data["ground"],
        data["term"],
        data["mask"],
        readers,
        tuple(data.get("events", "").split()),
        bool(data.get("empty", False)),
    )


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data
