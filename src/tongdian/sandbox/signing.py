"""What the played systems sign: answers (Ed25519 over RFC 8785), and Standard Webhooks messages."""

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongdian.proof.canonical import canonical

TOLERANCE_SECONDS = 300


def sign_answer(key: Ed25519PrivateKey, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with its `signature`, Base64."""
    return {**answer, "signature": base64.b64encode(key.sign(canonical(dict(answer)))).decode()}


def sign_message(
    secret: str, key: Ed25519PrivateKey, message_id: str, body: bytes
) -> dict[str, str]:
    """The three headers, with an HMAC and an Ed25519 signature."""
    stamp = str(int(time.time()))
    signed = f"{message_id}.{stamp}.".encode() + body
    symmetric = base64.b64encode(_hmac(secret, signed)).decode()
    asymmetric = base64.b64encode(key.sign(signed)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{symmetric} v1a,{asymmetric}",
    }


def check_message(
    headers: Mapping[str, str], body: bytes, secrets: list[str], public_keys: list[str]
) -> str:
    """What is wrong with a received message's signature; empty when one of the keys fits."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (message_id and stamp and headers.get("webhook-signature")):
        return "missing headers"
    if not (stamp.isascii() and stamp.isdecimal()):
        return "bad timestamp"
    if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        return "too old or of the future"
    signed = f"{message_id}.{stamp}.".encode() + body
    for given in headers["webhook-signature"].split(" ")[:10]:
        scheme, _, encoded = given.partition(",")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        if scheme == "v1" and any(
            hmac.compare_digest(_hmac(s, signed), signature) for s in secrets
        ):
            return ""
        if scheme == "v1a" and any(_verifies(key, signature, signed) for key in public_keys):
            return ""
    return "wrong signature" if secrets or public_keys else "no key given"


def _hmac(secret: str, signed: bytes) -> bytes:
    return hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")


def _verifies(key: str, signature: bytes, signed: bytes) -> bool:
    try:
        raw = base64.b64decode(key.removeprefix("whpk_"))
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
