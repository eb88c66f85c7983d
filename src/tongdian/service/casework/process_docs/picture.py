"""The picture of a process: an SVG with lanes, stages and numbered steps, and their names below."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tongdian.law.process import LANE_NAMES, Process
from tongdian.service.casework.process_docs.layout import ANYTIME, draw
from tongdian.service.casework.process_docs.shapes import HEADER, POOL_HEADER, Drawing, Node

INK, MUTED, LINE, MIST = "#14213d", "#5b6577", "#d7dde5", "#f3f5f8"
COLOURS = {"applicant": "#4f6bed", "utility": "#0b8a8a", "government": "#b5651d", ANYTIME: MUTED}
LIT, ENDED = "#f2a900", "#5b6577"
ANYTIME_NAMES = ("任何环节", "At any stage")
LEGEND_COLUMNS, LEGEND_ROW = 3, 25
FONT = "Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def svg(process: Process, tracks: Sequence[str]) -> str:
    """The whole picture. Steps are numbered in the order of the table."""
    drawing = draw(process, tracks)
    numbers = {kind: index for index, kind in enumerate(process.rules, 1)}
    rows = -(-len(numbers) // LEGEND_COLUMNS)
    height = drawing.height + 24 + rows * LEGEND_ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {height:g}"'
        f' font-family="{FONT}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(process.zh)} {escape(process.en)}</title>',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="{INK}"/></marker></defs>',
        f'<rect width="{drawing.width:g}" height="{height:g}" fill="#fff"/>',
        *_bands(process, drawing),
        *_lines(drawing),
        *(_node(process, node, numbers) for node in drawing.nodes.values()),
        *(_badge(*line.badge, numbers[line.flow.kind]) for line in drawing.lines),
        *_legend(process, numbers, drawing),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _bands(process: Process, drawing: Drawing) -> list[str]:
    parts = [_upright(f"{process.zh} {process.en}", POOL_HEADER / 2, drawing.height / 2, INK)]
    for index, band in enumerate(drawing.bands):
        zh, en = lane_names(band.lane)
        width = drawing.width - POOL_HEADER
        parts.append(
            f'<rect x="{POOL_HEADER}" y="{band.y:g}" width="{width:g}" height="{band.height:g}"'
            f' fill="{"#fff" if index % 2 else MIST}" stroke="{LINE}"/>'
        )
        parts.append(
            f'<rect x="{POOL_HEADER}" y="{band.y:g}" width="{HEADER}" height="{band.height:g}"'
            f' fill="{COLOURS[band.lane]}"/>'
        )
        middle = band.y + band.height / 2
        x = POOL_HEADER + HEADER / 2
        parts += [_upright(zh, x - 7, middle, "#fff"), _upright(en, x + 8, middle, "#fff", 11.5)]
    parts.append(
        f'<rect x=".5" y=".5" width="{drawing.width - 1:g}" height="{drawing.height - 1:g}"'
        f' fill="none" stroke="{LINE}"/>'
    )
    return parts


def lane_names(lane: str) -> tuple[str, str]:
    """Of a lane, or of the row for what may happen at any stage."""
    names = {key.value: both for key, both in LANE_NAMES.items()}
    return names.get(lane, ANYTIME_NAMES)


def _upright(words: str, x: float, y: float, fill: str, size: float = 14) -> str:
    return (
        f'<text transform="translate({x:g} {y:g}) rotate(-90)" text-anchor="middle" dy="5"'
        f' font-size="{size:g}" fill="{fill}">{escape(words)}</text>'
    )


def _lines(drawing: Drawing) -> list[str]:
    parts = []
    for line in drawing.lines:
        points = " ".join(f"{x:g},{y:g}" for x, y in line.points)
        dash = ' stroke-dasharray="5 3"' if line.flow.returns else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.3"'
            f' marker-end="url(#arrow)"{dash}/>'
        )
    return parts


def _node(process: Process, node: Node, numbers: dict[str, int]) -> str:
    x, y = node.middle
    if node.kind == "inner":
        return ""
    if node.kind == "start":
        return _circle(node, COLOURS[node.lane], 1.6)
    if node.kind == "end":
        stage = process.stages[node.id]
        colour = LIT if node.id == "energised" else ENDED
        return _circle(node, colour, 4) + _names(stage.zh, stage.en, x, node.y + node.height + 17)
    if node.kind == "anytime":
        rule = process.rules[node.id.removeprefix("anytime_")]
        badge = _badge(node.x + 4, node.y + 4, numbers[rule.kind])
        return _box(node, COLOURS[ANYTIME], "4 3") + _names(rule.zh, rule.en, x, y - 1) + badge
    stage = process.stages[node.id]
    return _box(node, COLOURS[node.lane], "") + _names(stage.zh, stage.en, x, y - 1)


def _circle(node: Node, colour: str, width: float) -> str:
    x, y = node.middle
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{node.width / 2 - 2:g}" fill="#fff"'
        f' stroke="{colour}" stroke-width="{width:g}"/>'
    )


def _box(node: Node, colour: str, dash: str) -> str:
    return (
        f'<rect x="{node.x:g}" y="{node.y:g}" width="{node.width:g}" height="{node.height:g}"'
        f' rx="8" fill="#fff" stroke="{colour}" stroke-width="2"'
        + (f' stroke-dasharray="{dash}"' if dash else "")
        + "/>"
    )


def _names(zh: str, en: str, x: float, y: float) -> str:
    """Chinese above, English below, each broken in two where it is long."""
    half = -(-len(zh) // 2) if len(zh) > 7 else len(zh)
    lines = [(part, 15.0, INK) for part in (zh[:half], zh[half:]) if part]
    lines += [(part, 11.5, MUTED) for part in _broken(en, 19)]
    top = y - 8 * (len(lines) - 2)
    spans = "".join(
        f'<tspan x="{x:g}" {_down(index, top, size)}'
        f' font-size="{size:g}" fill="{fill}">{escape(part)}</tspan>'
        for index, (part, size, fill) in enumerate(lines)
    )
    return f'<text text-anchor="middle">{spans}</text>'


def _down(index: int, top: float, size: float) -> str:
    return f'dy="{size + 2:g}"' if index else f'y="{top:g}"'


def _broken(words: str, most: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _badge(x: float, y: float, number: int) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="10" fill="{INK}"/>'
        f'<text x="{x:g}" y="{y + 4:g}" text-anchor="middle" font-size="11.5" font-weight="700"'
        f' fill="#fff">{number}</text>'
    )


def _legend(process: Process, numbers: dict[str, int], drawing: Drawing) -> list[str]:
    rows = -(-len(numbers) // LEGEND_COLUMNS)
    width = drawing.width / LEGEND_COLUMNS
    parts = []
    for index, rule in enumerate(process.rules.values()):
        x = 20 + (index // rows) * width
        y = drawing.height + 30 + (index % rows) * LEGEND_ROW
        parts.append(
            _badge(x, y, numbers[rule.kind])
            + f'<text x="{x + 18:g}" y="{y + 5:g}" font-size="14" fill="{INK}">{escape(rule.zh)}'
            f' <tspan fill="{MUTED}" font-size="12.5">{escape(rule.en)}</tspan></text>'
        )
    return parts
