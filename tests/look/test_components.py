"""Template components: fields keep what was typed, errors stand beside them, words beside signs."""

from datetime import date

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from tongdian.service.look.gallery import SampleForm
from tongdian.service.look.lanes import LANE_COLOURS, OVERDUE, TEAL, Status


def render(source: str, **context: object) -> str:
    with override("zh-hans"):
        return Template("{% load look %}" + source).render(Context(context))


@pytest.fixture
def bad_form() -> SampleForm:
    form = SampleForm({"applicant": "示例·张三", "load_kw": "-3", "purpose": "", "note": "<b>"})
    assert not form.is_valid()
    return form


def test_a_field_ties_label_hint_and_error_to_its_control(bad_form: SampleForm) -> None:
    html = render("{% field form.load_kw suffix='kW' hint='铭牌上有' width='6' %}", form=bad_form)
    assert '<label class="label" for="id_load_kw">' in html
    assert 'aria-describedby="id_load_kw_hint id_load_kw_error"' in html
    assert 'id="id_load_kw_hint"' in html
    assert 'id="id_load_kw_error"' in html
    assert 'aria-invalid="true"' in html
    assert "需要修改" in html
    assert 'value="-3"' in html, "what was typed stays typed"
    assert "width-6" in html


def test_radios_are_a_fieldset_with_hints_of_their_own(bad_form: SampleForm) -> None:
    html = render("{% field form.purpose heading=True %}", form=bad_form)
    assert html.count('type="radio"') == 3
    assert '<fieldset aria-describedby="id_purpose_error">' in html
    assert "<h1>您用电做什么？</h1>" in html
    assert 'id="id_purpose_1_hint"' in html
    assert 'aria-describedby="id_purpose_1_hint"' in html


def test_an_optional_field_says_so_and_text_is_escaped(bad_form: SampleForm) -> None:
    html = render("{% field form.note %}", form=bad_form)
    assert "（选填）" in html
    assert "&lt;b&gt;" in html


def test_star_input_shows_as_many_stars_as_the_value() -> None:
    html = render("{% star_input form.rating %}", form=SampleForm())
    stars = [part.count('class="icon"') for part in html.split("<label")[1:]]
    assert stars == [5, 4, 3, 2, 1]


def test_the_summary_links_every_error_to_a_control_that_exists(bad_form: SampleForm) -> None:
    names = list(bad_form.fields)
    page = "{% error_summary form %}" + "".join(f"{{% field form.{name} %}}" for name in names)
    html = render(page, form=bad_form)
    targets = [part.split('"')[0] for part in html.split('href="#')[1:]]
    assert len(targets) == len(bad_form.errors)
    for target in targets:
        assert f'id="{target}"' in html
    assert "用电容量 · " in html


def test_no_errors_no_summary() -> None:
    form = SampleForm()
    assert render("{% error_summary form %}", form=form).strip() == ""


def test_a_due_date_explains_itself() -> None:
    html = render(
        "{% due day today=today start=start working_days=5 %}",
        day=date(2021, 9, 26),
        today=date(2021, 9, 22),
        start=date(2021, 9, 17),
    )
    assert "9月26日 星期日（调休上班）" in html
    assert 'datetime="2021-09-26"' in html
    assert "还剩 3 个工作日" in html
    assert "为什么是这一天" in html
    assert "中秋节" in html
    compact = render("{% due day 3 compact=True %}", day=date(2021, 9, 26))
    assert "details" not in compact


def test_overdue_is_a_word_and_a_sign_not_only_a_colour() -> None:
    late = render("{% due day -2 %}", day=date(2021, 9, 17))
    assert "已超期 2 个工作日" in late
    assert "<svg" in late
    bar = render("{% progress_bar 8 6 %}")
    assert "超期" in bar
    assert "已用 8 / 6 个工作日" in bar


def test_a_date_after_the_last_notice_is_provisional() -> None:
    assert "暂定" in render("{% due day 3 %}", day=date(2031, 3, 4))


def test_tags_take_statuses_or_words() -> None:
    html = render("{% tag status %}{% tag '草稿' %}", status=Status("late", "超期", "overdue"))
    assert "tag-overdue" in html
    assert "tag-grey" in html
    assert html.count("<svg") == 1


def test_blocks_escape_titles_and_keep_their_content() -> None:
    html = render("{% notice 'error' title=title %}<p>正文</p>{% endnotice %}", title="<i>")
    assert "&lt;i&gt;" in html
    assert "<p>正文</p>" in html
    assert "role='alert'" in html


def test_the_pager_keeps_the_rest_of_the_query() -> None:
    page = Paginator(range(95), 10).page(4)
    request = RequestFactory().get("/?track=resident&page=4")
    html = render("{% pager page %}", page=page, request=request)
    assert 'href="?track=resident&amp;page=5"' in html
    assert "…" in html


def test_filters_say_units() -> None:
    html = render("{{ a|kw }} {{ b|kw }} {{ c|working_days }} {{ d|lane_label }}",
                  a=12.50, b=12000, c=3, d="utility")  # fmt: skip
    assert html == "12.5\u00a0kW 12,000\u00a0kW 3 个工作日 供电企业"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_lane_colours_stand_out_on_paper_and_apart_from_overdue() -> None:
    for colour in (*LANE_COLOURS.values(), OVERDUE, TEAL):
        assert contrast(colour, "#ffffff") >= 3
        assert contrast(colour, "#f3f5f8") >= 3
    assert contrast(TEAL, "#ffffff") >= 4.5
    assert contrast(OVERDUE, "#ffffff") >= 4.5
