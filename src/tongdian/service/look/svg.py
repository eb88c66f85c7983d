"""SVG written by hand: across in percent, down in pixels, so that text keeps its size on a phone.

Colours and sizes are presentation attributes, never styles: the pages' content policy allows no
inline style, and the same picture goes into PDFs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look.lanes import INK, LANE_COLOURS, MIST, MUTED

FONT = "Tongdian Sans, Tongdian Regular, Noto Sans SC, Source Han Sans SC, sans-serif"
# Widths that labels are placed for: class `narrow` shows on phones, `wide` at desks.
ROOMS = {"narrow": 330, "wide": 640}


def rooms(width_px: int | None) -> dict[str, int]:
    """The widths to place labels for; one of them when the picture stands alone."""
    return {"": width_px} if width_px else ROOMS


def percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    anchor: str = "start",
    fill: str = INK,
    bold: bool = False,
    css_class: str = "",
    dx: int = 0,
    halo: bool = False,
) -> str:
    """A text at `x` percent and `y` pixels (its baseline)."""
    extra = ""
    if anchor != "start":
        extra += f' text-anchor="{anchor}"'
    if bold:
        extra += ' font-weight="700"'
    if css_class:
        extra += f' class="{css_class}"'
    if halo:
        extra += ' paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"'
    if dx:
        extra += f' dx="{dx}"'
    return (
        f'<text x="{percent(x)}" y="{y:g}" font-size="{size}" fill="{fill}"{extra}>'
        f"{escape(words)}</text>"
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    title: str = "",
    extra: str = "",
) -> str:
    """A box: `x` and `width` in percent, `y` and `height` in pixels."""
    inside = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect x="{percent(x)}" y="{y:g}" width="{percent(width)}" height="{height:g}" '
        f'fill="{fill}"{extra}>{inside}</rect>'
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    stroke: str,
    *,
    width: float = 1,
    dash: str = "",
    extra: str = "",
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{percent(x1)}" y1="{y1:g}" x2="{percent(x2)}" y2="{y2:g}" '
        f'stroke="{stroke}" stroke-width="{width:g}"{dashes}{extra}/>'
    )


def link(inside: str, url: str, label: str = "") -> str:
    """`inside` as a link, when there is an address."""
    if not url:
        return inside
    name = f' aria-label="{escape(label)}"' if label else ""
    return f'<a href="{escape(url)}"{name}>{inside}</a>'


def text_width(words: str, size: int = 13) -> float:
    """Width in pixels, estimated: a Chinese character is as wide as it is high."""
    return sum(size if ord(character) > 0x2E7F else size * 0.56 for character in words)


def hatch(identifier: str, colour: str) -> str:
    """The pattern of a pause: the lane's colour in lines on mist."""
    return (
        f'<pattern id="{identifier}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{MIST}"/>'
        f'<rect width="2" height="6" fill="{colour}"/></pattern>'
    )


def lane_hatches(prefix: str) -> str:
    patterns = (hatch(f"{prefix}-{lane}", colour) for lane, colour in LANE_COLOURS.items())
    return f"<defs>{''.join(patterns)}</defs>"


def document(
    body: Iterable[str],
    height: float,
    alt: str,
    *,
    width_px: int | None = None,
    links: bool = False,
) -> str:
    """The picture. With `width_px` it stands alone, for PDF; else it is as wide as its place.

    With `links` the picture is a group whose links can be reached, not one image.
    """
    role = "group" if links else "img"
    size = f'width="{width_px or "100%"}" height="{height:g}"'
    name = ' xmlns="http://www.w3.org/2000/svg"' if width_px else ""
    return (
        f'<svg{name} {size} role="{role}" aria-label="{escape(alt)}" font-family="{FONT}">'
        f"{''.join(body)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Table:
    """The same data as the picture, to read."""

    head: Sequence[str]
    rows: Sequence[Sequence[str | SafeString]]
    numeric: frozenset[int] = field(default_factory=frozenset)

    def render(self, caption: str) -> str:
        head = "".join(
            f'<th scope="col"{self._class(i)}>{escape(cell)}</th>'
            for i, cell in enumerate(self.head)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f'<th scope="row"{self._class(i)}>{escape(cell)}</th>'
                if i == 0
                else f"<td{self._class(i)}>{escape(cell)}</td>"
                for i, cell in enumerate(row)
            )
            + "</tr>"
            for row in self.rows
        )
        return (
            f'<div class="table-wrap" role="region" tabindex="0" aria-label="{escape(caption)}">'
            f'<table><caption class="visually-hidden">{escape(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _class(self, column: int) -> str:
        return ' class="number"' if column in self.numeric else ""


def swatch(fill: str) -> str:
    return f'<rect x="0.5" y="0.5" width="23" height="11" fill="{fill}" stroke="{MUTED}"/>'


def stroke_sample(colour: str, dash: str = "") -> str:
    """A piece of a line, for the legend of a trend."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M0 6h24" stroke="{colour}" stroke-width="2.5"{dashes}/>'


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """(sample, words): at most six."""
    items = "".join(
        f'<li><svg aria-hidden="true" width="24" height="12">{sample}</svg>{escape(words)}</li>'
        for sample, words in entries
    )
    return f'<ul class="legend">{items}</ul>'


def figure(picture: str, *, title: str, note: str, table: Table, key: str = "") -> SafeString:
    """Title that states the finding, picture, legend, n and as-of, and the table one click away."""
    heading = f'<figcaption class="chart-title">{escape(title)}</figcaption>' if title else ""
    small = f'<p class="chart-note">{escape(note)}</p>' if note else ""
    return mark_safe(
        f'<figure class="chart">{heading}{picture}{key}{small}'
        f'<details class="chart-data"><summary>{escape(_("用表格看"))}</summary>'
        f"{table.render(title)}</details></figure>"
    )
