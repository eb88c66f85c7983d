"""Rebuilds the fonts of the service from Noto Sans CJK (SIL Open Font License 1.1).

Needs fontTools and brotli, which the service itself does not, and the two .ttc files of Debian's
`fonts-noto-cjk`:

    python3 -m venv build/fonts && build/fonts/bin/pip install fonttools brotli
    build/fonts/bin/python tools/fonts.py [--source /usr/share/fonts/opentype/noto]

Writes, under src/tongdian/service:
  static/fonts/*.woff2  Simplified Chinese, GB 2312, in slices that a browser fetches as it needs
                        them. The slice `ui` holds every character the service's own texts use, so
                        that a page rarely needs a second one. `bold` holds those of headings.
  static/css/fonts.css  the @font-face rules
  fonts/NotoSansSC-Regular.otf  the whole CJK Unified block, for PDFs
"""

import argparse
import logging
import re
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.scaleUpem import scale_upem

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / "src" / "tongdian" / "service"
STATIC = SERVICE / "static"
FAMILY = "Noto Sans CJK SC"
LATIN = {chr(c) for c in range(0x20, 0x7F)} | set("\u00a0·×÷±°§©²³µ–—‘’“”…‹›←↑→↓≤≥≈−●○■□▲▼★☆✓✗")
TEXT_SUFFIXES = {".py", ".html", ".yaml", ".yml", ".json", ".po", ".typ", ".txt", ".md", ".js"}
UI_MOST = 940
BOLD_MOST = 470
SLICES = 14
# A coarser grid than the original 1,000 saves an eighth; at reading sizes nobody can see it.
WEB_UNITS_PER_EM = 500
PDF_RANGES = ((0x20, 0x17F), (0x2000, 0x2BFF), (0x3000, 0x33FF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF))


def gb2312() -> set[str]:
    """Every character of GB 2312."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def own_texts() -> Counter[str]:
    """How often each character stands in the texts of the package and its documentation."""
    counts: Counter[str] = Counter()
    for folder in (ROOT / "src", ROOT / "docs"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in TEXT_SUFFIXES and "vendor" not in path.parts:
                counts.update(path.read_text(encoding="utf-8", errors="ignore"))
    return counts


def headings() -> Counter[str]:
    """The characters that stand in bold: headings, labels, buttons, table heads."""
    bold = re.compile(r"<(h1|h2|h3|th|strong|legend|button|label|caption)\b.*?</\1>", re.S)
    counts: Counter[str] = Counter()
    for path in sorted((ROOT / "src").rglob("*.html")):
        for match in bold.finditer(path.read_text(encoding="utf-8")):
            counts.update(match.group(0))
    labels = re.compile(r'(?:label|zh|title)\w*\s*[=:]\s*_?\(?"([^"]+)"')
    for path in sorted((ROOT / "src").rglob("*.py")):
        for text in labels.findall(path.read_text(encoding="utf-8")):
            counts.update(text)
    counts.update("0123456789年月日星期一二三四五六日（）调休上班工作日区县市" * 50)
    return counts


def face(source: Path, weight: str) -> TTFont:
    """The Simplified Chinese face of a collection."""
    for font in TTCollection(str(source / f"NotoSansCJK-{weight}.ttc"), lazy=False):
        if font["name"].getDebugName(1) == FAMILY:
            return font
        if font["name"].getDebugName(16) == FAMILY:
            return font
    raise SystemExit(f"{FAMILY} {weight} is not in {source}")


def cut(font_bytes: bytes, characters: Iterable[str], target: Path, flavor: str | None) -> int:
    """A font with only `characters`; returns its size in bytes."""
    font = TTFont(BytesIO(font_bytes), lazy=False)
    options = subset.Options(
        flavor=flavor,
        hinting=False,
        desubroutinize=flavor is not None,
        # Not `locl`: it would bring the Japanese, Korean and Traditional forms along.
        layout_features=["kern"],
        name_IDs=["*"],
        drop_tables=["vhea", "vmtx", "VORG", "DSIG", "BASE"],
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(map(ord, characters)))
    cutter.subset(font)
    if flavor:
        scale_upem(font, WEB_UNITS_PER_EM)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


def ranges(characters: Iterable[str]) -> str:
    """A CSS unicode-range."""
    codes = sorted(map(ord, characters))
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def rule(family: str, weight: int, file: str, unicode_range: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url("../fonts/{file}") format("woff2");unicode-range:{unicode_range}}}'
    )


def slices(rest: set[str]) -> list[tuple[str, list[str]]]:
    """The rarer characters in code order, each slice with one contiguous range."""
    ordered = sorted(character for character in rest if 0x4E00 <= ord(character) <= 0x9FFF)
    other = sorted(rest - set(ordered))
    size = -(-len(ordered) // SLICES)
    parts = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    edges = [0x4E00, *(ord(part[0]) for part in parts[1:]), 0xA000]
    named = [
        (f"U+{start:X}-{end - 1:X}", part)
        for start, end, part in zip(edges, edges[1:], parts, strict=False)
    ]
    return [*named, (ranges(other), other)]


def web_fonts(regular: bytes, bold: bytes) -> None:
    """The woff2 slices and their style sheet. Later rules win where ranges overlap."""
    everything = gb2312() | LATIN
    used = own_texts()
    hanzi = [c for c, _n in used.most_common() if c in everything and ord(c) > 0x7E]
    ui = set(hanzi[:UI_MOST]) | LATIN
    heading = [c for c, _n in headings().most_common() if c in everything]
    strong = set(heading[:BOLD_MOST]) | {chr(c) for c in range(0x20, 0x7F)}
    for old in (STATIC / "fonts").glob("*.woff2"):
        old.unlink()
    rules = []
    faces = (("Tongdian Sans", 400), ("Tongdian Regular", 400))
    for index, (unicode_range, characters) in enumerate(slices(everything - ui)):
        file = f"sc-{index:02}.woff2"
        size = cut(regular, characters, STATIC / "fonts" / file, "woff2")
        print(f"{file}: {len(characters)} characters, {size:,} bytes")
        rules += [rule(family, weight, file, unicode_range) for family, weight in faces]
    size = cut(regular, ui, STATIC / "fonts" / "ui.woff2", "woff2")
    print(f"ui.woff2: {len(ui)} characters, {size:,} bytes")
    rules += [rule(family, weight, "ui.woff2", ranges(ui)) for family, weight in faces]
    size = cut(bold, strong, STATIC / "fonts" / "bold.woff2", "woff2")
    print(f"bold.woff2: {len(strong)} characters, {size:,} bytes")
    rules.append(rule("Tongdian Sans", 700, "bold.woff2", ranges(strong)))
    head = (
        "/* Written by tools/fonts.py. Noto Sans CJK SC, SIL Open Font License 1.1: see\n"
        "   ../fonts/OFL.txt. “Tongdian Regular” has no bold: what the bold slice lacks in\n"
        "   “Tongdian Sans” is drawn bold from it by the browser. */\n"
    )
    (STATIC / "css" / "fonts.css").write_text(head + "\n".join(rules) + "\n", encoding="utf-8")


def pdf_font(regular: bytes) -> None:
    """One static face with the whole CJK Unified block."""
    characters = [chr(code) for start, end in PDF_RANGES for code in range(start, end + 1)]
    target = SERVICE / "fonts" / "NotoSansSC-Regular.otf"
    print(f"{target.name}: {cut(regular, characters, target, None):,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=Path("/usr/share/fonts/opentype/noto"))
    parser.add_argument("--only", choices=["web", "pdf"])
    arguments = parser.parse_args()
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    faces = {}
    for weight in ("Regular", "Bold"):
        buffer = BytesIO()
        face(arguments.source, weight).save(buffer)
        faces[weight] = buffer.getvalue()
    if arguments.only != "pdf":
        web_fonts(faces["Regular"], faces["Bold"])
    if arguments.only != "web":
        pdf_font(faces["Regular"])


if __name__ == "__main__":
    main()
