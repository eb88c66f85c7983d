"""The protocol of a registry, and the one implementation that talks to signed services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from tongdian.service.casework import clock
from tongdian.service.exchange.registries.calling import SignedService
from tongdian.service.exchange.registries.errors import Malformed, NoRecord, RegistryError
from tongdian.service.exchange.registries.options import Options
from tongdian.service.exchange.registries.records import AUTHORITIES, DOCUMENTS, SHAPES, Record
from tongdian.service.sealing import blind_index


@dataclass(frozen=True)
class Fact:
    """What a registry says of a paper. `subject` is a digest, `proof` the signed answer as it came,
    `obtained_at` when the registry issued it."""

    document: str
    registry: str
    subject: str
    record: Record
    obtained_at: datetime
    serial: str
    proof: Mapping[str, Any]


@dataclass(frozen=True)
class Health:
    """How a registry is. `is_well` None: nobody asks it at present, its circuit is open."""

    registry: str
    is_well: bool | None
    zh: str
    en: str
    at: datetime


class Registry(Protocol):
    """A registry of the state. `name` is a key of records.SHAPES."""

    @property
    def name(self) -> str: ...

    @property
    def document(self) -> str:
        """The plan's document that its record stands for."""
        ...

    def check(self) -> Health:
        """How it is now. Raises nothing."""
        ...

    def fetch(self, subject: str, *, purpose: str, consent: str) -> Fact:
        """Its record of `subject`, an identity number or USCC. Raises RegistryError.

        `purpose` and `consent` tell it why and on whose word: the consent's number, nothing else.
        """
        ...


def subject_digest(subject: str) -> str:
    """How a fact names whom it is about: not reversible without our keys."""
    return blind_index("exchange_fact.subject", subject)


class SignedRegistry:
    """A registry that answers JSON signed with Ed25519 over its RFC 8785 form."""

    def __init__(self, name: str, options: Options) -> None:
        self.name, self.document = name, DOCUMENTS[name]
        self._service = SignedService(name, options)

    def check(self) -> Health:
        return health_of(self._service)

    def fetch(self, subject: str, *, purpose: str, consent: str) -> Fact:
        question = {"subject": subject, "purpose": purpose, "consent": consent}
        answer = self._service.ask("/query", question)
        if answer.data is None:
            raise NoRecord(self.name)
        try:
            record = SHAPES[self.name].model_validate(dict(answer.data))
        except ValidationError as error:
            fields = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise Malformed(self.name, f"data.{fields}") from None
        return Fact(
            self.document,
            self.name,
            subject_digest(subject),
            record,
            answer.issued_at,
            answer.serial,
            answer.whole,
        )


def health_of(service: SignedService) -> Health:
    """Asks a service how it is."""
    now = clock.now()
    if service.is_open:
        return Health(service.name, None, "连续出错，暂停查询", "kept failing; left alone", now)
    try:
        service.health()
    except RegistryError as error:
        detail = f"（{error.detail}）" if error.detail else ""
        return Health(service.name, False, error.rule[0] + detail, str(error), now)
    return Health(service.name, True, "正常", "well", now)


def authority(registry: str, language: str) -> str:
    """Whose registry it is."""
    return AUTHORITIES[registry][language == "en"]
