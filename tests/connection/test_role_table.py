"""Role × action × owner: exactly the roles of a rule may, and only on cases of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from support.cases import OFFICE, WHO, application, carry, journey, staff, submit
from support.situations import BEFORE, data_for, situation, upload, upload_for
from tongdian.service.casework.errors import CaseNotFound, Forbidden
from tongdian.service.casework.models import Case, Event, Evidence, row_of
from tongdian.service.casework.perform import Performed, open_case, perform
from tongdian.service.casework.selectors import visible_to
from tongdian.service.connection.actions import ACTIONS, act, submit_application
from tongdian.service.connection.next_actions import offered
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor, Role

# Who may do what, as it was decided; the process table has to say the same.
DECIDED = {
    "application_filed": "applicant",
    "application_submitted": "applicant",
    "owner_confirmed": "applicant",
    "deficiency_listed": "clerk lead",
    "deficiency_answered": "applicant",
    "application_accepted": "clerk lead",
    "acceptance_deemed": "system",
    "application_not_accepted": "clerk lead",
    "track_reclassified": "engineer lead",
    "survey_completed": "engineer fieldworker",
    "scheme_replied": "engineer lead",
    "scheme_accepted": "applicant",
    "scheme_disputed": "applicant",
    "permits_filed": "applicant engineer lead",
    "items_resubmitted": "applicant engineer lead",
    "item_corrected": "applicant engineer lead",
    "item_withdrawn": "applicant engineer lead",
    "permits_received": "officer",
    "item_accepted": "officer",
    "item_requested": "system",
    "item_correction_listed": "officer",
    "item_special_started": "officer",
    "item_special_ended": "officer",
    "item_decided": "officer",
    "item_not_accepted": "officer",
    "callback_refused": "system",
    "permits_decided": "officer",
    "commitment_made": "applicant engineer lead",
    "commitment_granted": "system",
    "commitment_declined": "system",
    "false_commitment_reported": "system",
    "commitment_inspected": "officer",
    "commitment_rectified": "applicant engineer fieldworker lead",
    "commitment_revoked": "officer",
    "permit_revoked": "officer",
    "restoration_reported": "applicant engineer fieldworker lead",
    "restoration_checked": "officer",
    "external_works_completed": "engineer fieldworker",
    "completion_reported": "applicant",
    "inspection_passed": "engineer lead",
    "inspection_failed": "engineer lead",
    "contract_recorded": "clerk lead",
    "meter_installed": "engineer fieldworker",
    "energised": "engineer fieldworker",
    "step_rated": "applicant",
    "withdrawn": "applicant",
    "assigned": "lead",
    "consent_given": "applicant",
    "consent_withdrawn": "applicant",
    "fact_obtained": "system",
    "fact_unavailable": "system",
    "lead_matched": "engineer lead system",
    "lead_untied": "engineer lead system",
    "clock_paused": "lead",
    "clock_resumed": "lead",
    "evidence_added": "applicant clerk engineer fieldworker lead officer",
    "event_time_corrected": "supervisor",
    "clock_recomputed": "system",
    "overdue_recorded": "system",
    "personal_data_erased": "administrator system",
}
STARTS = ("application_filed", "application_submitted")
# Commitments need a route and a letter: tests/approval. An erasure names its events: tests/privacy.
KINDS = [kind for kind in DECIDED if kind in BEFORE or kind == "owner_confirmed"]
OF_WINDOW = ("permits_received", "permits_decided")
UTILITY = ("clerk", "engineer", "fieldworker", "lead")
PARTIES = ("applicant", "integrator")
SEES_ALL = ("supervisor", "auditor", "system")
OTHER_OFFICE = "GYPS-520103"
OWNERS = ("own", "other")


@pytest.fixture(scope="module")
def numbers(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """One case for each kind, made once for the whole table and undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {kind: situation(kind) for kind in KINDS}
        transaction.set_rollback(True)


@pytest.fixture
def undone(numbers: dict[str, str]) -> Iterator[None]:
    """What one row of the table does is undone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def actor_for(role: str, owner: str, case: Case, kind: str = "") -> Actor:
    """Somebody with one role, who has to do with this case or has not."""
    own = owner == "own"
    if role in UTILITY:
        return staff(role, case.office if own else OTHER_OFFICE)
    if role in PARTIES:
        pseudonym = case.applicant_pseudonym if own else "person-other"
        owner_of = own and role == "applicant" and kind == "owner_confirmed"
        parties = frozenset({(case.number, "owner")}) if owner_of else frozenset()
        return Actor(frozenset({role}), "", pseudonym, parties=parties)
    department = "GY-ZWZX" if kind in OF_WINDOW else "GY-ZHZF"
    return staff(role, {"officer": department, "system": ""}.get(role, "GY-FGW"))


def sees(role: str, owner: str, case: Case) -> bool:
    """Who may know that a case exists, told in another way than the selectors do."""
    if role in UTILITY or role in PARTIES:
        return owner == "own"
    if role == "officer":
        return Event.objects.filter(case=case, kind="permits_filed").exists()
    return role in SEES_ALL


def may(role: str, kind: str) -> bool:
    """What the table says; an integrator acts for its applicants, but confirms for no owner."""
    roles = DECIDED[kind].split()
    if role == "integrator":
        return "applicant" in roles and kind != "owner_confirmed"
    return role in roles


def attempt(number: str, kind: str, actor: Actor) -> Performed:
    case = Case.objects.get(number=number)
    upload_for(kind, actor.pseudonym)
    return _do(number, kind, data_for(kind, case.folded), actor)


def _do(number: str, kind: str, data: dict[str, Any], actor: Actor) -> Performed:
    if kind in ACTIONS:
        return act(number, kind, data, actor=actor)
    return perform(number, kind, actor=actor, payload=data)


def everything_of(case: Case) -> tuple[Any, ...]:
    fresh = Case.objects.get(pk=case.pk)
    events = list(Event.objects.filter(case=case).order_by("seq").values_list("hash", flat=True))
    return (
        row_of(fresh),
        [bytes(part) for part in events],
        Evidence.objects.filter(case=case).count(),
    )


def refused(error: type[Exception], case: Case, do: Callable[[], object]) -> Any:
    """`do` raises `error` and leaves no trace."""
    before, total = everything_of(case), Event.objects.count()
    with pytest.raises(error) as caught:
        do()
    assert everything_of(case) == before
    assert Event.objects.count() == total
    return caught.value


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", KINDS)
def test_the_table(numbers: dict[str, str], kind: str, role: str, owner: str) -> None:
    case = Case.objects.get(number=numbers[kind])
    actor = actor_for(role, owner, case, kind)
    if not sees(role, owner, case):
        refused(CaseNotFound, case, lambda: attempt(case.number, kind, actor))
    elif not may(role, kind):
        error = refused(Forbidden, case, lambda: attempt(case.number, kind, actor))
        assert kind not in error.allowed or kind == "owner_confirmed"
        assert set(error.roles_needed) <= CONNECTION.rules[kind].roles | {"owner"}
    else:
        performed = attempt(case.number, kind, actor)
        assert performed.event.kind == kind
        assert performed.event.actor == {
            "role": role,
            "organisation": actor.organisation,
            "pseudonym": actor.pseudonym,
        }
        assert Event.objects.filter(case=case).count() == performed.event.seq == case.seq + 1


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_case_and_a_foreign_one_are_not_told_apart(
    numbers: dict[str, str], kind: str
) -> None:
    case = Case.objects.get(number=numbers[kind])
    data = data_for(kind, case.folded)
    stranger = Actor(frozenset({"applicant"}), "", "person-other")
    upload(stranger.pseudonym)
    told = []
    for number in (case.number, "GY000000000000X"):
        with pytest.raises(CaseNotFound) as caught:
            _do(number, kind, data, stranger)
        told.append(str(caught.value).replace(number, "…"))
    assert told[0] == told[1]


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", STARTS)
def test_who_opens_a_case(kind: str, role: str) -> None:
    wish = application("resident")
    payload, personal = wish.split()
    payload["track"] = "resident"
    actor = staff(role, "")
    before = Case.objects.count()
    if may(role, kind):
        opened = open_case("connection", kind, actor=actor, payload=payload, personal=personal)
        assert opened.case.applicant_pseudonym == actor.pseudonym
    else:
        with pytest.raises(Forbidden):
            open_case("connection", kind, actor=actor, payload=payload, personal=personal)
        assert Case.objects.count() == before


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("role", ["applicant", *UTILITY, "officer", "supervisor"])
@pytest.mark.parametrize("kind", sorted({BEFORE[k]: k for k in BEFORE}.values()))
def test_what_is_offered_works(numbers: dict[str, str], kind: str, role: str) -> None:
    """Every action that a page would show to this role can be done, with good data."""
    case = Case.objects.get(number=numbers[kind])
    actor = actor_for(role, "own", case)
    for rule in offered(case.folded, actor.roles, actor):
        with transaction.atomic():
            if sees(role, "own", case):
                assert attempt(case.number, rule.kind, actor).event.kind == rule.kind
            transaction.set_rollback(True)


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", list(Role))
def test_reading_follows_the_same_line(numbers: dict[str, str], role: str, owner: str) -> None:
    for number in set(numbers.values()):
        case = Case.objects.get(number=number)
        actor = actor_for(role, owner, case)
        assert visible_to(actor).filter(number=number).exists() == sees(role, owner, case)


@pytest.mark.usefixtures("undone")
def test_headquarters_act_for_every_office(numbers: dict[str, str]) -> None:
    number = numbers["application_accepted"]
    assert Case.objects.get(number=number).office == OFFICE
    attempt(number, "application_accepted", staff("clerk", "GYPS"))
    assert Case.objects.get(number=number).stage == "survey"


@pytest.mark.usefixtures("undone")
def test_a_query_code_lets_a_party_act_on_that_case_alone(numbers: dict[str, str]) -> None:
    mine, other = numbers["withdrawn"], numbers["scheme_accepted"]
    party = Actor(frozenset({"applicant"}), "", "visitor", cases=frozenset({mine}))
    other_case = Case.objects.get(number=other)
    refused(CaseNotFound, other_case, lambda: act(other, "scheme_accepted", {}, actor=party))
    assert act(mine, "withdrawn", {}, actor=party).case.outcome == "withdrawn"


@pytest.mark.usefixtures("undone")
def test_the_contractor_who_filed_cannot_confirm_as_owner(numbers: dict[str, str]) -> None:
    case = Case.objects.get(number=numbers["owner_confirmed"])
    contractor = Actor(frozenset({"applicant"}), "", case.applicant_pseudonym)
    error = refused(
        Forbidden, case, lambda: act(case.number, "owner_confirmed", {}, actor=contractor)
    )
    assert error.roles_needed == ["owner"]


def test_the_process_says_what_was_decided() -> None:
    assert {k: " ".join(sorted(rule.roles)) for k, rule in CONNECTION.rules.items()} == DECIDED


def test_no_rule_mixes_duties() -> None:
    """Machines do what nobody may do by hand; who administers or audits does nothing to a case."""
    for rule in CONNECTION.rules.values():
        assert rule.roles, rule.kind
        outside = {"auditor", "integrator"}
        if rule.kind != "personal_data_erased":
            outside |= {"administrator"}
        assert not rule.roles & outside, rule.kind
        assert ("system" in rule.roles) == (not rule.manual), rule.kind
        assert "supervisor" not in rule.roles or rule.roles == {"supervisor"}, rule.kind


def test_an_integrator_submits_for_its_applicants(db: None) -> None:
    integrator = Actor(frozenset({"integrator"}), "ENTERPRISE-1", "client-1")
    case = submit_application(application("resident"), actor=integrator).performed.case
    done = act(case.number, "withdrawn", {}, actor=integrator)
    assert done.event.actor["role"] == "integrator"


@pytest.mark.parametrize(("steps", "stage"), [(4, "permits"), (6, "permits_issue")])
def test_nobody_stops_the_clock_of_all_departments(db: None, steps: int, stage: str) -> None:
    """A department stops its own item, by law; the utility none at all."""
    number = submit("zero_lv_external").case.number
    carry(number, journey("zero_lv_external")[:steps])
    case = Case.objects.get(number=number)
    assert case.stage == stage
    data = {"ground": "force_majeure", "evidence": "暴雨红色预警 2026-8 号"}
    refused(Forbidden, case, lambda: act(number, "clock_paused", data, actor=WHO["lead"]))
    refused(Forbidden, case, lambda: act(number, "clock_paused", data, actor=WHO["officer"]))


@pytest.mark.parametrize(
    ("kind", "home"),
    [("item_decided", "GY-GAJG"), ("item_decided", "GY-ZWZX"), ("permits_received", "GY-ZHZF")],
)
def test_a_department_moves_its_own_items_alone(db: None, kind: str, home: str) -> None:
    number = submit("zero_lv_external").case.number
    steps = 4 if kind == "permits_received" else 5
    filed = {"items": ["municipal", "traffic"]}
    way = journey("zero_lv_external")
    carry(number, [*way[:3], ("permits_filed", "engineer", filed), *way[4:steps]])
    case = Case.objects.get(number=number)
    data = data_for(kind, case.folded)
    refused(Forbidden, case, lambda: act(number, kind, data, actor=staff("officer", home)))
