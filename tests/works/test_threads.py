"""Web servers read and judge routes in several threads at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import shapely

from tongdian.works.objects import CityObjects
from tongdian.works.outline import Outline
from works.conftest import route

THREADS, ROUNDS = 4, 40


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What each of the threads answers when all begin in the same instant."""
    start = Barrier(THREADS)

    def one(_: int) -> Any:
        start.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


def test_threads_share_a_new_outline() -> None:
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    ragged = 0.3 + 0.05 * np.sin(40 * angle)
    ring = np.column_stack([106.7 + ragged * np.cos(angle), 26.6 + ragged * np.sin(angle)])
    source = np.random.default_rng(1)
    lon, lat = source.uniform(106.3, 107.1, 1000), source.uniform(26.2, 27.0, 1000)
    lines = shapely.linestrings(np.column_stack([lon, lat]).reshape(-1, 2, 2))
    answers = set()
    for _ in range(ROUNDS):
        outline = Outline(shapely.Polygon(ring))

        def ask(outline: Outline = outline) -> tuple[int, int]:
            return int(outline.contains(lon, lat).sum()), int(outline.covers(lines).sum())

        answers |= set(at_once(ask))
    assert len(answers) == 1


def test_threads_share_new_objects(quarter: CityObjects) -> None:
    made = route((-10, 0), (300, 5), (720, 0), chambers=[(200, 2)])
    expected = quarter.touching(made)
    for _ in range(ROUNDS):
        fresh = quarter.take(np.arange(len(quarter)))
        assert all(touched == expected for touched in at_once(lambda o=fresh: o.touching(made)))  # type: ignore[misc]
