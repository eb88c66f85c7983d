"""Query codes: nine random characters and a check character, easy to read out on a telephone."""

import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 9
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def _check(body: str) -> str:
    """A weighted sum modulo 32; odd weights, so that any single slip changes it."""
    total = sum((2 * i + 1) * ALPHABET.index(char) for i, char in enumerate(body))
    return ALPHABET[total % 32]


def new_code() -> str:
    """Forty-five random bits, written `XXXXX-XXXXX`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    whole = body + _check(body)
    return f"{whole[:5]}-{whole[5:]}"


def normalise(code: str) -> str | None:
    """The code as it was issued, or None when it cannot be one (a slip of the pen)."""
    text = "".join(char for char in code.upper() if char.isalnum()).translate(_LOOK_ALIKES)
    if len(text) != LENGTH + 1 or any(char not in ALPHABET for char in text):
        return None
    return text if _check(text[:-1]) == text[-1] else None


def digest(case_number: str, code: str) -> str:
    """A keyed hash: a stolen table opens nothing."""
    message = f"{case_number}\n{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
