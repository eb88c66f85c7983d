"""Signed tree heads: size, root and instant under an Ed25519 key."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tongdian.proof.canonical import canonical, instant_text
from tongdian.proof.merkle import ProofError

FORMAT = "tongdian-tree-head-1"


def key_id_of(public_bytes: bytes) -> str:
    """The first 16 hex digits of SHA-256 of the public key."""
    return hashlib.sha256(public_bytes).hexdigest()[:16]


class SigningKey:
    """An Ed25519 key of a log."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_bytes = private.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public_bytes)

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Raises ValueError when the file is not an unencrypted Ed25519 key."""
        private = serialization.load_pem_private_key(pem, None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("the log's key has to be an Ed25519 key")
        return cls(private)

    def to_pem(self) -> bytes:
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signed statement: at `timestamp` the log had `tree_size` leaves under `root_hash`."""

    log_id: str
    tree_size: int
    root_hash: bytes
    timestamp: datetime
    key_id: str
    signature: bytes

    def signed_bytes(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "log_id": self.log_id,
                "tree_size": self.tree_size,
                "root_hash": self.root_hash.hex(),
                "timestamp": instant_text(self.timestamp),
                "key_id": self.key_id,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "log_id": self.log_id,
            "tree_size": self.tree_size,
            "root_hash": self.root_hash.hex(),
            "timestamp": instant_text(self.timestamp),
            "key_id": self.key_id,
            "signature": self.signature.hex(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TreeHead":
        """The head that `to_dict` wrote. Raises ValueError when a part is missing or malformed."""
        try:
            head = cls(
                data["log_id"],
                data["tree_size"],
                bytes.fromhex(data["root_hash"]),
                datetime.fromisoformat(data["timestamp"]),
                data["key_id"],
                bytes.fromhex(data["signature"]),
            )
            faithful = head.to_dict() == dict(data)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a tree head: {error!r}") from None
        if not faithful or type(head.tree_size) is not int or head.tree_size < 0:
            raise ValueError("not a tree head as it is written by the log")
        return head


def sign_head(
    key: SigningKey, *, log_id: str, tree_size: int, root_hash: bytes, timestamp: datetime
) -> TreeHead:
    """A signed tree head."""
    unsigned = TreeHead(log_id, tree_size, root_hash, timestamp, key.key_id, b"")
    signature = key.sign(unsigned.signed_bytes())
    return TreeHead(log_id, tree_size, root_hash, timestamp, key.key_id, signature)


def verify_head(head: TreeHead, public_bytes: bytes) -> None:
    """Raises ProofError when the signature or the key id does not hold."""
    if head.key_id != key_id_of(public_bytes):
        raise ProofError("key_id does not belong to this public key")
    try:
        Ed25519PublicKey.from_public_bytes(public_bytes).verify(head.signature, head.signed_bytes())
    except InvalidSignature:
        raise ProofError("the signature of the tree head does not hold") from None
