"""The Merkle tree of RFC 9162 (RFC 6962): hashes, proofs and their verification."""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32


class ProofError(ValueError):
    """A proof that does not lead to the root."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, straight from the definition (RFC 9162 §2.1.1)."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count`, where the standard splits a tree."""
    return 1 << (count - 1).bit_length() - 1


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162 §2.1.3.2. `path` runs from the leaf up. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"leaf index {index} is outside a tree of {size}")
    _refuse_odd_hashes([leaf_hash, *path])
    position, last, current = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise ProofError("the inclusion path is too long")
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            current = node_hash(current, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ProofError("the inclusion path is too short")
    if current != root:
        raise ProofError("the inclusion path does not lead to the root")


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """RFC 9162 §2.1.4.2. Raises ProofError."""
    if not 0 < old_size <= new_size:
        raise ProofError(f"sizes {old_size} and {new_size} are not in order")
    if old_size == new_size:
        if path or old_root != new_root:
            raise ProofError("trees of one size differ")
        return
    _refuse_odd_hashes([old_root, *path])
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not path:
        raise ProofError("the consistency path is empty")
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError("the consistency path is too long")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ProofError("the consistency path is too short")
    if old != old_root:
        raise ProofError("the consistency path does not start from the old root")
    if new != new_root:
        raise ProofError("the consistency path does not lead to the new root")


def _refuse_odd_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(part) != HASH_BYTES for part in hashes):
        raise ProofError(f"every hash of a proof has {HASH_BYTES} bytes")
