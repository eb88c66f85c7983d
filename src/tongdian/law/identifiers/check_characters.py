"""Check characters of the identifier schemes. Each function takes the body and returns the check.

Bodies are normalised text; a character outside the scheme's alphabet raises ValueError.
"""

from typing import Final

DIGITS: Final = "0123456789"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC: Final = DIGITS + LETTERS
# GB 32100-2015: letters that read like a digit (I O S V Z) do not occur.
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_USCC_WEIGHTS: Final = tuple(pow(3, index, 31) for index in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS: Final = tuple(pow(2, 17 - index, 11) for index in range(17))
_RESIDENT_CHECKS: Final = "10X98765432"
_USCC_VALUES: Final = {character: value for value, character in enumerate(USCC_ALPHABET)}
_VALUES: Final = {character: value for value, character in enumerate(ALPHANUMERIC)}


def check_character_uscc(body: str) -> str:
    """Of the first 17 characters of a unified social credit code (GB 32100-2015, modulus 31)."""
    total = _weighted_sum(body, _USCC_VALUES, _USCC_WEIGHTS)
    return USCC_ALPHABET[-total % 31]


def check_character_organisation_code(body: str) -> str:
    """Of the 8 characters of an organisation code (GB 11714, modulus 11; 10 is written X)."""
    check = -_weighted_sum(body, _VALUES, _ORGANISATION_WEIGHTS) % 11
    return "X" if check == 10 else str(check)


def check_character_resident_id(body: str) -> str:
    """Of the first 17 digits of a resident identity number (GB 11643-1999, MOD 11-2)."""
    if not (body.isascii() and body.isdigit()):
        raise ValueError("a resident identity number has digits before its check character")
    return _RESIDENT_CHECKS[_weighted_sum(body, _VALUES, _RESIDENT_WEIGHTS) % 11]


def check_character_mod_37_36(body: str) -> str:
    """ISO 7064 MOD 37,36 over digits and capital letters, of any length."""
    return ALPHANUMERIC[_hybrid(body, 36)]


def check_character_mod_11_10(body: str) -> str:
    """ISO 7064 MOD 11,10 over digits, of any length."""
    return DIGITS[_hybrid(body, 10)]


def _weighted_sum(body: str, values: dict[str, int], weights: tuple[int, ...]) -> int:
    if len(body) != len(weights):
        raise ValueError(f"{len(weights)} characters have a check character, not {len(body)}")
    try:
        return sum(
            values[character] * weight for character, weight in zip(body, weights, strict=True)
        )
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not in the alphabet of the scheme") from None


def _hybrid(body: str, modulus: int) -> int:
    """The check value of an ISO 7064 hybrid system with moduli `modulus` + 1 and `modulus`."""
    product = modulus
    for character in body:
        value = _VALUES.get(character, modulus)
        if value >= modulus:
            raise ValueError(f"{character!r} is not in the alphabet of the scheme")
        product = ((product + value) % modulus or modulus) * 2 % (modulus + 1)
    return (modulus + 1 - product) % modulus
