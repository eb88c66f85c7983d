"""The inbox: order, filters, pages, search, counts, names, from indexes whatever the size."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connection.conftest import Desk
from support.cases import LEAD, WHO, application, carry, facts, journey, staff, submit, today
from support.situations import data_for, situation
from tongdian.law.calendar import default_calendar
from tongdian.service.casework.models import Case
from tongdian.service.connection import inbox as inbox_module
from tongdian.service.connection.actions import act
from tongdian.service.connection.inbox import inbox, inbox_counts
from tongdian.service.connection.inbox_filter import Cursor, InboxFilter
from tongdian.service.identity.actors import Actor

QUERY_COUNTS = Path(__file__).with_name("query_counts.json")
HEAD = staff("lead", "GYPS")


def rows(actor: Actor, query: str = "") -> list[str]:
    wanted = InboxFilter.from_query(QueryDict(query))
    return [view.case.number for view in inbox(actor, wanted).rows]


def due(number: str, day: date | None) -> None:
    """Move the cached due day, which `perform` writes, so that an order can be seen."""
    Case.objects.filter(number=number).update(due_on=day)


@pytest.fixture
def five(db: None) -> list[str]:
    """Five cases at intake, the last the most urgent and the first with no clock running."""
    numbers = [submit("resident", actor=None).case.number for _ in range(5)]
    for place, number in enumerate(numbers):
        due(number, date(2030, 1, 10) - timedelta(days=place) if place else None)
    return numbers


def test_the_least_time_left_comes_first_and_no_clock_last(five: list[str]) -> None:
    assert rows(LEAD) == [five[4], five[3], five[2], five[1], five[0]]


def test_pages_go_on_where_the_last_one_ended(
    five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every case once, in order, over the border between timed and untimed cases as well."""
    monkeypatch.setattr(inbox_module, "PAGE", 2)
    for number in five[:2]:
        due(number, None)
    whole, query = [], ""
    for _ in range(5):
        page = inbox(LEAD, InboxFilter.from_query(QueryDict(query)))
        whole += [view.case.number for view in page.rows]
        query = f"after={page.next_after}"
        if not page.next_after:
            break
    assert whole == [five[4], five[3], five[2], five[0], five[1]]


def test_closed_cases_page_from_the_latest(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "PAGE", 2)
    numbers = [submit("resident").case.number for _ in range(5)]
    for number in numbers:
        act(number, "withdrawn", {}, actor=WHO["applicant"])
    whole, after = [], ""
    for _ in range(3):
        page = inbox(LEAD, InboxFilter.from_query(QueryDict(f"state=closed&after={after}")))
        whole += [view.case.number for view in page.rows]
        after = page.next_after
    assert whole == numbers[::-1]
    assert after == ""


@pytest.mark.parametrize("text", ["", "x", "2026-13-01.4", "never.", "never.1e5", "never.²",
                                  "2026-01-01." + "9" * 19, "2026-01-01"])  # fmt: skip
def test_a_mangled_cursor_is_the_first_page(text: str, five: list[str]) -> None:
    assert Cursor.parse(text) is None
    assert len(rows(LEAD, f"after={text}")) == 5


def test_filters(db: None) -> None:
    resident = submit("resident").case.number
    works = situation("permits_decided")
    high = submit("high_voltage_single").case.number
    carry(high, journey("high_voltage_single")[:4])
    act(resident, "assigned", {"assignee": "staff-fieldworker"}, actor=LEAD)
    for query, expected in {
        "stage=permits_issue": {works},
        "track=resident": {resident},
        "lane=government": {works},
        "lane=applicant": {high},
        "state=applicant": {high},
        "stage=permits_issue&track=resident": set(),
        "assignee=staff-fieldworker": {resident},
        "assignee=none": {works, high},
        "district=520102": {resident, works, high},
        "district=520103": set(),
        "stage=nonsense&track=nonsense&lane=nonsense&state=nonsense": {resident, works, high},
    }.items():
        assert set(rows(HEAD, query)) == expected, query
    mine = staff("fieldworker", pseudonym="staff-fieldworker")
    assert rows(mine, "assignee=me") == [resident]


def test_states_follow_the_promised_days(db: None) -> None:
    late, soon, later = (submit("resident").case.number for _ in range(3))
    now = today()
    due(late, now - timedelta(days=1))
    due(soon, default_calendar().add(now, 1))
    due(later, default_calendar().add(now, 2))
    paused = situation("clock_resumed")
    assert rows(LEAD, "state=late") == [late]
    assert rows(LEAD, "state=soon") == [soon]
    assert rows(LEAD, "state=paused") == [paused]
    assert inbox_counts(LEAD) == {"todo": 3, "late": 1, "soon": 1, "paused": 1}


def test_what_waits_for_me_is_what_i_can_move(db: None) -> None:
    """Each role sees the stages that it moves, and only cases on which it can do so now."""
    numbers = {kind: situation(kind) for kind in (
        "application_accepted", "survey_completed", "scheme_replied", "permits_decided",
        "external_works_completed", "inspection_passed", "energised", "meter_installed",
    )}  # fmt: skip
    expected = {
        "clerk": {"application_accepted", "meter_installed"},
        "fieldworker": {"survey_completed", "external_works_completed", "energised",
                        "meter_installed"},
        "officer": {"permits_decided"},
    }  # fmt: skip
    for role, kinds in expected.items():
        found = set(rows(WHO[role], "state=todo"))
        assert found == {numbers[kind] for kind in kinds}, role


@pytest.mark.parametrize("actor", [LEAD, HEAD, WHO["officer"], staff("supervisor", "GY-FGW")])
def test_counts_stop_at_their_bound(
    actor: Actor, five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "COUNT_BOUND", 3)
    with CaptureQueriesContext(connection) as captured:
        counts = inbox_counts(actor)
    assert all(count <= 3 for count in counts.values())
    assert all("LIMIT 3" in query["sql"] for query in captured if "COUNT" in query["sql"])


def test_an_office_sees_no_other_office(db: None) -> None:
    ours, theirs = submit("resident").case, submit("resident", district="520103").case
    assert rows(LEAD) == [ours.number]
    assert rows(staff("lead", "GYPS-520103")) == [theirs.number]
    assert set(rows(HEAD)) == {ours.number, theirs.number}


def test_search_by_number_and_by_address(db: None) -> None:
    ours = submit("resident", address="贵阳市南明区云安路 4 号").case
    other = submit("resident", address="贵阳市南明区宝山路 9 号").case
    act(other.number, "withdrawn", {}, actor=WHO["applicant"])
    assert rows(LEAD, f"q={ours.number}") == [ours.number]
    assert rows(LEAD, f"q={other.number[:-1].lower()}") == [other.number]
    assert rows(LEAD, "q=云安路") == [ours.number]
    assert rows(LEAD, "q=南明区") == [ours.number]
    assert rows(LEAD, "q=宝山路") == []
    assert rows(LEAD, "q=宝山路&state=closed") == [other.number]
    assert rows(LEAD, "q=安云") == []
    assert rows(LEAD, "q=%25") == []
    assert rows(LEAD, "q=路") == [ours.number]


def test_a_whole_number_opens_its_case(desk: Desk) -> None:
    number = submit("resident").case.number
    answer = desk("clerk").get(f"/desk/?q={number.lower()}")
    assert answer["Location"] == f"/desk/cases/{number}/"


VIEWS = (
    "", "state=late", "state=soon", "state=todo", "state=paused", "state=applicant",
    "state=closed", "stage=survey", "stage=survey&track=high_voltage_dual", "track=resident",
    "lane=government", "assignee=me", "assignee=none", "district=520103", "after=2030-01-01.5",
    "after=never.5", "q=GY2611", "q=云安路", "q=没有这条路", "q=没有这条路&state=closed",
)  # fmt: skip
SYNTHETIC = 20_000
STAGES = "{intake,survey,scheme,scheme_decision,own_works,permits,external_works,metering}"


def fill(number: str) -> None:
    """A city's worth of case rows, copied from one: eight stages, four offices, half closed."""
    columns = [field.column for field in Case._meta.concrete_fields if not field.primary_key]
    other = {
        "number": "'GY26' || lpad(g::text, 10, '0') || 'X'",
        "office": "'GYPS-52010' || (2 + (g / 11) % 4)",
        "outcome": "CASE WHEN g % 2 = 0 THEN '' ELSE 'energised' END",
        "closed_at": "CASE WHEN g % 2 = 0 THEN NULL ELSE now() - g * interval '1 minute' END",
        "due_on": "CASE WHEN (g / 3) % 5 = 0 THEN NULL ELSE current_date - 5 + (g / 7) % 60 END",
        "stage": f"('{STAGES}'::text[])[1 + (g / 3) % 8]",
        "lane": "CASE WHEN (g / 3) % 5 = 0 THEN 'applicant' ELSE 'utility' END",
        "track": "CASE WHEN g % 50 = 0 THEN 'high_voltage_dual' ELSE 'resident' END",
        "assignee": "'staff-' || (g / 17) % 100",
        "pause_ground": "CASE WHEN g % 200 = 0 THEN 'force_majeure' ELSE '' END",
        "address_masked": "'贵阳市南明区示例路' || g",
        "state": "CASE WHEN (g / 13) % 10 = 0 THEN jsonb_set(state, '{done,permits_filed}', '1')"
                 " ELSE state END",
    }  # fmt: skip
    chosen = ", ".join(f"{other[name]}" if name in other else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO casework_case ({names}) SELECT {chosen} FROM casework_case,"
            f" generate_series(1, {SYNTHETIC}) g WHERE number = '{number}'"
        )
        cursor.execute("ANALYZE casework_case")


def rows_read(node: dict[str, Any]) -> int:
    """Table rows that the scans of a plan looked at, kept or not."""
    own = 0
    if "Scan" in node["Node Type"] and "Bitmap Index" not in node["Node Type"]:
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(own * node["Actual Loops"]) + sum(rows_read(n) for n in node.get("Plans", []))


def test_no_view_reads_more_than_its_page(db: None) -> None:
    """What each view really reads of a big table, as the database measures it."""
    fill(submit("resident").case.number)
    too_many = {}
    for actor in (LEAD, HEAD, WHO["officer"], WHO["fieldworker"]):
        for query in VIEWS:
            with CaptureQueriesContext(connection) as captured:
                inbox(actor, InboxFilter.from_query(QueryDict(query)))
            assert 1 <= len(captured) <= 3, query
            read = sum(measure(each["sql"]) for each in captured.captured_queries)
            if read > SYNTHETIC / 10:
                too_many[actor.role, actor.organisation, query] = read
    assert too_many == {}


def measure(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
        answer = cursor.fetchone()[0]
    return rows_read((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])


def measured(client: Client, url: str, **headers: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, headers=headers).status_code == 200
    return len(captured)


def test_pages_ask_no_more_for_more_rows(desk: Desk, staff_of: Any) -> None:
    """Statements of each page are a baseline in the repository, and do not grow with the rows."""
    pseudonym = staff_of("fieldworker").pseudonym
    number = situation("energised")
    counted: dict[str, int] = {}
    for more in (0, 12):
        for _ in range(more):
            other = submit("resident").case.number
            act(other, "assigned", {"assignee": pseudonym}, actor=LEAD)
            case = Case.objects.get(number=number)
            act(number, "event_time_corrected", data_for("event_time_corrected", case.folded),
                actor=staff("supervisor", "GY-FGW"))  # fmt: skip
        act(number, "assigned", {"assignee": pseudonym}, actor=LEAD)
        now = {
            "inbox clerk": measured(desk("clerk"), "/desk/?state=open"),
            "inbox lead": measured(desk("lead"), "/desk/?state=open"),
            "inbox officer": measured(desk("officer"), "/desk/"),
            "inbox rows": measured(desk("lead"), "/desk/", **{"HX-Request": "true"}),
            "case": measured(desk("clerk"), f"/desk/cases/{number}/"),
            "form": measured(desk("fieldworker"), f"/desk/cases/{number}/energised/"),
        }
        counted = {page: max(counted.get(page, 0), count) for page, count in now.items()}
        if not more:
            first = now
    assert now == first, "the number of statements grows with the number of rows"
    assert counted == json.loads(QUERY_COUNTS.read_text())


def test_the_table_is_made_for_keys_and_opens_beside_the_list(desk: Desk) -> None:
    number = submit("resident").case.number
    page = desk("lead").get("/desk/").content.decode()
    for part in ("data-keys", "data-search", 'hx-target="#case-panel"', 'id="case-panel"',
                 f'href="/desk/cases/{number}/"', "data-choose-all", "<kbd>j</kbd>",
                 'hx-trigger="case-changed from:body"', f'value="{number}"'):  # fmt: skip
        assert part in page, part
    panel = desk("lead").get(f"/desk/cases/{number}/", headers={"HX-Request": "true"})
    assert panel.content.decode().strip().startswith("<article")


def test_rows_say_who_where_how_long_and_what_next(desk: Desk, staff_of: Any) -> None:
    wish = facts("low_voltage")
    number = submit("low_voltage").case.number
    act(number, "assigned", {"assignee": staff_of("clerk").pseudonym}, actor=LEAD)
    page = desk("clerk").get("/desk/").content.decode()
    assert application("low_voltage").name == wish["name"]
    for words in ("贵阳示**饮有限公司", "受理审核", "供电企业", "示例·clerk", "90", "还剩",
                  f'href="/desk/cases/{number}/application_accepted/"'):  # fmt: skip
        assert words in page, words


def test_english_desk_has_no_chinese_words_of_its_own(desk: Desk) -> None:
    submit("resident")
    page = desk("lead", language="en").get("/desk/").content.decode()
    for words in ("All open", "least promised time left first", "Waiting for me", "Accept"):
        assert words in page, words
    for words in ("全部在办", "派工", "筛选"):
        assert words not in page, words
