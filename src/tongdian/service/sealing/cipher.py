"""AES-256-GCM with the installation's keys.

Sealed: one byte of format (1), the key's id (4 bytes, big-endian), a random nonce (12 bytes), the
ciphertext with its tag. The place where a value belongs is authenticated with it, so that a value
moved to another column does not open. Random nonces of 96 bits are safe for 2³² values of one key
(NIST SP 800-38D §8.3).
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongdian.service.sealing.keyring import keyring

FORMAT = b"\x01"
ID_BYTES = 4
NONCE_BYTES = 12
HEAD = len(FORMAT) + ID_BYTES + NONCE_BYTES


class SealBroken(Exception):
    """What was read was not sealed here, for this place, with a key that we have."""


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, place: str) -> bytes:
    """`plain`, readable only with our keys and only as of `place` ("table.column")."""
    key = keyring().newest
    nonce = os.urandom(NONCE_BYTES)
    head = FORMAT + key.id.to_bytes(ID_BYTES, "big")
    return head + nonce + _cipher(key.key).encrypt(nonce, plain, head + place.encode())


def unseal(sealed: bytes, place: str) -> bytes:
    """What was sealed for `place`. Raises SealBroken."""
    key_id = sealed_with(sealed)
    key = keyring().keys.get(key_id)
    if key is None:
        raise SealBroken(
            f"{place}: sealed with key {key_id}, which this installation does not have"
        )
    head, nonce = sealed[: HEAD - NONCE_BYTES], sealed[HEAD - NONCE_BYTES : HEAD]
    try:
        return _cipher(key.key).decrypt(nonce, sealed[HEAD:], head + place.encode())
    except InvalidTag:
        raise SealBroken(f"{place}: does not open with key {key_id}") from None


def sealed_with(sealed: bytes) -> int:
    """The id of the key. Raises SealBroken for what is not of our format."""
    if len(sealed) < HEAD or not sealed.startswith(FORMAT):
        raise SealBroken("not of the sealed format")
    return int.from_bytes(sealed[1 : 1 + ID_BYTES], "big")


def blind_index(place: str, *parts: str) -> str:
    """HMAC-SHA-256 in hex of `parts`, under the index key and for `place` alone: equal values are
    found without being stored. Empty when the last part is."""
    if not parts or not parts[-1]:
        return ""
    message = b"".join(
        len(part.encode()).to_bytes(4, "big") + part.encode() for part in (place, *parts)
    )
    return hmac.new(keyring().index_key, message, hashlib.sha256).hexdigest()
