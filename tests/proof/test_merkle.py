"""The Merkle tree against the vectors of the Certificate Transparency reference."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.proof.merkle import (
    EMPTY_ROOT,
    ProofError,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tongdian.proof.tiles import MemoryTiles, append, consistency_path, inclusion_path, root

INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    bytes(range(96, 112)).hex(),
]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf index, tree size): path
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# (old size, new size): path
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def tree(leaves: list[bytes]) -> MemoryTiles:
    tiles = MemoryTiles()
    tiles.update(append(tiles, 0, leaves).tiles)
    return tiles


@pytest.mark.parametrize("size", range(9))
def test_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert root(tree(LEAVES), size).hex() == ROOTS[size]


def test_empty_root_is_the_hash_of_nothing() -> None:
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT == root_of([])


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_paths(index: int, size: int) -> None:
    path = inclusion_path(tree(LEAVES), index, size)
    assert [part.hex() for part in path] == INCLUSION[index, size]
    verify_inclusion(LEAVES[index], index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_paths(old: int, new: int) -> None:
    path = consistency_path(tree(LEAVES), old, new)
    assert [part.hex() for part in path] == CONSISTENCY[old, new]
    verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), path)


def test_leaves_and_nodes_cannot_be_mistaken() -> None:
    pair = LEAVES[0] + LEAVES[1]
    assert leaf_hash(pair) != node_hash(LEAVES[0], LEAVES[1])


def _damaged(path: list[bytes], how: int) -> list[bytes]:
    """A path with a bit flipped, a part dropped, doubled, or of another length."""
    if not path:
        return [bytes(32)]
    place = how % len(path)
    part = path[place]
    flipped = bytes([part[0] ^ 1 << how % 8]) + part[1:]
    swaps = [[flipped], [], [part, part], [part + b"\x00"]]
    return path[:place] + swaps[how % 4] + path[place + 1 :]


@given(st.integers(1, 700), st.data())
def test_inclusion_holds_and_nothing_else_does(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path, top = inclusion_path(tree(leaves), index, size), root_of(leaves)
    verify_inclusion(leaves[index], index, size, path, top)
    with pytest.raises(ProofError):
        verify_inclusion(
            leaves[index], index, size, _damaged(path, data.draw(st.integers(0, 99))), top
        )
    other = data.draw(st.integers(0, size + 3).filter(lambda number: number != index))
    with pytest.raises(ProofError):
        verify_inclusion(leaves[index], other, size, path, top)
    with pytest.raises(ProofError):
        verify_inclusion(leaf_hash(b"another"), index, size, path, top)


@given(st.integers(1, 700), st.data())
def test_consistency_holds_and_nothing_else_does(new: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(new)]
    old = data.draw(st.integers(1, new))
    path = consistency_path(tree(leaves), old, new)
    old_root, new_root = root_of(leaves[:old]), root_of(leaves)
    verify_consistency(old, new, old_root, new_root, path)
    damaged = _damaged(path, data.draw(st.integers(0, 99)))
    with pytest.raises(ProofError):
        verify_consistency(old, new, old_root, new_root, damaged)
    with pytest.raises(ProofError):
        verify_consistency(old, new, root_of([*leaves[: old - 1], bytes(32)]), new_root, path)
    with pytest.raises(ProofError):
        verify_consistency(old, new, old_root, leaf_hash(new_root), path)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 2)])
def test_sizes_out_of_order_are_refused(old: int, new: int) -> None:
    with pytest.raises(ProofError):
        verify_consistency(old, new, bytes(32), bytes(32), [])
    with pytest.raises(ValueError, match="not in order"):
        consistency_path(tree(LEAVES), old, new)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_indices_outside_are_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        inclusion_path(tree(LEAVES), index, size)
    with pytest.raises(ProofError, match="outside"):
        verify_inclusion(LEAVES[0], index, size, [], bytes(32))
