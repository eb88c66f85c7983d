"""Network tables as a folder of arrays that processes map into memory.

`network.json` tells the format and the number of rows; `<table>.<column>.npy` holds one column.
Opening reads no column: pages come in as they are used, and are shared by all processes.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from tongdian.grid.columns import DTYPES, Column, Table
from tongdian.grid.refusals import GridError
from tongdian.grid.tables import KINDS, Tables

FORMAT: Final = "tongdian-network-1"
MANIFEST: Final = "network.json"


def save_tables(tables: Tables, folder: Path) -> None:
    """Writes the folder anew, whole or not at all. Raises GridError `not_a_network` rather than
    replace a folder that is none."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise _broken(folder, "不是网络文件夹，不覆盖", "is not a network and is left alone")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for table in tables.all():
            for name, _, values in table.items():
                np.save(fresh / f"{table.name}.{name}.npy", values, allow_pickle=False)
        rows = {table.name: len(table) for table in tables.all()}
        text = json.dumps({"format": FORMAT, "rows": rows}, indent=1)
        (fresh / MANIFEST).write_text(text, encoding="utf-8")
        fresh.chmod(0o755)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            os.replace(folder, old / "old")
            os.replace(fresh, folder)
            shutil.rmtree(old)
        else:
            os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def open_tables(folder: Path) -> Tables:
    """The tables, read-only. Raises GridError `not_a_network`."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        rows = {name: int(manifest["rows"][name]) for name in KINDS}
    except (OSError, ValueError, KeyError, TypeError):
        raise _broken(folder, "不是网络文件夹", "is not a network") from None
    if manifest.get("format") != FORMAT:
        raise _broken(folder, f"格式不是 {FORMAT}", f"is not in the format {FORMAT}")
    return Tables.of(**{name: _open(folder, kind, rows[name]) for name, kind in KINDS.items()})


def _open(folder: Path, kind: type[Table], rows: int) -> Table:
    return kind(
        **{name: _column(folder, kind, name, one, rows) for name, one in kind.columns().items()}
    )


def _column(folder: Path, kind: type[Table], name: str, one: Column, rows: int) -> Any:
    path = folder / f"{kind.name}.{name}.npy"
    try:
        values = np.load(path, mmap_mode="r" if rows else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _broken(folder, f"缺少或损坏 {path.name}", f"lacks a sound {path.name}") from error
    if values.shape != (rows,) or values.dtype.kind != np.dtype(DTYPES[one.kind]).kind:
        raise _broken(folder, f"{path.name} 的形状不符", f"has a {path.name} of another shape")
    return values


def _broken(folder: Path, zh: str, en: str) -> GridError:
    return GridError(
        "not_a_network",
        (f"文件夹 {folder.name} {zh}", f"the folder {folder.name} {en}"),
        ("请重新导出网络。", "Save the network again."),
    )
