"""The plan as a lawyer would read it: for each track the limit, the steps and the clause; every
number of the text accounted for."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tongdian.law.plan import NotInForceError, load_plan, plans

PLAN = load_plan()

# track, clock, working days, counted steps, words of clause 一-1 behind the days
PROMISES = [
    ("resident", "whole_process", 3, 2, "从报装申请到装表接电的全过程办电时间压减至3个工作日以内"),
    ("zero_lv", "whole_process", 6, 2, "若不涉及外线工程，全过程办电时间压减至6个工作日以内"),
    ("zero_lv_external", "whole_process", 10, 2, "若涉及外线工程，全过程办电时间压减至10个工作日"),
    ("low_voltage", "utility_stages", 6, 3, "分别压减至6个、20个、30个工作日以内"),
    ("high_voltage_single", "utility_stages", 20, 3, "分别压减至6个、20个、30个工作日以内"),
    ("high_voltage_dual", "utility_stages", 30, 3, "分别压减至6个、20个、30个工作日以内"),
]  # fmt: skip

# track, stage, working days of 供电监管办法 art. 11
STATUTORY = [
    ("resident", {"scheme": 3, "metering": 3}),
    ("zero_lv", {"scheme": 8, "metering": 5}),
    ("zero_lv_external", {"scheme": 8, "metering": 5}),
    ("low_voltage", {"scheme": 8, "inspection": 5, "metering": 5}),
    ("high_voltage_single", {"scheme": 20, "inspection": 7, "metering": 7}),
    ("high_voltage_dual", {"scheme": 45, "inspection": 7, "metering": 7}),
]


@pytest.mark.parametrize(("track_id", "clock", "days", "steps", "words"), PROMISES)
def test_promise(track_id: str, clock: str, days: int, steps: int, words: str) -> None:
    """方案 一-1 and 一-2."""
    track = PLAN.tracks[track_id]
    promise, counted = PLAN.value(track.promise_key), PLAN.value(track.steps_key)
    assert (track.promise_clock, track.promise_working_days) == (clock, days)
    assert (promise.value, promise.unit, promise.clause) == (days, "working_days", "一-1")
    assert promise.status == counted.status == "plan"
    assert words in promise.quote
    assert len(track.steps) == counted.value == steps
    assert counted.clause == "一-2"
    assert f"{steps}个环节" in counted.quote


@pytest.mark.parametrize(("track_id", "limits"), STATUTORY)
def test_statutory_periods(track_id: str, limits: dict[str, int]) -> None:
    """供电监管办法 art. 11."""
    track = PLAN.tracks[track_id]
    assert track.statutory_limits == limits
    for key in track.statutory_keys.values():
        value = PLAN.value(key)
        assert (value.clause, value.status) == ("供电监管办法 第十一条", "statute")


@pytest.mark.parametrize(
    ("track_id", "split"),
    [
        ("low_voltage", {"scheme": 3, "inspection": 1, "metering": 2}),
        ("high_voltage_single", {"scheme": 12, "inspection": 4, "metering": 4}),
        ("high_voltage_dual", {"scheme": 20, "inspection": 5, "metering": 5}),
    ],
)
def test_stage_targets_are_defaults_that_add_up_to_the_promise(
    track_id: str, split: dict[str, int]
) -> None:
    track = PLAN.tracks[track_id]
    assert track.stage_limits == split
    assert sum(split.values()) == track.promise_working_days
    assert {PLAN.value(key).status for key in track.stage_keys.values()} == {"default"}


def test_plan_is_never_laxer_than_statute_per_stage() -> None:
    """What the plan asks of a stage is at most what the statute allows it."""
    for track in PLAN.tracks.values():
        for stage, days in track.stage_limits.items():
            assert days <= track.statutory_limits[stage]


def test_joint_approvals_take_five_working_days() -> None:
    value = PLAN.value("approvals.total_working_days")
    assert PLAN.limit("approvals.total_working_days") == 5
    assert value.quote == "审批总时限不超过5个工作日"
    parts = ("intake", "review", "issue")
    assert sum(int(str(PLAN.value(f"approvals.split.{part}").value)) for part in parts) == 5


def test_commitment_instead_of_review() -> None:
    """方案 二(一)2: 20 kV, 300 m, no power well, no ancient or big tree."""
    keys = ("voltage_kv", "length_m", "no_chamber", "no_ancient_tree")
    values = [PLAN.value(f"commitment.{key}") for key in keys]
    assert [v.value for v in values] == [20, 300, True, True]
    assert {v.clause for v in values} == {"二(一)2"}


@pytest.mark.parametrize(
    ("year", "hours"), [(2021, ["1", "2", "5", "11"]), (2022, ["0.9", "1.4", "4", "9"])]
)
def test_hours_without_power(year: int, hours: list[str]) -> None:
    """方案 一-4: central urban, urban, town, rural."""
    zones = ("central_urban", "urban", "town", "rural")
    values = [PLAN.value(f"outage_hours.{year}.{zone}") for zone in zones]
    assert [v.value for v in values] == [Decimal(h) for h in hours]
    assert {v.kind for v in values} == {"target"}
    for value, hour in zip(values, hours, strict=True):
        assert f"{hour}个" in value.quote


def test_a_target_is_in_force_in_its_years() -> None:
    key = "outage_hours.2021.rural"
    assert PLAN.value(key, on=date(2021, 12, 31)).value == 11
    with pytest.raises(NotInForceError):
        PLAN.value(key, on=date(2022, 1, 1))
    with pytest.raises(NotInForceError):
        PLAN.value("outage_hours.2022.rural", on=date(2021, 12, 31))


def test_a_threshold_changes_with_the_rules() -> None:
    """供电营业规则: 100 kW until 2024-05-31, 160 kW since; the latest when no day is given."""
    key = "voltage.three_phase_kw"
    assert PLAN.limit(key, on=date(2024, 5, 31)) == 100
    assert PLAN.limit(key, on=date(2024, 6, 1)) == 160
    assert PLAN.limit(key) == 160
    assert PLAN.value(key).status == "default"


def test_scheme_validity_and_deficiency_list() -> None:
    """供电营业规则: three months, high voltage one year. 行政许可法 art. 32: five days, once."""
    months = {t.id: t.scheme_validity_months for t in PLAN.tracks.values()}
    assert {m for t, m in months.items() if t.startswith("high")} == {12}
    assert {m for t, m in months.items() if not t.startswith("high")} == {3}
    deficiency = PLAN.value("intake.deficiency_working_days")
    assert (deficiency.value, deficiency.clause) == (5, "行政许可法 第三十二条")
    assert "即为受理" in deficiency.note


def test_five_goals_list_every_number_of_theirs() -> None:
    assert [g.id for g in PLAN.goals] == ["overall", "time", "effort", "cost", "reliability"]
    for goal in PLAN.goals:
        given = {v.key for v in PLAN.values_of(goal.clause) if v.status == "plan"}
        assert given == set(goal.values)


def test_twelve_measures_with_units_and_completion() -> None:
    assert [m.number for m in PLAN.measures] == list(range(1, 13))
    dated = {m.number: m.due for m in PLAN.measures if m.due}
    assert dated == {
        1: date(2021, 9, 30),
        2: date(2021, 9, 30),
        3: date(2021, 8, 31),
        4: date(2021, 7, 31),
        5: date(2021, 12, 31),
        11: date(2021, 9, 30),
    }
    for measure in PLAN.measures:
        assert "贵阳供电局" in measure.units
        when = f"{measure.due.year}年{measure.due.month}月" if measure.due else "长期"
        assert measure.due_quote == f"完成时限：{when}"
        assert measure.clause.endswith(f"){measure.number}")


def test_four_organisation_duties_and_the_supplementary_clause() -> None:
    assert [d.clause for d in PLAN.duties] == ["三(一)", "三(二)", "三(三)", "三(四)"]
    assert PLAN.value("supersedes").value == date(2020, 8, 28)
    assert PLAN.value("supersedes").clause == "四"


def test_every_quotation_is_in_the_text() -> None:
    quotes = [v.quote for versions in PLAN.history.values() for v in versions if v.quote]
    quotes += [m.due_quote for m in PLAN.measures] + [d.quote for d in PLAN.duties]
    quotes += [p.quote for p in PLAN.payments.values() if p.quote]
    assert len(quotes) > 60
    for quote in quotes:
        assert quote in PLAN.text


def test_every_number_of_the_text_is_quoted_somewhere() -> None:
    """A number that nobody quotes would be a rule that nobody implements."""
    quotes = {v.quote for v in PLAN.values.values() if v.status == "plan"}
    quotes |= {m.due_quote for m in PLAN.measures}
    covered = set()
    for quote in quotes:
        for found in re.finditer(re.escape(quote), PLAN.text):
            covered |= set(range(found.start(), found.end()))
    left = [
        PLAN.text[m.start() - 8 : m.end() + 8].replace("\n", " ")
        for m in re.finditer(r"\d+(?:\.\d+)?", PLAN.text)
        if not set(range(m.start(), m.end())) <= covered
        and not re.match(r"\d+\.\D", PLAN.text[m.start() : m.end() + 2])  # heading of a measure
    ]
    # parent documents and the service telephone number
    known = ("〔2020〕1479", "〔2021〕13", "95598")
    assert [near for near in left if not any(word in near for word in known)] == []


def test_clauses_hold_the_whole_text() -> None:
    """Nothing but titles and headings stands outside the clauses."""
    rest = PLAN.text
    for clause in PLAN.clauses.values():
        assert clause.text
        for line in clause.text.splitlines():
            assert line in rest
            rest = rest.replace(line, "", 1)
    left = [line.strip() for line in rest.splitlines() if line.strip()]
    titles = ["附件", *PLAN.title_zh.split(" ")]
    heading = re.compile(r"[一二三四]、.{2,8}|（[一二三四五]）.{8,30}")
    assert [line for line in left if line not in titles and not heading.fullmatch(line)] == []


def test_residents_bring_nothing_and_companies_one_paper() -> None:
    """方案 二(二)5: 零证受理, 一证办电."""
    for track in PLAN.tracks.values():
        brought = [d.id for d in track.documents if d.handling == "ask" and d.required]
        assert (
            len(brought)
            == PLAN.value(
                "documents.resident" if track.id == "resident" else "documents.company"
            ).value
        )


def test_shared_papers_name_who_shares_them() -> None:
    for track in PLAN.tracks.values():
        for document in track.documents:
            if document.handling == "shared":
                assert document.fetchable
                assert document.registry_en
    premises = {t.id: d for t in PLAN.tracks.values() for d in t.documents if d.id == "premises"}
    assert premises["zero_lv"].deferrable
    assert premises["zero_lv"].promise_replaceable
    assert not premises["high_voltage_single"].deferrable


def test_only_the_three_zero_customers_pay_nothing() -> None:
    for track in PLAN.tracks.values():
        free = any(p.who == "utility" and p.amount == "0" for p in track.payments)
        assert free == (track.id in {"resident", "zero_lv", "zero_lv_external"})


def test_pause_grounds_are_closed_and_need_evidence() -> None:
    grounds = {g.id: g for g in PLAN.pause_grounds}
    for ground in grounds.values():
        assert ground.evidence
        assert ground.evidence_en
        assert set(ground.lanes) <= {"utility", "government"}
    for special in ("hearing", "expert_review", "testing"):
        assert grounds[special].clause == "行政许可法 第四十五条"
        assert grounds[special].lanes == ("government",)
    assert PLAN.pause_ground("force_majeure").clause == "民法典 第一百八十条"
    with pytest.raises(KeyError):
        PLAN.pause_ground("holiday_mood")


def test_a_limit_is_not_any_value() -> None:
    with pytest.raises(KeyError):
        PLAN.limit("outage_hours.2022.urban")
    with pytest.raises(KeyError):
        PLAN.limit("promise.emperor")


def test_plans_are_listed_and_loaded_once() -> None:
    assert "guiyang-2021" in plans()
    assert load_plan("guiyang-2021") is PLAN
