"""The city's objects as imported last, with one spatial index for each process."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist

from tongdian.service.approval.route_models import CityObjectSet
from tongdian.service.casework import clock
from tongdian.works.objects import CityObjects

# How long a process may go on with the set before the last.
FRESH_SECONDS = 30.0
EMPTY = CityObjects.from_rows([])


@dataclass
class _Held:
    """The set that this process holds, and when it looked last for a newer one."""

    key: int | None = None
    objects: CityObjects = EMPTY
    looked_at: float = -FRESH_SECONDS


_held = _Held()


def store_objects(objects: CityObjects, *, source: str) -> CityObjectSet:
    """Keep a set of objects, which from now on is the city's. Earlier sets stay, for looking up
    what a route was judged by."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "objects.npz"
        objects.save(path)
        data = path.read_bytes()
    stored = CityObjectSet.objects.create(
        imported_at=clock.now(), source=source[:200], count=len(objects), data=data
    )
    _held.looked_at = -FRESH_SECONDS
    return stored


def city_objects() -> CityObjects:
    """The latest set; none at all in a city that has imported nothing yet."""
    now = time.monotonic()
    if now - _held.looked_at < FRESH_SECONDS:
        return _held.objects
    key = CityObjectSet.objects.order_by("-pk").values_list("pk", flat=True).first()
    if key != _held.key:
        _held.objects = EMPTY if key is None else _load(key)
        _held.key = key
    _held.looked_at = now
    return _held.objects


def forget_objects() -> None:
    """Look again at the next call: after an import elsewhere, and between tests."""
    _held.looked_at = -FRESH_SECONDS


def _load(key: int) -> CityObjects:
    try:
        data = bytes(CityObjectSet.objects.get(pk=key).data)
    except ObjectDoesNotExist:
        return EMPTY
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "objects.npz"
        path.write_bytes(data)
        return CityObjects.load(path)
