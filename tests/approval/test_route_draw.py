"""双随机: a draw can be made again by anybody, and is even."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.cases import staff
from tongdian.service.approval.inspection_draw import draw, draw_now, is_fair
from tongdian.service.approval.models import InspectionDraw

POOL = [f"GY{number:04d}/municipal" for number in range(40)]
PEOPLE = ["officer-1", "officer-2", "officer-3"]


@given(st.text(max_size=32), st.integers(1, 100), st.randoms())
def test_the_same_seed_draws_the_same_in_any_order(
    seed: str, percent: int, shuffle: object
) -> None:
    pool, people = list(POOL), list(PEOPLE)
    shuffle.shuffle(pool)  # type: ignore[attr-defined]
    shuffle.shuffle(people)  # type: ignore[attr-defined]
    found = draw(seed, pool, people, percent)
    assert found == draw(seed, POOL, PEOPLE, percent)
    assert len(found) == -(-len(POOL) * percent // 100)
    assert len({item for item, _who in found}) == len(found)


def test_every_item_and_person_has_the_same_chance() -> None:
    """Over 2,000 seeds each of 40 items is drawn about 200 times of a tenth."""
    counts = dict.fromkeys(POOL, 0)
    people = dict.fromkeys(PEOPLE, 0)
    for seed in range(2000):
        for item, who in draw(str(seed), POOL, PEOPLE, 10):
            counts[item] += 1
            people[who] += 1
    assert all(140 < count < 260 for count in counts.values())
    assert max(people.values()) - min(people.values()) < 300


@pytest.mark.parametrize(("people", "percent"), [([], 10), (PEOPLE, 0), (PEOPLE, 101)])
def test_what_cannot_be_drawn(people: list[str], percent: int) -> None:
    with pytest.raises(ValueError, match=r"nobody|percent"):
        draw("s", POOL, people, percent)


@pytest.mark.django_db
def test_a_kept_draw_that_was_touched_is_found_out() -> None:
    kept = draw_now(POOL, PEOPLE, 25, actor=staff("officer", "GY-ZHZF"))
    stored = InspectionDraw.objects.get(pk=kept.pk)
    assert is_fair(stored)
    assert len(stored.drawn) == 10
    stored.drawn = stored.drawn[1:]
    assert not is_fair(stored)
