"""Secrets that people and programs carry: query codes, API keys, one-time passwords, pseudonyms.

A query code (查询码) is nine random characters of Crockford's base 32 (45 bits) and a check
character after the hybrid system of ISO/IEC 7064 with M = 32, which catches every single mistyped
character and almost every swap of neighbours. It is written in two groups of five.
"""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.utils.encoding import force_str

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
API_KEY_PREFIX = "td_"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DROPPED = str.maketrans("", "", " -–—\u3000\t")


def new_pseudonym() -> str:
    """128 random bits as text: stable for a person, and saying nothing about it."""
    return secrets.token_hex(16)


def check_character(body: str) -> str:
    """Check character of ISO/IEC 7064 hybrid MOD M+1, M over Crockford's 32 characters."""
    size = len(CROCKFORD)
    product = size
    for character in body:
        total = (product + CROCKFORD.index(character)) % size or size
        product = total * 2 % (size + 1)
    return CROCKFORD[(size + 1 - product) % size]


def new_query_code() -> str:
    """A fresh query code, in the form `ABCDE-FGHJK`."""
    body = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH - 1))
    code = body + check_character(body)
    return f"{code[:5]}-{code[5:]}"


def normalise_code(text: str) -> str:
    """What was meant: capitals, no separators, O as 0, I and L as 1, full-width as ASCII."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return narrow.upper().translate(_DROPPED).translate(_READ_AS)


def is_query_code(text: str) -> bool:
    """Whether `text` has the form of a query code and its check character fits."""
    code = normalise_code(text)
    if len(code) != CODE_LENGTH or any(c not in CROCKFORD for c in code):
        return False
    return check_character(code[:-1]) == code[-1]


def purpose_keys(purpose: str) -> list[bytes]:
    """Keys for one purpose: of the present secret key first, then of the former ones."""
    secret_keys = [force_str(k) for k in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [hashlib.sha256(f"tongdian:{purpose}:{key}".encode()).digest() for key in secret_keys]


def keyed_digest(purpose: str, *parts: str) -> str:
    """HMAC-SHA-256 over `parts` with the service's key for `purpose`, in hex."""
    return _digest(purpose_keys(purpose)[0], parts)


def keyed_digests(purpose: str, *parts: str) -> list[str]:
    """The digests under the present and every former secret key, for look-ups."""
    return [_digest(key, parts) for key in purpose_keys(purpose)]


def _digest(key: bytes, parts: tuple[str, ...]) -> str:
    message = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def new_api_key() -> str:
    """256 random bits; shown once, kept only as a digest."""
    return API_KEY_PREFIX + secrets.token_urlsafe(32)


def api_key_digest(key: str) -> str:
    """SHA-256 in hex. The key is random over 256 bits, so no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_one_time_password() -> str:
    """A first password that an administrator hands over: 60 random bits, easy to read aloud."""
    letters = "".join(secrets.choice(CROCKFORD.lower()) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
