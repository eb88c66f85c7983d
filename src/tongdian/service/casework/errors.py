"""What can be refused, and how: the same errors reach forms, pages and the API."""

from dataclasses import dataclass, field
from typing import Any

from tongdian.law.process import Refusal


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field: what rule it breaks and how to mend it."""

    field: str
    rule_zh: str
    rule_en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def to_dict(self) -> dict[str, str]:
        return {
            "field": self.field,
            "rule": f"{self.rule_zh} / {self.rule_en}",
            "remedy": f"{self.remedy_zh} / {self.remedy_en}" if self.remedy_zh else "",
        }


class CaseworkError(Exception):
    """Base of everything an action refuses. Nothing was written."""


class CaseNotFound(CaseworkError):
    """No such case, or not yours: the two are never told apart."""


class InvalidInput(CaseworkError):
    """Fields that break a rule."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{e.field}: {e.rule_en}" for e in errors))
        self.errors = errors


@dataclass
class NotAllowed(CaseworkError):
    """The state of the case does not allow it (409); `allowed` lists what is."""

    kind: str
    refusal: Refusal
    stage: str
    allowed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.refusal.rule_en


@dataclass
class Forbidden(CaseworkError):
    """The role does not allow it (403)."""

    kind: str
    roles_needed: list[str]
    allowed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kind} needs one of the roles {', '.join(self.roles_needed)}"


@dataclass
class Superseded(CaseworkError):
    """Someone else acted first: the case moved on since it was read (409)."""

    expected_seq: int
    happened: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"the case has moved on since event {self.expected_seq}"
