"""The network tables as a page of documentation: `python -m tongdian.grid.describe`."""

from collections.abc import Iterator

from tongdian.grid.columns import Column
from tongdian.grid.tables import KINDS

HEADING = """# Network tables · 电网数据表

One file or array for each column: `<table>.csv` with these headings, or arrays saved by
`tongdian.grid.store`. References are ids in CSV and rows from 0 in arrays. Coordinates are
EPSG:4490. `tongdian grid check FOLDER` names what is wrong by table, row and column."""


def page() -> str:
    """The page, in Markdown."""
    return "\n".join([HEADING, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for name, kind in KINDS.items():
        yield f"\n## {name}\n\n{(kind.__doc__ or '').replace(chr(10) + '    ', ' ')}\n"
        yield "| column | holds | unit | meaning | values |\n| --- | --- | --- | --- | --- |"
        for column, one in kind.columns().items():
            yield f"| {column} | {one.kind} | {one.unit} | {one.meaning} | {_values(one)} |"


def _values(one: Column) -> str:
    said = [", ".join(one.choices)] if one.choices else []
    if one.table:
        said.append(f"in {one.table}")
    if one.least is not None:
        said.append(f"above {one.least:g}" if one.above else f"{one.least:g} or more")
    if one.optional:
        said.append("may be unknown")
    elif one.default is not None:
        shown = one.choices[one.default] if one.choices else one.default
        said.append(f"{str(shown).lower() or 'empty'} if left out")
    return "; ".join(said)


if __name__ == "__main__":
    print(page(), end="")
