"""The tiled tree is the plain tree, at every size and however it was filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.proof.merkle import (
    EMPTY_ROOT,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tongdian.proof.tiles import MemoryTiles, append, consistency_path, inclusion_path, root

LIMIT = 1_500
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(LIMIT)]


class CountingTiles(MemoryTiles):
    """Tiles that count how often they are read."""

    reads = 0

    def read(self, level: int, index: int) -> bytes | None:
        self.reads += 1
        return super().read(level, index)


def _roots() -> list[bytes]:
    """Roots of all sizes to LIMIT, from the peaks of the growing tree, without tiles."""
    found, peaks = [EMPTY_ROOT], list[tuple[int, bytes]]()
    for leaf in LEAVES:
        height, current = 0, leaf
        while peaks and peaks[-1][0] == height:
            height, current = height + 1, node_hash(peaks.pop()[1], current)
        peaks.append((height, current))
        total = peaks[-1][1]
        for _, peak in reversed(peaks[:-1]):
            total = node_hash(peak, total)
        found.append(total)
    return found


ROOTS = _roots()


def filled(size: int) -> MemoryTiles:
    tiles = MemoryTiles()
    tiles.update(append(tiles, 0, LEAVES[:size]).tiles)
    return tiles


def test_peaks_are_the_definition() -> None:
    for size in (0, 1, 2, 3, 255, 256, 257, 511, 512, 1023, 1025, LIMIT):
        assert ROOTS[size] == root_of(LEAVES[:size])


def test_every_size_one_leaf_at_a_time() -> None:
    tiles = MemoryTiles()
    for size, leaf in enumerate(LEAVES):
        done = append(tiles, size, [leaf])
        tiles.update(done.tiles)
        assert (done.size, done.root) == (size + 1, ROOTS[size + 1])
        assert len(done.tiles) <= 2


def test_every_size_of_a_tree_filled_at_once() -> None:
    tiles = filled(LIMIT)
    assert [root(tiles, size) for size in range(LIMIT + 1)] == ROOTS


@given(st.lists(st.integers(0, 600), min_size=1, max_size=9))
def test_any_split_into_batches_gives_the_same_tiles(batches: list[int]) -> None:
    tiles, size = MemoryTiles(), 0
    for count in batches:
        count = min(count, LIMIT - size)
        done = append(tiles, size, LEAVES[size : size + count])
        tiles.update(done.tiles)
        size += count
        assert (done.size, done.root) == (size, ROOTS[size])
    assert tiles.tiles == filled(size).tiles


def test_three_levels() -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(256 * 256 + 300)]
    tiles = MemoryTiles()
    tiles.update(append(tiles, 0, leaves[:65_000]).tiles)
    done = append(tiles, 65_000, leaves[65_000:])
    tiles.update(done.tiles)
    assert done.root == root_of(leaves)
    assert max(level for level, _ in tiles.tiles) == 2
    for index in (0, 65_535, 65_536, len(leaves) - 1):
        path = inclusion_path(tiles, index, done.size)
        verify_inclusion(leaves[index], index, done.size, path, done.root)
    for old in (1, 256, 65_535, 65_536, 65_537):
        path = consistency_path(tiles, old, done.size)
        verify_consistency(old, done.size, root_of(leaves[:old]), done.root, path)


@given(st.integers(1, LIMIT), st.data())
def test_proofs_of_any_size_from_the_latest_tiles(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path = inclusion_path(FULL, index, size)
    verify_inclusion(LEAVES[index], index, size, path, ROOTS[size])
    path = consistency_path(FULL, old, size)
    verify_consistency(old, size, ROOTS[old], ROOTS[size], path)


FULL = filled(LIMIT)


def test_appending_reads_only_the_right_edge() -> None:
    tiles = CountingTiles()
    tiles.update(append(tiles, 0, LEAVES[:1_400]).tiles)
    tiles.reads = 0
    done = append(tiles, 1_400, LEAVES[1_400:1_403])
    assert tiles.reads <= 12
    assert set(done.tiles) == {(0, 5)}


def test_nothing_is_written_by_append() -> None:
    tiles = filled(300)
    before = dict(tiles.tiles)
    append(tiles, 300, LEAVES[300:900])
    assert tiles.tiles == before


def test_tiles_of_a_lost_batch_are_ignored() -> None:
    """A store that kept tiles of an append whose head was never signed gives the same tree."""
    tiles = filled(300)
    tiles.update(append(tiles, 300, [bytes(32)] * 40).tiles)
    done = append(tiles, 300, LEAVES[300:700])
    tiles.update(done.tiles)
    assert done.root == ROOTS[700]
    assert tiles.tiles == filled(700).tiles


def test_a_missing_tile_is_named() -> None:
    tiles = filled(700)
    del tiles.tiles[0, 2]
    with pytest.raises(LookupError, match="tile 0/2"):
        append(tiles, 700, LEAVES[700:701])
    with pytest.raises(LookupError, match="tile 0/2"):
        inclusion_path(tiles, 600, 700)


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_hashes_of_another_length_are_refused(leaf: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        append(MemoryTiles(), 0, [leaf])


def test_nothing_new_changes_nothing() -> None:
    done = append(filled(300), 300, [])
    assert (done.size, done.root, done.tiles) == (300, ROOTS[300], {})
    assert append(MemoryTiles(), 0, []).root == EMPTY_ROOT
