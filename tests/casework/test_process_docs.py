"""The documents of a process: complete, sound, and those in docs are up to date."""

import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongdian.law.plan import load_plan
from tongdian.law.process import START, CaseState, FoldEvent, Process
from tongdian.service.casework.process_docs import __main__ as command
from tongdian.service.casework.process_docs.bpmn import DIAGRAM, MODEL, bpmn
from tongdian.service.casework.process_docs.flows import anytime_rules, flows_of, parts_of
from tongdian.service.casework.process_docs.layout import draw
from tongdian.service.connection.process import CONNECTION

DOCS = Path(__file__).resolve().parents[2] / "docs"
TRACKS = list(load_plan().tracks)
MAIN, ITEM = parts_of(CONNECTION)
DOCUMENTS = dict(command.documents())
XML = ET.fromstring(DOCUMENTS["process-connection.bpmn"])
NOW = datetime(2021, 9, 17, tzinfo=UTC)
M, D = f"{{{MODEL}}}", f"{{{DIAGRAM}}}"


def elements(tag: str) -> list[ET.Element]:
    return list(XML.iter(M + tag))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_docs_are_up_to_date(name: str) -> None:
    """`make docs` writes them."""
    assert (DOCS / name).read_text(encoding="utf-8") == DOCUMENTS[name]


@pytest.mark.parametrize("part", [MAIN, ITEM], ids=lambda part: part.id)
@pytest.mark.parametrize("ending", ["md", "svg", "bpmn"])
def test_every_document_names_every_rule_and_stage_in_both_languages(
    part: Process, ending: str
) -> None:
    text = DOCUMENTS[f"process-{part.id}.{ending}"]
    for rule in part.rules.values():
        assert rule.zh in text
        assert rule.en.replace("'", "&apos;") in text or rule.en in text
    for stage in part.stages.values():
        if ending != "svg":
            assert stage.zh in text
            assert stage.en in text or stage.en.replace("'", "&apos;") in text
        elif stage.id != "withdrawn":
            assert f">{stage.zh}</tspan>" in text


def test_what_is_not_drawn_with_the_case_is_drawn_with_its_item() -> None:
    assert MAIN.rules.keys() | ITEM.rules.keys() == CONNECTION.rules.keys()


def test_a_stage_is_a_task_or_an_end_in_the_lane_that_holds_it() -> None:
    lanes = {
        reference.text: lane.get("id")
        for lane in elements("lane")
        for reference in lane.findall(M + "flowNodeRef")
    }
    tasks = {task.get("id") for task in elements("userTask")}
    ends = {end.get("id") for end in elements("endEvent")}
    for stage in CONNECTION.stages.values():
        assert stage.id in (ends if stage.terminal else tasks)
        if stage.lane is not None:
            assert lanes[stage.id] == f"lane_{stage.lane}"


def test_ids_are_unique_and_every_reference_resolves() -> None:
    ids = Counter(element.get("id") for element in XML.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for element in XML.iter():
        for attribute in ("sourceRef", "targetRef", "processRef", "bpmnElement"):
            assert element.get(attribute) is None or element.get(attribute) in ids
    for tag in ("incoming", "outgoing", "flowNodeRef"):
        for element in elements(tag):
            assert element.text in ids


def test_flows_meet_what_their_ends_say() -> None:
    nodes = {e.get("id"): e for e in XML.iter() if e.find(M + "incoming") is not None}
    for flow in elements("sequenceFlow"):
        target = nodes[flow.get("targetRef")]
        assert flow.get("id") in [e.text for e in target.findall(M + "incoming")]


def test_everything_is_drawn_within_the_pool() -> None:
    drawn = {shape.get("bpmnElement") for tag in ("BPMNShape", "BPMNEdge")
             for shape in XML.iter(D + tag)}  # fmt: skip
    for tag in ("participant", "lane", "userTask", "startEvent", "endEvent", "subProcess",
                "sequenceFlow"):  # fmt: skip
        for element in elements(tag):
            assert element.get("id") in drawn
    drawing = draw(MAIN, TRACKS)
    for line in drawing.lines:
        for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
            assert ax == bx or ay == by, f"{line.flow.id} runs at right angles"
            assert 0 < ax < drawing.width
            assert 0 < ay < drawing.height


def test_boxes_stand_apart_and_no_line_runs_through_one() -> None:
    drawing = draw(MAIN, TRACKS)
    boxes = [node for node in drawing.nodes.values() if node.kind != "inner"]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = (
                one.x + one.width <= other.x or other.x + other.width <= one.x
                or one.y + one.height <= other.y or other.y + other.height <= one.y
            )  # fmt: skip
            assert apart, (one.id, other.id)
    for line in drawing.lines:
        for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
            for box in boxes:
                crosses = (
                    max(ax, bx) > box.x and min(ax, bx) < box.x + box.width
                    and max(ay, by) > box.y and min(ay, by) < box.y + box.height
                )  # fmt: skip
                assert not crosses, (line.flow.id, box.id)


def test_flows_are_what_the_table_does() -> None:
    """Each flow is walked through the table itself, for each track that it names."""
    told = {rule.kind for rule in MAIN.rules.values() if rule.leads}
    for flow in flows_of(MAIN, TRACKS):
        if flow.kind in told:
            continue  # what the branches decide; walked in tests/approval
        for track in flow.tracks or TRACKS:
            state = CaseState(
                stage=flow.source, track=track, return_stage=flow.target if flow.returns else ""
            )
            event = FoldEvent(1, flow.kind, NOW, {"plan": "guiyang-2021", "to": track})
            after = CONNECTION._advance(state, CONNECTION.rules[flow.kind], event)
            assert after.stage == flow.target, flow.id


def test_every_rule_is_a_flow_or_belongs_to_many_stages() -> None:
    kinds = {flow.kind for flow in flows_of(MAIN, TRACKS)}
    anywhere = {rule.kind for rule in anytime_rules(MAIN)}
    assert kinds | anywhere == set(MAIN.rules)
    assert kinds & anywhere == set()
    starts = {flow.kind for flow in flows_of(MAIN, TRACKS) if flow.source == START}
    assert starts == {"application_filed", "application_submitted"}


def test_only_a_withdrawal_interrupts() -> None:
    events = {
        event.get("id"): event.get("isInterrupting")
        for part in elements("subProcess")
        for event in part.findall(M + "startEvent")
    }
    assert [name for name, interrupts in events.items() if interrupts == "true"] == [
        "begin_withdrawn"
    ]


def test_the_command_writes_into_the_folder_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(DOCUMENTS)
    assert command.main([]) == 2
    assert command.main([str(tmp_path / "nowhere")]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_same_table_gives_the_same_document() -> None:
    assert bpmn(MAIN, TRACKS) == DOCUMENTS["process-connection.bpmn"]
