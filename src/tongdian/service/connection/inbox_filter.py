"""What the desk is asked to show, from and to a query string. Unknown values are ignored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tongdian.law.process import Lane
from tongdian.service.connection.labels import TRACKS
from tongdian.service.connection.process import OPEN

STATES = ("todo", "open", "late", "soon", "paused", "applicant", "closed")
MINE, NOBODY = "me", "none"
NEVER = "never"
LANES = tuple(lane.value for lane in Lane)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before: its day (None for no day) and id."""

    day: date | None
    pk: int

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """`2026-11-24.123` or `never.123`; None for anything else."""
        day, _dot, number = text.partition(".")
        if not (number.isascii() and number.isdigit()) or len(number) > 18:
            return None
        if day == NEVER:
            return cls(None, int(number))
        try:
            return cls(date.fromisoformat(day), int(number))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat() if self.day else NEVER}.{self.pk}"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """One view of the inbox. `assignee` is a pseudonym, or `me`, or `none`."""

    state: str = "open"
    stage: str = ""
    track: str = ""
    lane: str = ""
    district: str = ""
    assignee: str = ""
    text: str = ""
    after: Cursor | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any], default_state: str = "open") -> "InboxFilter":
        def one_of(name: str, known: Any, default: str = "") -> str:
            value = str(query.get(name, ""))
            return value if value in known else default

        return cls(
            state=one_of("state", STATES, default_state),
            stage=one_of("stage", OPEN),
            track=one_of("track", TRACKS),
            lane=one_of("lane", LANES),
            district=_plain(query.get("district", ""), 16),
            assignee=_plain(query.get("assignee", ""), 64),
            text=_plain(query.get("q", ""), 40),
            after=Cursor.parse(str(query.get("after", ""))),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this filter with some parts changed, from the first page."""
        parts = {
            "state": self.state,
            "stage": self.stage,
            "track": self.track,
            "lane": self.lane,
            "district": self.district,
            "assignee": self.assignee,
            "q": self.text,
        }
        parts.update({name: str(value) for name, value in changes.items()})
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state was chosen."""
        chosen = (self.stage, self.track, self.lane, self.district, self.assignee, self.text)
        return any(chosen)


def _plain(value: Any, longest: int) -> str:
    return str(value).replace("\x00", "").strip()[:longest]
