"""Pictures are well-formed, say their finding, carry the same data as a table, and no style."""

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tongdian.law.process import Hold
from tongdian.service.look.charts import (
    Bar,
    Series,
    bars,
    district_bars,
    histogram,
    sparkline,
    trend,
)
from tongdian.service.look.gallery import OPEN_HOLDS, PAUSED_HOLDS
from tongdian.service.look.scales import classes, nice_step, number_text
from tongdian.service.look.timeline import render_timeline

START = datetime(2021, 9, 13, 1, tzinfo=UTC)


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{markup}</div>")


def rows_of(markup: str) -> list[list[str]]:
    body = parse(markup).find(".//tbody")
    assert body is not None
    return [["".join(cell.itertext()) for cell in row] for row in body]


def picture_of(markup: str) -> ElementTree.Element:
    picture = next(e for e in parse(markup).iter("svg") if e.get("role"))
    assert picture.get("aria-label")
    return picture


def percentages(picture: ElementTree.Element) -> list[tuple[float, float]]:
    """(start, end) of every box, in percent."""
    boxes = []
    for rect in picture.iter("rect"):
        x, width = rect.get("x", "0%"), rect.get("width", "0%")
        if x.endswith("%") and width.endswith("%"):
            boxes.append((float(x[:-1]), float(x[:-1]) + float(width[:-1])))
    return boxes


@st.composite
def hold_lists(draw: st.DrawFn) -> list[Hold]:
    """Adjacent holds over at most some months, open or closed at the end."""
    instant = START + timedelta(minutes=draw(st.integers(0, 400_000)))
    holds = []
    for _index in range(draw(st.integers(1, 12))):
        end = instant + timedelta(minutes=draw(st.integers(0, 20_000)))
        lane = draw(st.sampled_from(["applicant", "utility", "government"]))
        ground = draw(st.sampled_from([None, None, "不可抗力"]))
        holds.append(
            Hold(lane, draw(st.sampled_from(["受理", "勘查<&>", "装表"])), instant, end, ground)
        )
        instant = end
    if draw(st.booleans()):
        last = holds[-1]
        holds[-1] = Hold(last.lane, last.stage, last.start, None, last.ground)
    return holds


@settings(max_examples=60, deadline=None)
@given(hold_lists(), st.integers(0, 40), st.integers(0, 60))
def test_a_timeline_keeps_every_hold_inside_the_picture(
    holds: list[Hold], due_after: int, now_after: int
) -> None:
    last = holds[-1]
    now = max(last.end or last.start, last.start) + timedelta(days=now_after)
    due = holds[0].start.date() + timedelta(days=due_after)
    markup = render_timeline(holds, today=now, due=due, lang="zh")
    picture = picture_of(markup)
    assert len(rows_of(markup)) == len(holds)
    for start, end in percentages(picture):
        assert -0.01 <= start <= end <= 101
    bars_drawn = [r for r in picture.iter("rect") if r.find("title") is not None]
    assert len(bars_drawn) == len(holds)
    assert "style=" not in markup


def test_a_timeline_says_who_holds_it_and_what_is_left() -> None:
    names = {"装表接电": "Metering"}
    now = datetime(2021, 9, 22, 7, tzinfo=UTC)
    markup = render_timeline(
        OPEN_HOLDS, today=now, due=date(2021, 9, 27), lang="en", stage_names=names
    )
    assert "Now with: Utility, Metering; 4 working days left" in markup
    assert "today" in markup
    assert "due 27 Sep" in markup


def test_a_pause_is_hatched_and_explained() -> None:
    now = datetime(2021, 9, 30, 2, tzinfo=UTC)
    markup = render_timeline(PAUSED_HOLDS, today=now, due=date(2021, 9, 28), lang="zh")
    assert "url(#timeline-utility)" in markup
    assert "斜线" in markup
    assert "已超期 2 个工作日" in markup
    paused_row = rows_of(markup)[2]
    assert paused_row[-1].startswith("中止")


def test_lane_days_of_the_alternative_text_add_up() -> None:
    now = datetime(2021, 9, 22, 7, tzinfo=UTC)
    markup = render_timeline(OPEN_HOLDS, today=now, lang="zh")
    label = picture_of(markup).get("aria-label") or ""
    days = sum(int(n) for n in re.findall(r"(\d+) 个工作日", label.split("。", 1)[1]))
    assert days == sum(int(row[4]) for row in rows_of(markup))


def test_a_case_without_holds_has_no_picture() -> None:
    assert render_timeline([], today=START, lang="zh") == ""


def test_standing_alone_it_is_one_svg_without_classes() -> None:
    now = datetime(2021, 9, 22, 7, tzinfo=UTC)
    picture = render_timeline(OPEN_HOLDS, today=now, due=date(2021, 9, 27), width_px=600)
    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="600"')
    ElementTree.fromstring(picture)
    assert "class=" not in picture


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.integers(0, 400), st.integers(1, 500), max_size=60),
    st.one_of(st.none(), st.integers(0, 60)),
)
def test_a_histogram_loses_no_case(counts: dict[int, int], limit: int | None) -> None:
    with override("zh-hans"):
        markup = histogram(counts, limit, title="测试", url_for=lambda d: f"/?d={d}&x=1")
    rows = rows_of(markup)
    assert sum(int(row[1].replace(",", "")) for row in rows) == sum(counts.values())
    assert len(percentages(picture_of(markup))) == len(rows)
    assert f"n = {sum(counts.values()):,}" in markup
    over = sum(n for days, n in counts.items() if limit is not None and days > limit)
    assert (f"超期 {over:,} 件" in markup) == (over > 0)


def test_bars_over_the_limit_say_so_in_words() -> None:
    with override("en"):
        markup = bars(
            [Bar("Kaiyang", 6.25, "/k", 3), Bar("Yunyan", 2, n=4), Bar("Xifeng", None)],
            title="Kaiyang is late",
            limit=5,
        )
    assert "over the limit: 6.2" in markup
    assert "over the limit: 2" not in markup
    assert "n = 7" in markup
    assert rows_of(markup)[2][1] == "—"


def test_district_bars_name_codes_and_put_the_largest_first() -> None:
    with override("zh-hans"):
        markup = district_bars({"520103": 2, "520121": 4, "贵安新区": None}, title="开阳最慢")
    assert [row[0] for row in rows_of(markup)] == ["开阳县", "云岩区", "贵安新区"]


def test_a_trend_leaves_a_gap_where_there_is_no_value() -> None:
    markup = trend(["1", "2", "3", "4"], [Series("a", [1, None, 2, 3])], title="t", n=[1, 2, 3, 4])
    picture = picture_of(markup)
    assert len(list(picture.iter("circle"))) == 3
    slanted = [e for e in picture.iter("line") if e.get("stroke-linecap")]
    assert len(slanted) == 1
    assert "n = 10" in markup


@pytest.mark.parametrize("values", [[], [None], [0, 0]])
def test_a_chart_of_nothing_does_not_fail(values: list[float | None]) -> None:
    sparkline(values, label="nothing")
    parse(trend([str(i) for i in range(len(values))], [Series("a", values)], title="t"))
    parse(bars([Bar("a", value) for value in values], title="t"))


@given(st.floats(0.001, 1e6), st.integers(1, 10))
def test_a_step_is_round_and_divides_the_axis(top: float, most: int) -> None:
    step = nice_step(top, most)
    assert top / step <= most * (1 + 1e-9)
    assert f"{step:e}"[0] in "125"


@example([0.0, 3e-180])
@example([1000.0, 1000.0000000000001])
@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20))
def test_classes_cover_every_value_with_at_most_five(values: list[float]) -> None:
    bounds = classes(values)
    assert len(bounds) <= 5
    assert max(values) <= bounds[-1] + 1e-9


def test_numbers_are_short() -> None:
    assert [number_text(n) for n in (3, 2.14, 12300.4, 0)] == ["3", "2.1", "12,300", "0"]
