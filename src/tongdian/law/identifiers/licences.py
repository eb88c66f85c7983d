"""Identifiers of electronic licences (电子证照标识, GB/T 36904).

`1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`: the type is the credit code of the
authority that defines it and three digits, the issuer a credit code, the serial 20 characters, the
version three digits. The check is ISO 7064 MOD 37,36 over the four, without the dots.
"""

from dataclasses import dataclass
from typing import Final

from tongdian.law.identifiers.check_characters import (
    ALPHANUMERIC,
    DIGITS,
    check_character_mod_37_36,
)
from tongdian.law.identifiers.errors import IdentifierError, Scheme
from tongdian.law.identifiers.organisations import is_fictitious_uscc, parse_uscc
from tongdian.law.identifiers.text import mask, normalise

PREFIX: Final = "1.2.156.3005.2"
_LENGTHS = (21, 18, 20, 3, 1)

_SCHEME = Scheme(
    "licence_identifier",
    "电子证照标识",
    "electronic licence identifier",
    len(PREFIX) + len(_LENGTHS) + sum(_LENGTHS),
    f"{PREFIX}.类型21位.颁发机构18位.流水号20位.版本3位.校验位",
    f"{PREFIX}.type (21).issuer (18).serial (20).version (3).check character",
    (14, 4),
)


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """A valid identifier."""

    text: str
    type_code: str
    issuer: str
    serial: str
    version: str


def parse_licence_identifier(value: str) -> LicenceIdentifier:
    """The identifier in `value`. Raises IdentifierError, also for a wrong credit code within."""
    text = _SCHEME.clean(value)
    groups = text[len(PREFIX) + 1 :].split(".")
    if not text.startswith(f"{PREFIX}.") or tuple(map(len, groups)) != _LENGTHS:
        raise _SCHEME.refusal(
            text,
            "wrong_form",
            "电子证照标识的分段不对",
            "The groups of the electronic licence identifier are not as they should be",
        )
    type_code, issuer, serial, version, check = groups
    starts = _starts()
    _require_group(text, starts[2], serial, ALPHANUMERIC)
    _require_group(text, starts[3], version, DIGITS)
    _require_group(text, starts[4], check, ALPHANUMERIC)
    _require_group(text, starts[0] + 18, type_code[18:], DIGITS)
    _require_uscc(text, starts[0], type_code[:18])
    _require_uscc(text, starts[1], issuer)
    if check_character_mod_37_36(type_code + issuer + serial + version) != check:
        raise _SCHEME.wrong_check(text, len(text))
    return LicenceIdentifier(text, type_code, issuer, serial, version)


def _starts() -> list[int]:
    """Positions, from 1, at which the groups begin."""
    starts = [len(PREFIX) + 2]
    for length in _LENGTHS[:-1]:
        starts.append(starts[-1] + length + 1)
    return starts


def _require_group(text: str, first: int, group: str, alphabet: str) -> None:
    allowed = (
        ("数字0–9", "a digit 0–9")
        if alphabet == DIGITS
        else ("数字或大写字母", "a digit or a capital letter")
    )
    _SCHEME.require(text, first, first + len(group) - 1, alphabet, *allowed)


def _require_uscc(text: str, first: int, code: str) -> None:
    try:
        parse_uscc(code)
    except IdentifierError as error:
        raise _SCHEME.refusal(
            text,
            error.code,
            f"电子证照标识中：{error.rule_zh}",
            f"In the electronic licence identifier: {error.rule_en}",
            position=first + (error.position or 1) - 1,
        ) from None


def make_licence_identifier(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """The identifier of a licence; raises IdentifierError when a part of it is wrong.

    With a fictitious `issuer` the identifier is that of no real licence.
    """
    body = f"{type_code}{issuer}{serial}{version:03d}"
    groups = (PREFIX, type_code, issuer, serial, f"{version:03d}", check_character_mod_37_36(body))
    return parse_licence_identifier(".".join(groups)).text


def is_fictitious_licence_identifier(value: str) -> bool:
    """Whether its issuer is a fictitious organisation."""
    groups = normalise(value).split(".")
    return len(groups) == 10 and is_fictitious_uscc(groups[6])


def mask_licence_identifier(value: str) -> str:
    """The prefix and the end."""
    return mask(normalise(value), *_SCHEME.kept)
