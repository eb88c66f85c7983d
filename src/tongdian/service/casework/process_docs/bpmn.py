"""A process as BPMN 2.0 XML with its diagram, for any BPMN tool.

A stage is a user task in the lane that holds it; a rule is a conditional flow between stages, a
message start event where it opens a case, and an event sub-process where it may happen at many
stages (interrupting when it ends the case). Ids are those of the table.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from tongdian.law.process import SAME, START, Process, Rule
from tongdian.service.casework.process_docs.flows import anytime_rules, sources_of
from tongdian.service.casework.process_docs.layout import anytime_id, draw, end_of
from tongdian.service.casework.process_docs.picture import lane_names
from tongdian.service.casework.process_docs.shapes import (
    POOL_HEADER,
    Drawing,
    Line,
    Node,
)

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"": MODEL, "bpmndi": DIAGRAM, "dc": DC, "di": DI, "xsi": XSI}


def bpmn(process: Process, tracks: Sequence[str]) -> str:
    """The whole document."""
    for prefix, address in PREFIXES.items():
        ET.register_namespace(prefix, address)
    drawing = draw(process, tracks)
    root = _add(None, "definitions", id=f"{process.id}_definitions",
                targetNamespace=f"urn:tongdian:{process.id}")  # fmt: skip
    collaboration = _add(root, "collaboration", id=f"{process.id}_collaboration")
    _add(collaboration, "participant", id=f"{process.id}_pool", processRef=process.id,
         name=f"{process.zh} {process.en}")  # fmt: skip
    body = _add(root, "process", id=process.id, name=f"{process.zh} {process.en}",
                isExecutable="false")  # fmt: skip
    _lanes(body, process, drawing)
    for node in drawing.nodes.values():
        if node.kind in ("start", "task", "end"):
            _flow_node(body, process, node, drawing.lines)
    for rule in anytime_rules(process):
        _anytime(body, process, rule)
    for line in drawing.lines:
        _sequence_flow(body, process.rules[line.flow.kind], line)
    _diagram(root, process, drawing)
    ET.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}\n{ET.tostring(root, encoding='unicode')}\n"


def _add(parent: ET.Element | None, tag: str, space: str = MODEL, **attributes: str) -> ET.Element:
    name = f"{{{space}}}{tag}"
    if parent is None:
        return ET.Element(name, attributes)
    return ET.SubElement(parent, name, attributes)


def _say(element: ET.Element, *sentences: str) -> None:
    _add(element, "documentation").text = "\n".join(filter(None, sentences))


def _lanes(body: ET.Element, process: Process, drawing: Drawing) -> None:
    lanes = _add(body, "laneSet", id=f"{process.id}_lanes")
    for band in drawing.bands:
        lane = _add(lanes, "lane", id=f"lane_{band.lane}", name=" ".join(lane_names(band.lane)))
        for node in drawing.nodes.values():
            if node.lane == band.lane and node.kind != "inner":
                _add(lane, "flowNodeRef").text = node.id


def _flow_node(body: ET.Element, process: Process, node: Node, lines: Iterable[Line]) -> None:
    if node.kind == "start":
        rule = process.rules[node.id.removeprefix("start_")]
        element = _add(body, "startEvent", id=node.id, name=_name(rule))
        _say(element, *_words(rule))
    else:
        stage = process.stages[node.id]
        tag = "endEvent" if node.kind == "end" else "userTask"
        element = _add(body, tag, id=node.id, name=f"{stage.zh} {stage.en}")
        if stage.totals:
            _say(element, "Charged to: " + ", ".join(sorted(stage.totals)))
    lines = list(lines)
    for tag, end in (("incoming", "target"), ("outgoing", "source")):
        for line in lines:
            if getattr(line, end) is node:
                _add(element, tag).text = line.flow.id
    if node.kind == "start":
        _add(element, "messageEventDefinition", id=f"{node.id}_message")


def _anytime(body: ET.Element, process: Process, rule: Rule) -> None:
    part = _add(body, "subProcess", id=anytime_id(rule), name=_name(rule), triggeredByEvent="true")
    where = ", ".join(sources_of(process, rule))
    _say(part, *_words(rule), f"Stages: {where}")
    begin, end, flow = f"begin_{rule.kind}", end_of(rule), f"flow_{rule.kind}"
    event = _add(part, "startEvent", id=begin, isInterrupting=str(rule.target != SAME).lower())
    _add(event, "outgoing").text = flow
    if rule.manual:
        _add(event, "messageEventDefinition", id=f"{begin}_message")
    else:
        condition = _add(event, "conditionalEventDefinition", id=f"{begin}_condition")
        expression = _add(condition, "condition", **{f"{{{XSI}}}type": "tFormalExpression"})
        expression.text = rule.kind
    stage = process.stages.get(end)
    name = {"name": f"{stage.zh} {stage.en}"} if stage else {}
    _add(_add(part, "endEvent", id=end, **name), "incoming").text = flow
    _add(part, "sequenceFlow", id=flow, sourceRef=begin, targetRef=end)


def _sequence_flow(body: ET.Element, rule: Rule, line: Line) -> None:
    flow = line.flow
    element = _add(body, "sequenceFlow", id=flow.id, name=_name(rule),
                   sourceRef=line.source.id, targetRef=line.target.id)  # fmt: skip
    if flow.source == START:
        return
    _say(element, *_words(rule), f"Tracks: {', '.join(flow.tracks)}" if flow.tracks else "",
         "Back to where it came from" if flow.returns else "")  # fmt: skip
    condition = _add(element, "conditionExpression", **{f"{{{XSI}}}type": "tFormalExpression"})
    condition.text = f'kind = "{rule.kind}"'
    if flow.tracks:
        listed = ", ".join(f'"{track}"' for track in flow.tracks)
        condition.text += f" and track in ({listed})"
    if flow.returns:
        condition.text += f' and return_stage = "{flow.target}"'


def _name(rule: Rule) -> str:
    return f"{rule.zh} {rule.en}"


def _words(rule: Rule) -> tuple[str, ...]:
    return f"{rule.kind}: {', '.join(sorted(rule.roles))}", rule.clock_zh, rule.clock_en


def _diagram(root: ET.Element, process: Process, drawing: Drawing) -> None:
    diagram = _add(root, "BPMNDiagram", DIAGRAM, id=f"{process.id}_diagram")
    plane = _add(diagram, "BPMNPlane", DIAGRAM, id=f"{process.id}_plane",
                 bpmnElement=f"{process.id}_collaboration")  # fmt: skip
    _shape(plane, f"{process.id}_pool", 0, 0, drawing.width, drawing.height, isHorizontal="true")
    for band in drawing.bands:
        _shape(plane, f"lane_{band.lane}", POOL_HEADER, band.y, drawing.width - POOL_HEADER,
               band.height, isHorizontal="true")  # fmt: skip
    for node in drawing.nodes.values():
        more = {"isExpanded": "true"} if node.kind == "anytime" else {}
        _shape(plane, node.id, node.x, node.y, node.width, node.height, **more)
    for line in drawing.lines:
        edge = _edge(plane, line.flow.id, line.points)
        label = _add(edge, "BPMNLabel", DIAGRAM)
        x, y = line.badge
        _bounds(label, x - 45, y - 7, 90, 14)
    for rule in anytime_rules(process):
        begin, end = drawing.nodes[f"begin_{rule.kind}"], drawing.nodes[end_of(rule)]
        y = begin.middle[1]
        _edge(plane, f"flow_{rule.kind}", [(begin.x + begin.width, y), (end.x, y)])


def _shape(plane: ET.Element, element: str, x: float, y: float, width: float, height: float,
           **attributes: str) -> None:  # fmt: skip
    shape = _add(plane, "BPMNShape", DIAGRAM, id=f"{element}_shape", bpmnElement=element,
                 **attributes)  # fmt: skip
    _bounds(shape, x, y, width, height)


def _bounds(parent: ET.Element, x: float, y: float, width: float, height: float) -> None:
    _add(parent, "Bounds", DC, x=f"{x:g}", y=f"{y:g}", width=f"{width:g}", height=f"{height:g}")


def _edge(plane: ET.Element, element: str, points: Iterable[tuple[float, float]]) -> ET.Element:
    edge = _add(plane, "BPMNEdge", DIAGRAM, id=f"{element}_edge", bpmnElement=element)
    for x, y in points:
        _add(edge, "waypoint", DI, x=f"{x:g}", y=f"{y:g}")
    return edge
