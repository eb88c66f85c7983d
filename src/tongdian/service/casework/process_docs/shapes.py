"""The parts of a drawn process, and where lines touch them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongdian.service.casework.process_docs.flows import Flow

BOX_WIDTH, BOX_HEIGHT = 116, 64
EVENT_SIZE = 36
SMALL_EVENT = 24
TRACK = 13  # between lines side by side in a corridor
GAP_TRACK = 18  # and in a gap, where badges stand
MARGIN = 22
LOOP = 20
HEADER = 34  # the strip with a lane's name
POOL_HEADER = 30

Point = tuple[float, float]


@dataclass
class Node:
    """A start, a stage (task or end) or a rule for many stages, on the grid and then in pixels."""

    id: str
    kind: str  # start, task, end, anytime
    lane: str
    column: int
    row: int = 0
    x: float = 0
    y: float = 0
    width: float = BOX_WIDTH
    height: float = BOX_HEIGHT

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass
class Line:
    """A flow with the points that it runs through; its badge stands on `badge`."""

    flow: Flow
    source: Node
    target: Node
    points: list[Point] = field(default_factory=list)
    badge: Point = (0, 0)


@dataclass
class Band:
    """A lane: its top and height; `rows` are the tops of the boxes of its rows."""

    lane: str
    y: float = 0
    height: float = 0
    rows: list[float] = field(default_factory=list)


@dataclass
class Drawing:
    """A whole process, placed."""

    nodes: dict[str, Node]
    lines: list[Line]
    bands: list[Band]
    width: float
    height: float


def is_loop(line: Line) -> bool:
    """Whether the step stays where it is."""
    return line.source is line.target


def is_straight(line: Line) -> bool:
    """Neighbours in one row, with nothing between."""
    source, target = line.source, line.target
    same_row = (source.lane, source.row) == (target.lane, target.row)
    return same_row and target.column == source.column + 1


class Ports:
    """Where lines touch the sides of boxes: straight ones in the middle, the others above or below
    it, on the side that they come from. `heights` are those of lines that use a corridor."""

    def __init__(self, lines: Sequence[Line], heights: Mapping[int, float]) -> None:
        self._lines, self._heights = lines, heights
        self._sides: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for index, line in enumerate(lines):
            if not is_loop(line):
                for end in ("out", "in"):
                    key = (self._node(index, end).id, self._side(line, end))
                    self._sides.setdefault(key, []).append((index, end))

    def of(self, index: int, end: str) -> Point:
        """Where a line leaves its source ("out") or reaches its target ("in")."""
        line, node = self._lines[index], self._node(index, end)
        side = self._side(line, end)
        x = node.x + (node.width if side == "right" else 0)
        if node.kind in ("start", "end"):
            return x, node.middle[1]
        part = self._part(index, end)
        mine = [what for what in self._sides[(node.id, side)] if self._part(*what) == part]
        mine.sort(key=lambda what: (self._comes_from(*what), what[0]))
        parts = {self._part(*what) for what in self._sides[(node.id, side)]}
        low, high = PARTS[part] if len(parts) > 1 else PARTS[0]
        share = low + (high - low) * (mine.index((index, end)) + 1) / (len(mine) + 1)
        return x, node.y + node.height * share

    def _node(self, index: int, end: str) -> Node:
        return self._lines[index].source if end == "out" else self._lines[index].target

    def _side(self, line: Line, end: str) -> str:
        if line.source.column == line.target.column:
            return "right"
        return "right" if (line.source.column < line.target.column) == (end == "out") else "left"

    def _comes_from(self, index: int, end: str) -> float:
        other = self._node(index, "in" if end == "out" else "out")
        return self._heights.get(index, other.middle[1])

    def _part(self, index: int, end: str) -> int:
        if is_straight(self._lines[index]):
            return 0
        return -1 if self._comes_from(index, end) < self._node(index, end).middle[1] else 1


PARTS = {-1: (0.0, 0.4), 0: (0.2, 0.8), 1: (0.6, 1.0)}
