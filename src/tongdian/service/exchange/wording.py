"""The words for people, as data: `data/messages.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("data") / "messages.yaml"
PARTIES = ("applicant", "agent")
SMS_CHARACTERS = 70


@dataclass(frozen=True, slots=True)
class Template:
    """What is said, to whom, in both languages; `urgent` ignores the quiet hours."""

    name: str
    zh: str
    en: str
    to: tuple[str, ...] = ()
    urgent: bool = False
    when: Mapping[str, str] = field(default_factory=dict)

    def fits(self, payload: Mapping[str, object]) -> bool:
        """Whether it is to be said of an event with this payload."""
        return all(payload.get(name) == value for name, value in self.when.items())

    def render(self, values: Mapping[str, object]) -> tuple[str, str]:
        """Both texts with `values` put in; placeholders without one stay as they are."""
        known = _Kept(values)
        return self.zh.format_map(known), self.en.format_map(known)


class _Kept(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@cache
def _file() -> tuple[dict[str, Template], dict[str, Template]]:
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple(
        {
            name: Template(
                name,
                row["zh"],
                row["en"],
                tuple(row.get("to", ())),
                row.get("urgent", False),
                row.get("when", {}),
            )
            for name, row in raw[part].items()
        }
        for part in ("events", "others")
    )  # type: ignore[return-value]


def event_templates() -> Mapping[str, Template]:
    """By event kind."""
    return _file()[0]


def template_of(name: str) -> Template:
    """Any template by its name. Raises KeyError."""
    events, others = _file()
    return events.get(name) or others[name]
