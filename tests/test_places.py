"""Folders are made by whoever comes first."""

import threading
from pathlib import Path

from tongdian.places import make_folder


def test_many_make_one_folder_at_once(tmp_path: Path) -> None:
    for attempt in range(50):
        folder = tmp_path / str(attempt) / "data" / "postgres"
        gate = threading.Barrier(4)
        failures: list[Exception] = []

        def make(folder: Path = folder, gate: threading.Barrier = gate) -> None:
            gate.wait()
            try:
                make_folder(folder)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert folder.stat().st_mode & 0o777 == 0o755
