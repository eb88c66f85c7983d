"""Dataclasses of arrays as folders of .npy files that processes map and share."""

import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.refusals import PathError

LAYOUT: Final = 1
Table = TypeVar("Table")


def save(table: Any, folder: Path) -> None:
    """Write every array field of a dataclass to `folder`, in place of what was there.

    The folder appears whole or not at all. A process that has mapped the old files keeps them.
    """
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for field in fields(table):
        np.save(draft / f"{field.name}.npy", np.ascontiguousarray(getattr(table, field.name)))
    (draft / "layout.json").write_text(
        json.dumps({"table": type(table).__name__, "layout": LAYOUT}), encoding="utf-8"
    )
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)


def load(kind: type[Table], folder: Path, *, writable: bool = False) -> Table:
    """Map a folder written by `save`; its pages are shared by all processes that do so.

    `writable` is for the one process that updates in place: what it writes, the others see.
    Raises PathError for a folder that is missing, incomplete, or of another layout.
    """
    try:
        told = json.loads((folder / "layout.json").read_text(encoding="utf-8"))
        arrays = {
            field.name: _mapped(folder / f"{field.name}.npy", writable)
            for field in fields(kind)  # type: ignore[arg-type]
        }
    except (OSError, ValueError) as error:
        raise PathError(
            "unreadable", "folder",
            (f"读不了图数据目录 {folder.name}：{error}",
             f"the graph folder {folder.name} cannot be read: {error}"),
            ("请重新生成该目录。", "Build the folder again."),
        ) from error  # fmt: skip
    if told != {"table": kind.__name__, "layout": LAYOUT}:
        raise PathError(
            "another_layout", "folder",
            (f"目录 {folder.name} 的内容或版本不符：{told}",
             f"the folder {folder.name} holds something else: {told}"),
            ("请用本版本重新生成该目录。", "Build the folder again with this release."),
        )  # fmt: skip
    return kind(**arrays)


def _mapped(path: Path, writable: bool) -> npt.NDArray[Any]:
    # An empty file cannot be mapped.
    try:
        return np.asarray(np.load(path, mmap_mode="r+" if writable else "r", allow_pickle=False))
    except ValueError:
        return np.asarray(np.load(path, allow_pickle=False))


def shown(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view that may not be written through. Kernels take these alone, so that arrays in memory
    and mapped ones share one compiled signature."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view
