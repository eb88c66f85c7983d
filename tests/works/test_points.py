"""Tables of points, as people's programs write them."""

import pytest

from tongdian.works.routes import RouteError, from_csv

A, B, C = "106.7135", "106.7145", "106.7155"


def code_of(data: bytes | str) -> str:
    with pytest.raises(RouteError) as caught:
        from_csv(data)
    return caught.value.code


@pytest.mark.parametrize("mark", [",", ";", "\t", ", ", "，"])
@pytest.mark.parametrize("head", ["", "lon{m}lat{m}laying\n", "经度{m}纬度{m}敷设方式\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_way_of_writing_it(mark: str, head: str, encoding: str, end: str) -> None:
    text = (head + "{A}{m}26.58{m}架空\n\n{B}{m}26.58{m}\n").format(A=A, B=B, m=mark)
    made = from_csv(text.replace("\n", end).encode(encoding))
    assert made.parts[0].points == ((106.7135, 26.58), (106.7145, 26.58))
    assert [part.laying for part in made.parts] == ["overhead"]


def test_a_header_may_name_the_columns_in_another_order() -> None:
    assert from_csv(f"纬度,经度\n26.58,{A}\n26.58,{B}") == from_csv(f"{A},26.58\n{B},26.58")


def test_the_laying_goes_on_until_another_is_named() -> None:
    made = from_csv(f"{A},26.58,顶管\n{B},26.58\n{C},26.58,直埋\n106.7165,26.58")
    assert [(part.laying, len(part.points)) for part in made.parts] == [
        ("pulled", 3),
        ("trench", 2),
    ]
    assert made.parts[0].points[-1] == made.parts[1].points[0]


def test_what_the_last_point_names_begins_nothing() -> None:
    made = from_csv(f"{A},26.58\n{B},26.58,顶管")
    assert [part.laying for part in made.parts] == ["trench"]


def test_a_chamber_is_a_point_of_the_line() -> None:
    made = from_csv(f"{A},26.58\n{B},26.58,电力井\n{C},26.58")
    assert made.chambers == ((106.7145, 26.58),)
    assert made.with_chamber
    assert [part.laying for part in made.parts] == ["trench"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t ", "empty_file"),
        (b"lon,lat\n", "too_few_points"),
        (b"name,remark\n1,2\n", "no_columns"),
        (b"106.7,26.58\n106.8\n", "not_a_number"),
        (b"106.7,26.58\nabc,26.58\n", "not_a_number"),
        (b"106.7,26.58\nnan,26.58\n", "not_a_number"),
        (b"106.7,26.58\ninf,26.58\n", "not_a_number"),
        (b"26.58,106.7\n26.59,106.7\n", "swapped_order"),
        (b"106.7,26.58,magic\n106.71,26.58\n", "unknown_laying"),
        ("106.7,26.58\n106.71,26.58".encode("utf-16"), "wrong_encoding"),
        (b"\xff\xff\xff", "wrong_encoding"),
        (b"PK\x03\x04 and the rest", "not_text"),
        (b"1,2\n" * 500_001, "too_large"),
    ],
)
def test_what_is_no_table_of_a_route(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_the_row_is_named() -> None:
    with pytest.raises(RouteError) as caught:
        from_csv("lon,lat\n106.7,26.58\n\n106.7,\n")
    assert caught.value.field == "row 4"
