"""The Merkle tree in tiles of 256 hashes, so that a store keeps one row for 256 leaves.

Tile (0, i) holds leaf hashes 256·i …; tile (k, i) holds the roots of complete subtrees of 256^k
leaves. Inner nodes within a tile are recomputed. Only the last tile of a level is partial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tongdian.proof.merkle import EMPTY_ROOT, HASH_BYTES, largest_power_below, node_hash

WIDTH = 256
HEIGHT = 8


class TileStore(Protocol):
    """Reads a tile as its hashes concatenated, or None when it does not exist."""

    def read(self, level: int, index: int) -> bytes | None: ...


class MemoryTiles:
    """Tiles in a dictionary."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}

    def read(self, level: int, index: int) -> bytes | None:
        return self.tiles.get((level, index))

    def update(self, tiles: dict[tuple[int, int], bytes]) -> None:
        self.tiles.update(tiles)


@dataclass(frozen=True, slots=True)
class Appended:
    """The tree after an append: its size, root, and the tiles that changed."""

    size: int
    root: bytes
    tiles: dict[tuple[int, int], bytes]


class _Overlay:
    """New tiles over a store."""

    def __init__(self, store: TileStore, tiles: dict[tuple[int, int], bytes]) -> None:
        self.store, self.tiles = store, tiles

    def read(self, level: int, index: int) -> bytes | None:
        found = self.tiles.get((level, index))
        return found if found is not None else self.store.read(level, index)


def append(store: TileStore, size: int, leaf_hashes: Sequence[bytes]) -> Appended:
    """Append leaf hashes (32 bytes each) to a tree of `size`.

    Touches only the new leaves and the right edge. Nothing is written: `tiles` of the answer is
    what the caller has to store. Raises LookupError when the store lacks a tile of the right
    edge, ValueError for a hash of another length.
    """
    if any(len(leaf) != HASH_BYTES for leaf in leaf_hashes):
        raise ValueError(f"every leaf hash has {HASH_BYTES} bytes")
    changed: dict[tuple[int, int], bytes] = {}
    level, count, fresh = 0, size, list(leaf_hashes)
    while fresh:
        roots: list[bytes] = []
        index, used = divmod(count, WIDTH)
        offset = 0
        while offset < len(fresh):
            before = _read(store, level, index, used) if used else b""
            taken = fresh[offset : offset + WIDTH - used]
            tile = before + b"".join(taken)
            changed[(level, index)] = tile
            if len(tile) == WIDTH * HASH_BYTES:
                roots.append(_fold(tile))
            offset += len(taken)
            index, used = index + 1, 0
        level, count, fresh = level + 1, count // WIDTH, roots
    total = size + len(leaf_hashes)
    return Appended(total, root(_Overlay(store, changed), total), changed)


def _read(store: TileStore, level: int, index: int, count: int) -> bytes:
    """The first `count` hashes of a tile. Raises LookupError when the store lacks them."""
    tile = store.read(level, index)
    if tile is None or len(tile) < count * HASH_BYTES:
        raise LookupError(f"tile {level}/{index} with {count} hashes is missing")
    return tile[: count * HASH_BYTES]


def _fold(tile: bytes) -> bytes:
    """The root over a power of two of hashes."""
    row = [tile[i : i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def _subtree(store: TileStore, height: int, index: int) -> bytes:
    """The root of the complete subtree of 2^height leaves at leaf index·2^height."""
    level, rest = divmod(height, HEIGHT)
    first = index << rest
    tile_index, position = divmod(first, WIDTH)
    tile = _read(store, level, tile_index, position + (1 << rest))
    return _fold(tile[position * HASH_BYTES : (position + (1 << rest)) * HASH_BYTES])


def _range_root(store: TileStore, start: int, end: int) -> bytes:
    """The root over leaves [start, end), where start is aligned as RFC 9162 splits are."""
    count = end - start
    height = count.bit_length() - 1
    if count == 1 << height:
        return _subtree(store, height, start >> height)
    split = largest_power_below(count)
    return node_hash(
        _range_root(store, start, start + split), _range_root(store, start + split, end)
    )


def root(store: TileStore, size: int) -> bytes:
    """The root of the first `size` leaves."""
    return _range_root(store, 0, size) if size else EMPTY_ROOT


def inclusion_path(store: TileStore, index: int, size: int) -> list[bytes]:
    """RFC 9162 §2.1.3.1. Raises ValueError when `index` is outside."""
    if not 0 <= index < size:
        raise ValueError(f"leaf index {index} is outside a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + largest_power_below(end - start)
        if index < split:
            path.append(_range_root(store, split, end))
            end = split
        else:
            path.append(_range_root(store, start, split))
            start = split
    return path[::-1]


def consistency_path(store: TileStore, old: int, new: int) -> list[bytes]:
    """RFC 9162 §2.1.4.1. Raises ValueError when the sizes are not in order."""
    if not 0 < old <= new:
        raise ValueError(f"sizes {old} and {new} are not in order")
    return _consistency(store, old, 0, new, True) if old < new else []


def _consistency(store: TileStore, old: int, start: int, end: int, whole: bool) -> list[bytes]:
    """Proof that the first `old` leaves of [start, end) are a prefix of it."""
    count = end - start
    if old == count:
        return [] if whole else [_range_root(store, start, end)]
    split = largest_power_below(count)
    middle = start + split
    if old <= split:
        path = _consistency(store, old, start, middle, whole)
        return [*path, _range_root(store, middle, end)]
    path = _consistency(store, old - split, middle, end, False)
    return [*path, _range_root(store, start, middle)]
