"""The board as a supervisor uses it: every link opens, both downloads are read back."""

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from support.cases import SUPERVISOR
from support.people import make_user, sign_in
from tongdian.service.casework.models import Case
from tongdian.service.supervision.figures import FIGURES
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import board_for

ADDRESSES = (
    "/board/",
    "/board/?days=30&track=resident",
    "/board/?days=90&district=5201GA",
    "/board/cases/done/?track=zero_lv&used=4",
    "/board/cases/late_now/",
    "/board/findings/?kind=burst",
)
TABLES = ("/board/table/track/", "/board/table/district/", "/board/table/track/?days=30")


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def read_csv(response: Any) -> list[list[str]]:
    text = body(response).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def read_excel(response: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(response)))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_link_of_a_page_opens(supervisor: Client, address: str, language: str) -> None:
    supervisor.cookies["language"] = language
    response = supervisor.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    links = {unescape(link) for link in re.findall(r'href="([^"#]+)"', page)}
    inside = sorted(link for link in links if link.startswith(("/board/", "?")))
    assert len(inside) >= 3
    base = address.split("?")[0]
    # Rows of tables open the same view with other filters: one in seven is enough.
    for link in inside[::7]:
        target = base + link if link.startswith("?") else link
        assert supervisor.get(target).status_code == 200, target


@pytest.mark.parametrize("address", ADDRESSES[:1] + ADDRESSES[-1:])
def test_english_pages_are_english(supervisor: Client, address: str) -> None:
    supervisor.cookies["language"] = "en"
    page = supervisor.get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    words = re.sub(r"<[^>]+>", " ", main)
    found = set(re.findall(r"[\u4e00-\u9fff]+", words))
    assert found <= {"三零"}, found


@pytest.mark.parametrize("address", TABLES)
def test_tables_leave_as_csv_and_excel_with_the_same_numbers(
    supervisor: Client, address: str
) -> None:
    mark = "&" if "?" in address else "?"
    lines = read_csv(supervisor.get(f"{address}{mark}format=csv"))
    sheet = read_excel(supervisor.get(f"{address}{mark}format=xlsx"))
    assert [str(cell) for cell in sheet[0]] == lines[0]
    assert len(sheet) == len(lines)
    for cells, line in zip(sheet[1:], lines[1:], strict=True):
        assert cells[0] == line[0]
        for cell, text in zip(cells[1:], line[1:], strict=True):
            assert (cell == "" and text == "") or Decimal(str(cell)) == Decimal(text)


def test_the_table_holds_the_figures(supervisor: Client) -> None:
    lines = read_csv(supervisor.get("/board/table/track/"))
    board = board_for(SUPERVISOR, BoardFilter())
    resident = board.by_track()[0].cells
    row = dict(zip(lines[0], lines[1], strict=True))
    assert row["办电类型"] == "居民"
    assert float(row["已通电（件）"]) == resident["done"].value
    assert float(row["全过程中位数（工作日）"]) == resident["whole_process_days_median"].value
    assert float(row["全过程中位数上限"]) == 3
    assert len(lines) == 7


def test_the_cases_behind_a_figure_leave_as_csv_and_excel(supervisor: Client) -> None:
    address = "/board/cases/done_late/"
    lines = read_csv(supervisor.get(f"{address}?format=csv"))
    sheet = read_excel(supervisor.get(f"{address}?format=xlsx"))
    late = Case.objects.filter(outcome="energised", late=True)
    assert {line[0] for line in lines[1:]} == set(late.values_list("number", flat=True))
    assert [str(cell) for cell in sheet[0]] == lines[0]
    assert [row[0] for row in sheet] == [line[0] for line in lines]
    assert {line[12] for line in lines[1:]} == {"是"}


def test_findings_leave_as_csv_and_excel(supervisor: Client) -> None:
    lines = read_csv(supervisor.get("/board/findings/?format=csv"))
    sheet = read_excel(supervisor.get("/board/findings/?format=xlsx"))
    assert len(lines) == len(sheet) > 5
    page = supervisor.get("/board/findings/")
    assert page.context["count"] == len(lines) - 1


def test_a_page_names_its_formula_and_its_cases(supervisor: Client) -> None:
    for figure in FIGURES.values():
        page = supervisor.get(f"/board/cases/{figure.id}/").content.decode()
        assert figure.formula_zh in page
    assert supervisor.get("/board/cases/nothing/").status_code == 404


@pytest.mark.parametrize("query", ["used=-1", "used=99999999", "used=²", "page=0", "page=x"])
def test_odd_addresses_are_answered(supervisor: Client, query: str) -> None:
    assert supervisor.get(f"/board/cases/done/?track=resident&{query}").status_code == 200


def test_too_many_rows_for_excel_are_said(
    supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongdian.service.supervision import views_cases

    monkeypatch.setattr(views_cases, "MOST_EXCEL_ROWS", 10)
    response = supervisor.get("/board/cases/done/?format=xlsx")
    assert "请用 CSV" in response.content.decode()
    assert len(read_csv(supervisor.get("/board/cases/done/?format=csv"))) > 10


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("auditor", 200),
        ("lead", 200),
        ("clerk", 403),
        ("fieldworker", 403),
        ("officer", 403),
        ("administrator", 403),
    ],
)
def test_who_may_see_boards(at_now: None, role: str, status: int) -> None:
    client = sign_in(Client(), make_user(f"board-{role}", role))
    for address in (*ADDRESSES[:1], *ADDRESSES[3:], TABLES[0]):
        assert client.get(address).status_code == status, address


def test_the_head_of_an_office_reads_whose_cases_they_are(at_now: None) -> None:
    client = sign_in(Client(), make_user("board-own-lead", "lead"))
    for address in ("/board/", "/board/cases/done/", "/board/findings/"):
        heading = re.search(r"<h1>.*?</h1>", client.get(address).content.decode(), re.DOTALL)
        assert heading is not None
        assert "本单位" in heading[0]
        assert "全市" not in heading[0]


def test_strangers_are_sent_to_sign_in(at_now: None) -> None:
    for address in (*ADDRESSES, *TABLES):
        assert Client().get(address).status_code in (302, 403)


def test_pages_ask_the_database_little(
    supervisor: Client, django_assert_max_num_queries: Any
) -> None:
    """The bounds leave room for counts that are just not kept any more: that depends on time."""
    for address, most in (("/board/", 20), ("/board/cases/done/", 18), ("/board/findings/", 22)):
        with django_assert_max_num_queries(most):
            supervisor.get(address)


def test_the_board_reads_its_counts_from_indexes_alone(at_now: None) -> None:
    """With the tables of a large city the planner has no better way: no row of a case is read."""
    from tongdian.service.supervision import tallies

    period = BoardFilter().period
    asked = (
        (tallies._CLOSED, [period.by_week, period.start, *period.bounds, "", ""], "board_closed"),
        (
            tallies._WEEKLY.format(column="opened_at"),
            [period.start, *period.bounds, "", ""],
            "board_opened",
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for statement, params, index in asked:
            cursor.execute(f"EXPLAIN {statement}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"Index Only Scan using {index}" in plan, plan
