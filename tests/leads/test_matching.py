"""Which lead an application belongs to: sure ones are tied at once, others decided by a person."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.cases import ENGINEER, WHO, staff, submit
from support.permits import BUILDER, NUMBER, PROJECT, UNIT, push
from tongdian.law.identifiers import make_project_code, make_uscc
from tongdian.service.casework.errors import InvalidInput, NotAllowed
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act as act_on_connection
from tongdian.service.exchange import following
from tongdian.service.leads.actions import act
from tongdian.service.leads.matcher import is_tied
from tongdian.service.leads.matching import CERTAIN, POSSIBLE, Described, compare, plain_address
from tongdian.service.leads.models import Lead
from tongdian.service.leads.process import tied_to
from tongdian.service.leads.suggestions import open_suggestions

OTHER = make_uscc(9)
LEAD = Described(NUMBER, PROJECT, UNIT, BUILDER, "贵阳市南明区示例大道8号", 106.7144, 26.5687,
                 Decimal(480))  # fmt: skip
NOTHING = Described("", "", "", "", "", None, None, Decimal(400))


def like(**changes: Any) -> Described:
    return Described(**{**{name: getattr(NOTHING, name) for name in NOTHING.__slots__}, **changes})


@pytest.mark.parametrize(
    ("request_", "ground"),
    [
        (like(permit=NUMBER, uscc=BUILDER), "permit"),
        (like(permit=NUMBER, uscc=OTHER), None),
        (like(unit=UNIT), "unit"),
        (like(unit=UNIT, uscc=OTHER), "unit"),
        (like(project_code=PROJECT, uscc=BUILDER), "project"),
        (like(project_code=PROJECT), "same_project"),
        (like(uscc=BUILDER, address="示例大道 8 号"), "address"),
        (like(uscc=BUILDER, address="南明区示例大道9号"), "builder"),
        (like(uscc=BUILDER, lon=106.7154, lat=26.5687), "place"),
        (like(uscc=BUILDER, lon=106.7244, lat=26.5687), "builder"),
        (like(address="贵州省贵阳市南明区示例大道8号"), "same_address"),
        (like(lon=106.7154, lat=26.5687), "nearby"),
        (like(lon=106.7154, lat=26.5687, load_kw=Decimal(8)), None),
        (like(address="示例大道8号", load_kw=Decimal(8)), None),
        (like(lon=106.7244, lat=26.5687), None),
        (NOTHING, None),
    ],
)
def test_the_grounds_in_their_order(request_: Described, ground: str | None) -> None:
    found = compare(LEAD, request_, 200)
    assert (found.ground if found else None) == ground
    if found:
        assert found.is_certain is (ground in CERTAIN)


@pytest.mark.parametrize(("metres", "close"), [(199, True), (200, True), (201, False)])
def test_the_radius_includes_its_bound(metres: int, close: bool) -> None:
    request = like(uscc=BUILDER, lon=106.7154, lat=26.5687)
    found = compare(LEAD, request, 200)
    assert found
    assert found.distance_m == 100
    assert (compare(LEAD, request, 100 * 200 / metres).ground == "place") is close  # type: ignore[union-attr]


DESCRIBED = st.builds(
    Described,
    permit=st.sampled_from(["", NUMBER, "520102202506180109"]),
    project_code=st.sampled_from(["", PROJECT, make_project_code(2025, 3, "520102", 9)]),
    unit=st.sampled_from(["", UNIT]),
    uscc=st.sampled_from(["", BUILDER, OTHER]),
    address=st.sampled_from(["", LEAD.address, "贵阳市南明区示例路1号"]),
    lon=st.none() | st.just(106.7144),
    lat=st.none() | st.just(26.5687),
    load_kw=st.sampled_from([Decimal(8), Decimal(480)]),
)


@given(DESCRIBED, DESCRIBED)
def test_nothing_in_common_is_no_match_and_what_is_said_twice_is_one(
    one: Described, other: Described
) -> None:
    shared = [n for n in ("permit", "project_code", "unit", "uscc", "address")
              if getattr(one, n) and getattr(one, n) == getattr(other, n)]  # fmt: skip
    placed = None not in (one.lon, one.lat, other.lon, other.lat)
    found = compare(one, other, 200)
    if not shared and not placed:
        assert found is None
    if found is not None:
        assert found.ground in (*CERTAIN, *POSSIBLE)
        assert shared or placed


def test_an_address_is_compared_without_city_blanks_and_marks() -> None:
    assert plain_address("贵州省贵阳市南明区示例大道８号") == plain_address("示例大道 8号")
    assert plain_address("") == ""


@pytest.fixture
def log(db: None) -> None:
    following.install()


def follow() -> None:
    sequence_all()
    following.follow_all()


def apply_(**changes: Any) -> Case:
    """An application of the builder, and whatever follows of it."""
    given_ = {
        "name": "贵阳示例机械有限公司",
        "id_number": BUILDER,
        "address": "贵阳市南明区甲路1号",
    }
    case = submit("high_voltage_single", **{**given_, **changes}).case
    follow()
    case.refresh_from_db()
    return case


def fresh(lead: Lead) -> Lead:
    return Lead.objects.select_related("case").get(pk=lead.pk)


def test_a_sure_match_is_tied_in_both_logs(log: None) -> None:
    lead = push()
    case = apply_(address="贵阳市南明区示例大道8号")
    lead = fresh(lead)
    assert lead.connection == case.number == tied_to(lead.case.folded)
    matched = lead.case.events.get(kind="matched")
    assert matched.payload == {"connection": case.number, "ground": "address"}
    assert matched.actor["role"] == "system"
    told = case.events.get(kind="lead_matched").payload
    assert told == {"lead": lead.case.number, "permit": NUMBER,
                    "pushed_at": lead.pushed_at.isoformat()}  # fmt: skip
    assert lead.case.stage == "announced", "preparing goes on"


@pytest.mark.parametrize(
    "said",
    [
        {"real_estate_unit": UNIT, "id_number": OTHER},
        {"project_code": PROJECT},
        {"project_code": PROJECT.replace("-", "")},
        {"construction_permit": NUMBER},
        {"lon": "106.71540000", "lat": "26.56870000"},
    ],
)
def test_what_an_application_may_be_known_by(log: None, said: dict[str, Any]) -> None:
    lead = push()
    case = apply_(**said)
    assert fresh(lead).connection == case.number


def test_an_application_that_came_before_the_push_is_found(log: None) -> None:
    case = apply_(address="贵阳市南明区示例大道8号")
    lead = push()
    follow()
    assert fresh(lead).connection == case.number


def test_another_applicant_is_left_alone(log: None) -> None:
    lead = push()
    case = apply_(id_number=OTHER)
    assert not fresh(lead).connection
    assert not fresh(lead).suggested
    assert not is_tied(case)


def test_two_sure_ones_are_put_before_an_engineer(log: None) -> None:
    leads = [push(), push(0, sgxkzbh="520102202506180109", gcmc="示例·机械厂房二期")]
    case = apply_(project_code=PROJECT)
    assert not is_tied(case)
    for lead in map(fresh, leads):
        assert lead.suggested
        assert [s.connection for s in open_suggestions(lead.case)] == [case.number]
    act(leads[1].case.number, "matched", {"connection": case.number}, actor=ENGINEER)
    assert fresh(leads[1]).connection == case.number
    assert not fresh(leads[1]).suggested
    act(leads[0].case.number, "match_dismissed", {"connection": case.number}, actor=ENGINEER)
    assert not fresh(leads[0]).suggested


def test_two_applications_before_the_push_are_put_before_an_engineer(log: None) -> None:
    cases = [apply_(project_code=PROJECT) for _ in range(2)]
    lead = push()
    follow()
    found = {suggestion.connection for suggestion in open_suggestions(fresh(lead).case)}
    assert found == {case.number for case in cases}
    assert not fresh(lead).connection


def test_a_second_application_of_a_tied_building_is_put_before_an_engineer(log: None) -> None:
    lead = push()
    first, second = (apply_(project_code=PROJECT) for _ in range(2))
    assert fresh(lead).connection == first.number
    assert not is_tied(second)
    assert fresh(lead).case.events.get(kind="match_suggested").payload["connection"] == (
        second.number
    )


def test_a_hint_alone_ties_nothing(log: None) -> None:
    lead = push()
    case = apply_()
    assert not is_tied(case)
    suggested = fresh(lead).case.events.get(kind="match_suggested")
    assert suggested.payload["ground"] == "builder"
    follow()
    assert fresh(lead).case.events.filter(kind="match_suggested").count() == 1


def test_the_same_event_followed_again_ties_nothing_twice(log: None) -> None:
    from tongdian.service.leads.matcher import match_application, match_lead

    lead = push()
    case = apply_(project_code=PROJECT)
    match_application(case.number)
    match_lead(lead.case.number)
    assert fresh(lead).case.events.filter(kind="matched").count() == 1
    assert case.events.filter(kind="lead_matched").count() == 1


def test_a_mistaken_match_is_undone_and_another_made(log: None) -> None:
    lead = push()
    wrong = apply_(project_code=PROJECT)
    right = apply_(id_number=OTHER)
    with pytest.raises(NotAllowed):
        act(lead.case.number, "matched", {"connection": right.number}, actor=ENGINEER)
    untie = {"reason": "other_project", "note": "示例：实为二期"}
    act(lead.case.number, "match_undone", untie, actor=ENGINEER)
    act(lead.case.number, "matched", {"connection": right.number}, actor=ENGINEER)
    assert fresh(lead).connection == right.number
    kinds = wrong.events.order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["lead_matched", "lead_untied"]
    assert is_tied(Case.objects.get(number=right.number))
    assert not is_tied(Case.objects.get(number=wrong.number))


def test_what_is_prepared_ends_when_the_application_comes(log: None) -> None:
    lead = push()
    made = {"source_point": "示例变电站", "voltage": "10kV", "prepared": ["source_checked"]}
    act(lead.case.number, "preparation_started", {}, actor=ENGINEER)
    act(lead.case.number, "preparation_completed", made, actor=ENGINEER)
    assert fresh(lead).case.stage == "prepared"
    apply_(project_code=PROJECT)
    assert fresh(lead).case.outcome == "tied"
    act(lead.case.number, "match_undone", {"reason": "wrong_number"}, actor=ENGINEER)
    assert (fresh(lead).case.stage, fresh(lead).case.outcome) == ("prepared", "")


def test_what_is_tied_first_ends_when_it_is_prepared(log: None) -> None:
    lead = push()
    apply_(project_code=PROJECT)
    made = {"source_point": "示例变电站", "voltage": "10kV", "prepared": ["source_checked"]}
    act(lead.case.number, "preparation_started", {}, actor=ENGINEER)
    act(lead.case.number, "preparation_completed", made, actor=ENGINEER)
    assert fresh(lead).case.outcome == "tied"


def test_a_connection_of_another_office_cannot_be_tied(log: None) -> None:
    lead = push()
    other = submit("resident", district="520103").case
    with pytest.raises(InvalidInput) as refused:
        act(lead.case.number, "matched", {"connection": other.number}, actor=ENGINEER)
    assert refused.value.errors[0].field == "connection"
    assert fresh(lead).case.seq == 1
    act(lead.case.number, "matched", {"connection": other.number}, actor=staff("lead", "GYPS"))


def test_a_connection_that_has_ended_takes_no_lead_and_leaves_both_as_they_were(
    log: None,
) -> None:
    lead = push()
    case = apply_(id_number=OTHER)
    act_on_connection(case.number, "withdrawn", {}, actor=WHO["applicant"])
    with pytest.raises(NotAllowed):
        act(lead.case.number, "matched", {"connection": case.number}, actor=ENGINEER)
    assert fresh(lead).case.seq == 1
    assert not fresh(lead).connection


def test_a_closed_or_withdrawn_lead_is_not_tied(log: None) -> None:
    lead = push()
    act(lead.case.number, "closed", {"reason": "project_stopped"}, actor=ENGINEER)
    case = apply_(project_code=PROJECT)
    assert not is_tied(case)
    assert not fresh(lead).suggested


@pytest.mark.parametrize("role", ["clerk", "fieldworker", "officer", "applicant"])
def test_only_engineers_decide(log: None, role: str) -> None:
    from tongdian.service.casework.errors import CaseworkError

    lead = push()
    with pytest.raises(CaseworkError):
        act(lead.case.number, "preparation_started", {}, actor=WHO[role])
    assert fresh(lead).case.seq == 1
