"""The keys of the played systems: derived from the seed, so that a set-up can name them.

Everybody who knows the seed knows them: they prove nothing outside a sandbox.
"""

import base64
import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

REGISTRIES: Final = ("identity", "business", "real_estate", "land_planning", "projects")
SERVICES: Final = (*REGISTRIES, "credit", "gateway", "approvals", "webhooks")


def _derive(seed: int, service: str, use: str) -> bytes:
    return hashlib.sha256(f"tongdian.sandbox:{seed}:{service}:{use}".encode()).digest()


def private_key(seed: int, service: str) -> Ed25519PrivateKey:
    """With which a system signs what it says."""
    return Ed25519PrivateKey.from_private_bytes(_derive(seed, service, "ed25519"))


def public_key(seed: int, service: str) -> str:
    """Base64 of the 32 bytes."""
    return _text(private_key(seed, service).public_key().public_bytes_raw())


def shared_secret(seed: int, service: str) -> str:
    """As Standard Webhooks writes it: `whsec_` and Base64."""
    return "whsec_" + _text(_derive(seed, service, "hmac"))


def described(seed: int) -> dict[str, dict[str, str]]:
    """What `/keys` answers."""
    return {
        service: {"public_key": public_key(seed, service), "secret": shared_secret(seed, service)}
        for service in SERVICES
    }


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
