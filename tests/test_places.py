"""Folders are made by whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from tongdian.places import make_folder


def test_many_make_one_folder_at_once(tmp_path: Path) -> None:
    gate = Barrier(4)

    def make(folder: Path) -> None:
        gate.wait()
        make_folder(folder)

    with ThreadPoolExecutor(4) as pool:
        for attempt in range(50):
            folder = tmp_path / str(attempt) / "data" / "postgres"
            list(pool.map(make, [folder] * 4))
            assert folder.stat().st_mode & 0o777 == 0o755
