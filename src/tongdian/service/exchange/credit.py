"""The credit platform: whether somebody may commit, and records of false commitments.

A person is named to it by a digest, a company by its code.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tongdian.law.identifiers import IdentifierError, parse_resident_id, parse_uscc
from tongdian.service.casework import clock
from tongdian.service.exchange.registries.calling import SignedAnswer, SignedService
from tongdian.service.exchange.registries.configuration import configuration
from tongdian.service.exchange.registries.errors import Malformed, Unreachable
from tongdian.service.exchange.registries.errors import RegistryError as RegistryError


@dataclass(frozen=True)
class Credit:
    """How somebody stands. `ok` None: the platform cannot be asked, so that nothing is decided on
    the spot; `serial` is of its signed answer."""

    ok: bool | None
    reason_zh: str
    reason_en: str
    serial: str
    at: datetime


@dataclass(frozen=True)
class Reported:
    """The platform's receipt for a record of a false commitment."""

    number: str
    serial: str
    at: datetime


class _Standing(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    ok: bool
    reason_zh: str = Field("", max_length=500)
    reason_en: str = Field("", max_length=500)


def credit_subject(identifier: str) -> str:
    """A credit code as it is; of an identity number, and of anything odd, the digest."""
    try:
        parse_resident_id(identifier)
    except IdentifierError:
        try:
            return parse_uscc(identifier).text
        except IdentifierError:
            pass
    return "sha256:" + hashlib.sha256(identifier.encode()).hexdigest()


def credit_of(subject: str) -> Credit:
    """How the holder of an identity number or USCC stands. Raises nothing: whatever is wrong with
    the platform or its answer, `ok` is None and the reason says what."""
    platform = configuration().credit
    if platform is None:
        zh, en = "没有接入信用平台", "No credit platform is connected"
        return Credit(None, zh, en, "", clock.now())
    try:
        answer = platform.ask("/query", {"subject": credit_subject(subject)})
        standing = _standing(answer)
    except RegistryError as error:
        zh, en = f"信用平台：{error.rule[0]}", f"Credit platform: {error.rule[1]}"
        return Credit(None, zh, en, "", clock.now())
    return Credit(
        standing.ok, standing.reason_zh, standing.reason_en, answer.serial, answer.issued_at
    )


def _standing(answer: SignedAnswer) -> _Standing:
    try:
        return _Standing.model_validate(dict(answer.data or {}))
    except ValidationError:
        raise Malformed("credit", "data") from None


def report_false_commitment(subject: str, *, number: str, reason: str) -> Reported:
    """Put a false commitment on record under our `number`; the same number again is the same
    record, so that it may be repeated. Raises RegistryError, and then it has to be repeated."""
    platform: SignedService | None = configuration().credit
    if platform is None:
        raise Unreachable("credit", "not configured")
    question: dict[str, Any] = {
        "subject": credit_subject(subject),
        "number": number,
        "reason": reason,
    }
    answer = platform.ask("/records", question)
    if (answer.data or {}).get("number") != number:
        raise Malformed("credit", "data.number")
    return Reported(number, answer.serial, answer.issued_at)
