"""双随机: which commitments are inspected and by whom, by lot, so that anybody can draw again.

Every item and every inspector gets the SHA-256 of the seed and its name; the smallest come first.
The seed is chosen by the system after the pool is fixed, and is kept with the pool.
"""

import hashlib
import secrets
from collections.abc import Sequence
from math import ceil
from typing import Any

from django.db import transaction

from tongdian.service.approval.models import InspectionDraw
from tongdian.service.casework import clock
from tongdian.service.identity.actors import Actor


def lot(seed: str, name: str) -> str:
    """The lot of a name under a seed: hexadecimal, evenly spread."""
    return hashlib.sha256(f"{seed}|{name}".encode()).hexdigest()


def draw(
    seed: str, pool: Sequence[str], inspectors: Sequence[str], percent: int
) -> list[list[str]]:
    """Pairs of an item (`number/item`) and its inspector. At least one item of a pool is drawn; the
    inspectors take turns in the order of their lots. The same for the same four, in any order.

    Raises ValueError without inspectors, or for a share outside 1 to 100.
    """
    if not inspectors:
        raise ValueError("nobody can be drawn to inspect")
    if not 1 <= percent <= 100:
        raise ValueError("percent has to be 1 to 100")
    count = ceil(len(set(pool)) * percent / 100)
    items = sorted(set(pool), key=lambda name: lot(seed, name))[:count]
    people = sorted(set(inspectors), key=lambda name: lot(seed, name))
    return [[item, people[place % len(people)]] for place, item in enumerate(items)]


def draw_now(
    pool: Sequence[str], inspectors: Sequence[str], percent: int, *, actor: Actor
) -> InspectionDraw:
    """Draw for the actor's organisation and keep everything that is needed to draw again."""
    with transaction.atomic():
        seed = secrets.token_hex(16)
        return InspectionDraw.objects.create(
            organisation=actor.organisation,
            drawn_at=clock.now(),
            drawn_by=actor.pseudonym,
            seed=seed,
            percent=percent,
            pool=sorted(set(pool)),
            inspectors=sorted(set(inspectors)),
            drawn=draw(seed, pool, inspectors, percent),
        )


def is_fair(kept: InspectionDraw) -> bool:
    """Whether drawing again gives what was kept."""
    again = draw(kept.seed, kept.pool, kept.inspectors, kept.percent)
    return bool(again == kept.drawn)


def drawn_for(organisation: str) -> dict[str, dict[str, Any]]:
    """By item, the latest draw that drew it: inspector and number of the draw."""
    found: dict[str, dict[str, Any]] = {}
    for kept in InspectionDraw.objects.filter(organisation=organisation).order_by("drawn_at"):
        for item, inspector in kept.drawn:
            found[item] = {"inspector": inspector, "draw": kept.pk}
    return found
