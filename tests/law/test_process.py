"""The process table of a connection: its shape, its refusals in words, and the fold."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tongdian.law.plan import load_plan
from tongdian.law.process import (
    BACK,
    SAME,
    START,
    CaseState,
    FoldEvent,
    Hold,
    ProcessError,
    Rule,
)
from tongdian.service.connection.process import CONNECTION, OPEN, ZERO_INVESTMENT_TRACKS

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
ENDS = {stage.id for stage in CONNECTION.stages.values() if stage.terminal}
TRACKS = sorted(load_plan().tracks)
EVERYBODY = frozenset().union(*(rule.roles for rule in CONNECTION.rules.values()))


def fold(track: str, *kinds: str | tuple[str, dict[str, Any]]) -> CaseState:
    """A case of `track` after `kinds`, one a day from Monday on."""
    events = []
    for number, kind in enumerate(("application_submitted", *kinds)):
        name, payload = (kind, {}) if isinstance(kind, str) else kind
        opening = {"track": track, "plan": "guiyang-2021"} if number == 0 else {}
        when = MONDAY + timedelta(days=number)
        events.append(FoldEvent(number + 1, name, when, {**opening, **payload}))
    return CONNECTION.fold(events)


def then(state: CaseState, kind: str, **payload: Any) -> CaseState:
    """The next event, a day later."""
    when = MONDAY + timedelta(days=state.seq)
    return CONNECTION.apply(state, FoldEvent(state.seq + 1, kind, when, payload))


def targets(rule: Rule, stage: str) -> set[str]:
    """Where a rule may lead from a stage, over all tracks."""
    if rule.leads:
        ends = {end for source, end in rule.leads if source == stage} or {stage}
        return ends - {BACK} | ({"own_works", "external_works"} if BACK in ends else set())
    if callable(rule.target):
        return {rule.target(CaseState(stage=stage, track=track), {}) for track in TRACKS}
    if rule.target == SAME:
        return {stage}
    if rule.target == BACK:
        return {
            source
            for other in CONNECTION.rules.values()
            if other.remember
            for source in other.sources
        }
    return {str(rule.target)}


def reachable(start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        stage = waiting.pop()
        for rule in CONNECTION.rules.values():
            if stage in rule.sources:
                waiting += [new for new in targets(rule, stage) if new not in seen]
                seen |= targets(rule, stage)
    return seen


# --- the shape of the table ------------------------------------------------------------------


def test_every_stage_is_held_by_one_lane_or_ends_the_case() -> None:
    for stage in CONNECTION.stages.values():
        assert (stage.lane is None) == stage.terminal, stage.id
        assert not (stage.terminal and stage.totals), stage.id
        assert stage.zh
        assert stage.en


def test_every_stage_can_be_reached_and_left_for_power_on() -> None:
    assert reachable(START) - {START} == set(CONNECTION.stages)
    for stage in OPEN:
        assert {"energised", "withdrawn"} <= reachable(stage), stage
    for stage in ENDS:
        assert reachable(stage) == {stage}


def test_every_rule_knows_its_stages_and_says_what_it_does_to_the_clock() -> None:
    for rule in CONNECTION.rules.values():
        assert rule.sources <= set(CONNECTION.stages) | {START}, rule.kind
        for stage in rule.sources:
            assert targets(rule, stage) <= set(CONNECTION.stages) | {START}, rule.kind
        assert all((rule.zh, rule.en, rule.clock_zh, rule.clock_en)), rule.kind


def test_a_lane_changes_only_by_a_rule_that_says_so() -> None:
    """What has no effect on the clock by its words has none in the table."""
    for rule in CONNECTION.rules.values():
        if rule.clock_zh == "不影响时限":
            assert rule.target == SAME, rule.kind
            effects = (rule.pauses, rule.resumes, rule.retracks, rule.retroactive)
            assert not any(effects), rule.kind


def test_an_open_case_can_always_be_withdrawn_by_the_applicant() -> None:
    assert CONNECTION.rules["withdrawn"].sources == OPEN


# --- steps that cannot be skipped ------------------------------------------------------------


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize("stage", sorted(OPEN - {"metering"}))
def test_power_comes_only_from_metering(track: str, stage: str) -> None:
    state = CaseState(stage=stage, track=track, plan="guiyang-2021")
    refusal = CONNECTION.refusal(state, "energised", {})
    assert refusal is not None
    assert CONNECTION.stages[stage].zh in refusal.rule_zh
    assert CONNECTION.stages[stage].en in refusal.rule_en


@pytest.mark.parametrize("track", TRACKS)
def test_after_the_scheme_each_track_goes_its_own_way(track: str) -> None:
    state = fold(
        track,
        "application_accepted",
        ("survey_completed", {"external_works": "no"}),
        "scheme_replied",
    )
    expected = {"resident": "metering", "zero_lv": "metering", "zero_lv_external": "external_works"}
    assert state.stage == expected.get(track, "scheme_decision")
    lanes = {"metering": "utility", "external_works": "utility", "scheme_decision": "applicant"}
    assert state.lane == lanes[state.stage]
    assert (track in ZERO_INVESTMENT_TRACKS) == (state.stage != "scheme_decision")


@pytest.mark.parametrize("missing", ["contract_recorded", "meter_installed"])
def test_power_waits_for_contract_and_meter(missing: str) -> None:
    have = {"contract_recorded", "meter_installed"} - {missing}
    state = fold("resident", "application_accepted", "survey_completed", "scheme_replied", *have)
    refusal = CONNECTION.refusal(state, "energised", {})
    assert refusal is not None
    assert refusal.clause == "电力供应与使用条例 第三十二条"
    assert then(then(state, missing), "energised").outcome == "energised"


def test_what_is_missing_is_told_once() -> None:
    state = fold("resident", "deficiency_listed", "deficiency_answered")
    refusal = CONNECTION.refusal(state, "deficiency_listed", {})
    assert refusal is not None
    assert refusal.clause == "行政许可法 第三十二条"
    assert refusal.remedy_zh
    offered = {rule.kind for rule in CONNECTION.allowed(state, {"clerk"})}
    assert offered >= {"application_accepted", "application_not_accepted"}
    assert "deficiency_listed" not in offered


def test_a_longer_limit_is_never_taken_silently() -> None:
    state = fold("zero_lv", "application_accepted")
    refusal = CONNECTION.refusal(state, "survey_completed", {"external_works": "yes"})
    assert refusal is not None
    assert "变更办电类型" in refusal.rule_zh
    changed = then(state, "track_reclassified", to="zero_lv_external", reason="…")
    assert (changed.track, changed.stage) == ("zero_lv_external", "survey")
    assert then(changed, "survey_completed", external_works="yes").stage == "scheme"
    contradicted = CONNECTION.refusal(changed, "survey_completed", {"external_works": "no"})
    assert contradicted is not None, "the longer limit for works that the survey then denies"


@pytest.mark.parametrize("track", [track for track in TRACKS if track != "zero_lv"])
def test_no_other_track_can_be_changed(track: str) -> None:
    state = fold(track, "application_accepted")
    assert CONNECTION.refusal(state, "track_reclassified", {}) is not None


# --- pauses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "utility", "government"),
    [
        ("applicant_request", True, False),
        ("site_not_ready", True, False),
        ("force_majeure", True, True),
        ("expert_review", False, True),
        ("hearing", False, True),
        ("testing", False, True),
    ],
)
def test_each_ground_stops_the_clock_of_its_lanes(
    ground: str, utility: bool, government: bool
) -> None:
    survey = fold("zero_lv_external", "application_accepted")
    filed = fold_to_permits("municipal")
    reviewing = then(filed, "permits_received")
    refusals = (
        (CONNECTION.refusal(survey, "clock_paused", {"ground": ground}), utility),
        (
            CONNECTION.refusal(
                reviewing, "item_special_started", {"item": "municipal", "ground": ground}
            ),
            government,
        ),
    )
    for refusal, possible in refusals:
        assert (refusal is None) == possible
    if refusals[0][0] is not None:
        assert refusals[0][0].clause == next(
            known.clause for known in load_plan().pause_grounds if known.id == ground
        )


def fold_to_permits(*items: str) -> CaseState:
    """A case whose utility has just filed for permits."""
    return fold(
        "zero_lv_external",
        "application_accepted",
        ("survey_completed", {"external_works": "yes"}),
        "scheme_replied",
        ("permits_filed", {"items": list(items)}),
    )


def test_nobody_stops_the_clock_of_all_departments_at_once() -> None:
    state = fold_to_permits("municipal", "forest")
    assert CONNECTION.refusal(state, "clock_paused", {"ground": "force_majeure"}) is not None


def test_during_a_pause_nothing_moves_but_time_can_be_explained() -> None:
    state = fold("resident", "application_accepted", ("clock_paused", {"ground": "force_majeure"}))
    assert state.pause_ground == "force_majeure"
    everyone = {rule.kind for rule in CONNECTION.allowed(state, EVERYBODY)}
    assert everyone == {
        "step_rated",
        "withdrawn",
        "assigned",
        "clock_resumed",
        "evidence_added",
        "event_time_corrected",
        "consent_given",
    }
    refusal = CONNECTION.refusal(state, "survey_completed", {"external_works": "no"})
    assert refusal is not None
    assert refusal.remedy_zh == "先恢复计时"
    resumed = then(state, "clock_resumed")
    assert (resumed.stage, resumed.pause_ground) == ("survey", None)
    assert [hold.ground for hold in resumed.holds] == [None, None, "force_majeure", None]


def test_the_applicants_own_time_cannot_be_paused() -> None:
    state = fold("low_voltage", "deficiency_listed")
    assert CONNECTION.refusal(state, "clock_paused", {"ground": "force_majeure"}) is not None


# --- the fold ---------------------------------------------------------------------------------


def test_silence_accepts_as_of_the_day_of_receipt() -> None:
    """行政许可法 art. 32: the scheme's period runs from the application, not from the sixth day."""
    state = fold("resident", "evidence_added", "evidence_added", "acceptance_deemed")
    assert state.holds == (
        Hold("utility", "intake", MONDAY, MONDAY),
        Hold("utility", "survey", MONDAY),
    )
    assert state.instants["acceptance_deemed"] == MONDAY


def test_after_a_list_silence_counts_from_the_answer() -> None:
    state = fold("resident", "deficiency_listed", "deficiency_answered", "acceptance_deemed")
    assert state.holds[-1] == Hold("utility", "survey", MONDAY + timedelta(days=2))
    assert [hold.lane for hold in state.holds] == ["utility", "applicant", "utility", "utility"]


def test_the_owner_holds_the_case_until_it_is_confirmed() -> None:
    opening = {"track": "resident", "plan": "guiyang-2021"}
    filed = CONNECTION.fold([FoldEvent(1, "application_filed", MONDAY, opening)])
    assert (filed.stage, filed.lane) == ("owner_confirmation", "applicant")
    assert CONNECTION.stages["owner_confirmation"].totals == frozenset()
    assert then(filed, "owner_confirmed").stage == "intake"


def test_permits_go_back_to_where_they_came_from() -> None:
    works = fold(
        "high_voltage_single",
        "application_accepted",
        ("survey_completed", {"external_works": "yes"}),
        "scheme_replied",
        "scheme_accepted",
    )
    filed = then(works, "permits_filed", items=["municipal", "traffic"])
    assert (filed.stage, filed.lane) == ("permits", "government")
    reviewed = then(filed, "permits_received")
    one = then(reviewed, "item_decided", item="traffic", result="granted")
    assert one.stage == "permits"
    both = then(one, "item_decided", item="municipal", result="refused")
    assert (both.stage, both.lane) == ("permits_issue", "government")
    back = then(both, "permits_decided")
    assert (back.stage, back.return_stage) == ("own_works", "")
    assert CONNECTION.refusal(back, "permits_filed", {"items": ["traffic"]}) is not None
    missing = CONNECTION.refusal(back, "completion_reported", {})
    assert missing is not None, "no works are complete without their permit"
    assert "市政设施" in missing.rule_zh
    again = then(back, "items_resubmitted", items=["municipal"])
    assert again.stage == "permits"
    assert again.branches["traffic"].stage == "granted"
    assert again.branches["municipal"].stage == "received"
    withdrawn = then(back, "item_withdrawn", item="municipal")
    assert withdrawn.stage == "own_works"
    assert then(withdrawn, "completion_reported").stage == "inspection"


def test_the_joint_clock_waits_only_when_every_open_item_waits() -> None:
    state = then(fold_to_permits("municipal", "green", "traffic", "forest"), "permits_received")
    for item in ("municipal", "green"):
        state = then(state, "item_correction_listed", item=item)
        assert state.stage == "permits"
    special = {"ground": "expert_review"}
    state = then(state, "item_special_started", item="forest", **special)
    assert (state.stage, state.pause_ground) == ("permits", None)
    assert state.branches["forest"].holds[-1].ground == "expert_review"
    state = then(state, "item_decided", item="traffic", result="granted")
    assert (state.stage, state.lane) == ("permits_amending", "utility")
    state = then(state, "item_corrected", item="green")
    assert state.stage == "permits"
    twice = CONNECTION.refusal(state, "item_correction_listed", {"item": "green"})
    assert twice is not None, "one list, once"
    state = then(state, "item_decided", item="green", result="granted")
    state = then(state, "item_withdrawn", item="municipal")
    assert state.stage == "permits_special"
    assert CONNECTION.stages["permits_special"].totals == frozenset()
    assert then(state, "item_special_ended", item="forest").stage == "permits"


def test_branches_survive_json_and_end_with_the_case() -> None:
    state = then(fold_to_permits("municipal", "green"), "item_accepted", item="green")
    assert CaseState.from_json(json.loads(json.dumps(state.to_json()))) == state
    ended = then(state, "withdrawn")
    assert all(branch.holds[-1].end is not None for branch in ended.branches.values())


def test_an_event_that_changes_nothing_opens_no_hold() -> None:
    before = fold("resident", "application_accepted")
    after = then(before, "assigned", assignee="staff-1")
    assert after.holds == before.holds
    assert after.seq == before.seq + 1
    assert after.done["assigned"] == 1


def test_a_closed_case_keeps_its_end() -> None:
    state = fold("resident", "application_accepted", "withdrawn")
    assert (state.outcome, state.lane) == ("withdrawn", None)
    assert state.closed_at == state.holds[-1].end == MONDAY + timedelta(days=2)
    allowed = {rule.kind for rule in CONNECTION.allowed(state, EVERYBODY)}
    assert allowed == set()


def test_a_rating_after_power_on_leaves_the_end_alone() -> None:
    state = fold(
        "resident",
        "application_accepted",
        "survey_completed",
        "scheme_replied",
        "contract_recorded",
        "meter_installed",
        "energised",
    )
    rated = then(state, "step_rated", step="energisation", stars=5)
    assert rated.closed_at == state.closed_at
    assert rated.holds == state.holds
    assert CONNECTION.refusal(rated, "step_rated", {"step": "energisation"}) is not None
    assert CONNECTION.refusal(rated, "step_rated", {"step": "scheme"}) is None


def test_the_first_of_each_kind_keeps_its_instant_and_the_last_its_facts() -> None:
    first = fold(
        "low_voltage", "application_accepted", "survey_completed", ("scheme_replied", {"n": 1})
    )
    again = then(then(first, "scheme_disputed"), "scheme_replied", n=2)
    assert again.instants["scheme_replied"] == first.instants["scheme_replied"]
    assert again.facts["scheme_replied"] == {"n": 2}
    assert again.done["scheme_replied"] == 2


def test_a_state_survives_json() -> None:
    state = fold(
        "low_voltage",
        "application_accepted",
        ("clock_paused", {"ground": "force_majeure"}),
        "clock_resumed",
        ("survey_completed", {"external_works": "no"}),
        "withdrawn",
    )
    assert CaseState.from_json(json.loads(json.dumps(state.to_json()))) == state
    assert CaseState.from_json(CaseState().to_json()) == CaseState()


def test_an_impossible_event_is_refused_and_the_state_stays() -> None:
    state = fold("resident")
    before = state.to_json()
    with pytest.raises(ProcessError) as refused:
        then(state, "energised")
    assert "送电" in refused.value.refusal.rule_zh
    assert state.to_json() == before
    refusal = CONNECTION.refusal(state, "no_such_kind")
    assert refusal is not None
    assert "no_such_kind" in refusal.rule_zh


def test_nothing_happens_to_a_case_that_was_not_filed() -> None:
    for kind, rule in CONNECTION.rules.items():
        refusal = CONNECTION.refusal(CaseState(), kind, {"step": "scheme"})
        assert (refusal is None) == (START in rule.sources), kind
        if refusal is not None:
            assert "尚未申请" in refusal.rule_zh
