"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`).

What is signed is `{id}.{timestamp}.{body}`. Keys are written `whsec_` (shared secret), `whsk_`
(private) and `whpk_` (public), followed by Base64.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from standardwebhooks.webhooks import Webhook

HMAC, ED25519 = "v1", "v1a"
TOLERANCE = timedelta(minutes=5)
SECRET_BYTES = 32
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is written down, with the scheme that it belongs to."""

    scheme: str
    text: str


class BadSignature(Exception):
    """The headers do not prove who sent this; `rule_zh` and `rule_en` say why."""

    def __init__(self, rule_zh: str, rule_en: str) -> None:
        super().__init__(rule_en)
        self.rule_zh, self.rule_en = rule_zh, rule_en


def new_secret() -> Key:
    """256 random bits shared with the receiver."""
    return Key(HMAC, "whsec_" + _encode(secrets.token_bytes(SECRET_BYTES)))


def new_pair() -> tuple[Key, Key]:
    """A private key to keep and the public key to publish."""
    private = Ed25519PrivateKey.generate()
    return (
        Key(ED25519, "whsk_" + _encode(private.private_bytes_raw())),
        Key(ED25519, "whpk_" + _encode(private.public_key().public_bytes_raw())),
    )


def key_bytes(text: str) -> bytes:
    """What a written key holds. Raises ValueError."""
    return base64.b64decode(text.rpartition("_")[2], validate=True)


def sign(keys: Iterable[Key], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers, with one signature of every key."""
    signatures = " ".join(_signature(key, message_id, at, body) for key in keys)
    return {
        ID: message_id,
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: signatures,
    }


def _signature(key: Key, message_id: str, at: datetime, body: bytes) -> str:
    if key.scheme == HMAC:
        return Webhook(key.text).sign(message_id, at.astimezone(UTC), body.decode())
    private = Ed25519PrivateKey.from_private_bytes(key_bytes(key.text))
    return f"{ED25519},{_encode(private.sign(_signed(message_id, str(int(at.timestamp())), body)))}"


def verify(
    keys: Sequence[Key],
    message_id: str,
    timestamp: str,
    signatures: str,
    body: bytes,
    now: datetime,
) -> None:
    """Raises BadSignature unless one of `signatures` is by one of `keys` (shared secrets and public
    keys), and `timestamp` is within five minutes of `now`."""
    if not (message_id and timestamp and signatures):
        raise BadSignature(
            "缺少 webhook-id、webhook-timestamp 或 webhook-signature 头",
            "One of the headers webhook-id, webhook-timestamp and webhook-signature is missing",
        )
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise BadSignature("webhook-timestamp 应为秒数", "webhook-timestamp is no count of seconds")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature(
            "时间戳与现在相差超过 5 分钟", "The timestamp is more than five minutes from now"
        )
    signed = _signed(message_id, timestamp, body)
    for given in signatures.split(" ")[:10]:
        scheme, _, encoded = given.partition(",")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        if any(key.scheme == scheme and _fits(key, signed, signature) for key in keys):
            return
    raise BadSignature("签名与正文不符", "No signature fits the body")


def _fits(key: Key, signed: bytes, signature: bytes) -> bool:
    if key.scheme == HMAC:
        expected = hmac.digest(key_bytes(key.text), signed, "sha256")
        return hmac.compare_digest(expected, signature)
    try:
        Ed25519PublicKey.from_public_bytes(key_bytes(key.text)).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(message_id: str, timestamp: str, body: bytes) -> bytes:
    return f"{message_id}.{timestamp}.".encode() + body


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
