"""Where everything of a process stands on paper: lanes as rows, time from left to right.

Stages stand in columns by their distance from the start. Lines run at right angles, in the gaps
between columns and in a corridor above each row, each on a track of its own.
"""

import math
from collections.abc import Iterable, Sequence

from tongdian.law.process import SAME, START, Lane, Process, Rule
from tongdian.service.casework.process_docs.flows import Flow, anytime_rules, flows_of
from tongdian.service.casework.process_docs.shapes import (
    BOX_HEIGHT,
    BOX_WIDTH,
    EVENT_SIZE,
    GAP_TRACK,
    HEADER,
    LOOP,
    MARGIN,
    POOL_HEADER,
    SMALL_EVENT,
    TRACK,
    Band,
    Drawing,
    Line,
    Node,
    Point,
    Ports,
    is_loop,
    is_straight,
)

ANYTIME = "anytime"
SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)


def draw(process: Process, tracks: Sequence[str]) -> Drawing:
    """Place all stages and rules of a process."""
    flows = flows_of(process, tracks)
    nodes = _stage_nodes(process, flows)
    lines = [Line(flow, nodes[_source_of(flow)], nodes[flow.target]) for flow in flows]
    columns = max(node.column for node in nodes.values()) + 1
    _settle_rows(process, nodes, columns)
    bands = _bands(nodes)
    gaps = _gap_tracks(lines)
    xs = _columns(gaps, columns)
    corridors = _corridor_tracks(lines)
    height = _place_bands(bands, nodes, corridors)
    for node in nodes.values():
        _place(node, xs, bands)
    _route(lines, xs, bands, gaps, corridors)
    _place_badges(lines)
    _anytime_ends(process, nodes)
    return Drawing(nodes, lines, bands, xs[-1], height)


def _source_of(flow: Flow) -> str:
    return f"start_{flow.kind}" if flow.source == START else flow.source


def _stage_nodes(process: Process, flows: Sequence[Flow]) -> dict[str, Node]:
    order = list(process.stages)
    column = dict.fromkeys(order, 1)
    for stage in order:
        for flow in flows:
            forward = flow.source != START and order.index(flow.source) < order.index(flow.target)
            if flow.target == stage and forward and not flow.returns:
                column[stage] = max(column[stage], column[flow.source] + 1)
    nodes = {}
    for flow in flows:
        if flow.source == START:
            nodes[_source_of(flow)] = Node(
                _source_of(flow), "start", _lane(process, flow.target, flows),
                column[flow.target] - 1, width=EVENT_SIZE, height=EVENT_SIZE,
            )  # fmt: skip
    for stage in order:
        if not any(flow.target == stage for flow in flows):
            continue  # reached only by a rule for many stages, and drawn there
        ends = process.stages[stage].terminal
        nodes[stage] = Node(
            stage, "end" if ends else "task", _lane(process, stage, flows), column[stage]
        )
        if ends:
            nodes[stage].width = nodes[stage].height = EVENT_SIZE
    return nodes


def _lane(process: Process, stage: str, flows: Iterable[Flow]) -> str:
    """Its own; an end belongs to the lane that the last step was in."""
    own = process.stages[stage].lane
    if own is not None:
        return own.value
    last = next(flow.source for flow in flows if flow.target == stage)
    return _lane(process, last, flows)


def _settle_rows(process: Process, nodes: dict[str, Node], columns: int) -> None:
    """Two in one place: the later goes a row down. Rules for many stages fill rows below."""
    taken: set[tuple[str, int, int]] = set()
    for node in nodes.values():
        while (node.lane, node.column, node.row) in taken:
            node.row += 1
        taken.add((node.lane, node.column, node.row))
    for index, rule in enumerate(anytime_rules(process)):
        name, (row, column) = anytime_id(rule), divmod(index, columns - 1)
        nodes[name] = Node(name, "anytime", ANYTIME, column + 1, row)


def _bands(nodes: dict[str, Node]) -> list[Band]:
    used = {node.lane for node in nodes.values()}
    return [Band(lane) for lane in (*(lane.value for lane in Lane), ANYTIME) if lane in used]


Tracks = dict[int, list[tuple[int, str]]]


def _gap_of(line: Line) -> tuple[int, int]:
    """The gaps that a line leaves into and arrives from; gap n lies before column n."""
    leaving, arriving = line.source.column, line.target.column
    if leaving < arriving:
        return leaving + 1, arriving
    if leaving == arriving:
        return leaving + 1, leaving + 1
    return leaving, arriving + 1


def _gap_tracks(lines: Sequence[Line]) -> Tracks:
    """For each gap, which line's first (or last) upright piece runs on which track."""
    tracks: Tracks = {}
    for index, line in enumerate(lines):
        if is_loop(line) or is_straight(line):
            continue
        leaving, arriving = _gap_of(line)
        tracks.setdefault(leaving, []).append((index, "out"))
        if arriving != leaving:
            tracks.setdefault(arriving, []).append((index, "in"))
    return tracks


def _corridor_tracks(lines: Sequence[Line]) -> dict[tuple[str, int], list[int]]:
    """Which lines run along the corridor above which row."""
    corridors: dict[tuple[str, int], list[int]] = {}
    for index, line in enumerate(lines):
        if is_loop(line) or is_straight(line):
            continue
        leaving, arriving = _gap_of(line)
        if leaving != arriving:
            corridors.setdefault((line.target.lane, line.target.row), []).append(index)
    return corridors


def _columns(gaps: Tracks, columns: int) -> list[float]:
    """The left edge of each column, and the right edge of all."""
    x, edges = float(POOL_HEADER + HEADER), []
    for column in range(columns):
        x += 2 * MARGIN + max(len(gaps.get(column, ())) - 1, 0) * GAP_TRACK
        edges.append(x)
        x += EVENT_SIZE if column == 0 else BOX_WIDTH
    return [*edges, x + 2 * MARGIN]


def _place_bands(
    bands: Sequence[Band], nodes: dict[str, Node], corridors: dict[tuple[str, int], list[int]]
) -> float:
    y = 0.0
    for band in bands:
        band.y = y
        rows = max(node.row for node in nodes.values() if node.lane == band.lane) + 1
        for row in range(rows):
            lines = len(corridors.get((band.lane, row), ()))
            y += MARGIN + max(lines * TRACK, LOOP if band.lane != ANYTIME else 0)
            band.rows.append(y)
            y += BOX_HEIGHT
        y += MARGIN + (LOOP if band.lane != ANYTIME else 0)
        band.height = y - band.y
    return y


def _place(node: Node, xs: Sequence[float], bands: Sequence[Band]) -> None:
    top = next(band for band in bands if band.lane == node.lane).rows[node.row]
    node.y = top + (BOX_HEIGHT - node.height) / 2
    room = EVENT_SIZE if node.column == 0 else BOX_WIDTH
    node.x = xs[node.column] + (room - node.width) / 2


def _route(
    lines: Sequence[Line],
    xs: Sequence[float],
    bands: Sequence[Band],
    gaps: Tracks,
    corridors: dict[tuple[str, int], list[int]],
) -> None:
    heights = {
        index: _row_top(bands, *row) - MARGIN / 2 - track * TRACK
        for row, indices in corridors.items()
        for track, index in enumerate(indices)
    }
    ports = Ports(lines, heights)
    for index, line in enumerate(lines):
        if is_loop(line):
            _loop(line, lines)
            continue
        start, end = ports.of(index, "out"), ports.of(index, "in")
        if is_straight(line):
            line.points = [start, end]
        else:
            leaving, arriving = _gap_of(line)
            first = _track_x(gaps, xs, leaving, (index, "out"))
            if leaving == arriving:
                line.points = [start, (first, start[1]), (first, end[1]), end]
            else:
                last = _track_x(gaps, xs, arriving, (index, "in"))
                y = heights[index]
                line.points = [
                    start, (first, start[1]), (first, y), (last, y), (last, end[1]), end,
                ]  # fmt: skip


def _row_top(bands: Sequence[Band], lane: str, row: int) -> float:
    return next(band for band in bands if band.lane == lane).rows[row]


def _track_x(gaps: Tracks, xs: Sequence[float], gap: int, what: tuple[int, str]) -> float:
    return xs[gap] - MARGIN - gaps[gap].index(what) * GAP_TRACK


def _place_badges(lines: Sequence[Line]) -> None:
    """Each on the longest piece of its line, where none stands yet."""
    placed: list[Point] = []
    for line in lines:
        pieces = zip(line.points, line.points[1:], strict=False)
        (ax, ay), (bx, by) = max(pieces, key=lambda p: math.dist(*p))
        spots = [(ax + (bx - ax) * share, ay + (by - ay) * share) for share in SHARES]
        line.badge = next(
            (spot for spot in spots if all(math.dist(spot, other) > 23 for other in placed)),
            spots[0],
        )
        placed.append(line.badge)


def _loop(line: Line, lines: Sequence[Line]) -> None:
    """A step that stays where it is: the first loop above its stage, the next below."""
    node = line.source
    above = next(other for other in lines if is_loop(other) and other.source is node) is line
    edge = node.y if above else node.y + node.height
    far = edge - LOOP if above else edge + LOOP
    left, right = node.x + node.width * 0.35, node.x + node.width * 0.65
    line.points = [(left, edge), (left, far), (right, far), (right, edge)]


def _anytime_ends(process: Process, nodes: dict[str, Node]) -> None:
    """Inside a rule for many stages: where it begins and, if it ends the case, how."""
    for rule in anytime_rules(process):
        box = nodes[anytime_id(rule)]
        y = box.y + box.height - SMALL_EVENT - 6
        for name, x in (
            (f"begin_{rule.kind}", box.x + 10),
            (end_of(rule), box.x + box.width - SMALL_EVENT - 10),
        ):
            nodes[name] = Node(
                name, "inner", ANYTIME, box.column, box.row, x, y, SMALL_EVENT, SMALL_EVENT
            )


def anytime_id(rule: Rule) -> str:
    """The id of the box of a rule for many stages."""
    return f"anytime_{rule.kind}"


def end_of(rule: Rule) -> str:
    """The id of what a rule for many stages ends in: a terminal stage, or only itself."""
    return f"end_{rule.kind}" if rule.target == SAME else str(rule.target)
