"""What is wrong in the tables of a network, row by row, before anything is computed on them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.checks import check_finite, check_least, check_unique, first_row
from tongdian.grid.columns import Column
from tongdian.grid.refusals import GridError
from tongdian.grid.tables import Junctions, Nodes, Tables

# Longitude and latitude of China, EPSG:4490: what lies outside is a mistake.
EXTENT: Final = (73.0, 3.0, 136.0, 54.0)
# A transformer's rated voltage may differ so much from the nominal voltage of its node.
RATED_SHARE: Final = 0.15


def findings(
    tables: Tables, extent: tuple[float, float, float, float] = EXTENT
) -> tuple[GridError, ...]:
    """The first fault of each column, and of each rule between columns; none if all is sound.

    Rules between columns are asked once all columns are sound. `extent` is west, south, east,
    north. Loops and islands are found when the network is assembled.
    """
    found = tuple(_caught(_column_checks(tables, extent)))
    return found or tuple(_caught(_relation_checks(tables)))


def _caught(checks: Iterator[Callable[[], None]]) -> Iterator[GridError]:
    for check in checks:
        try:
            check()
        except GridError as error:
            yield error


def _column_checks(
    tables: Tables, extent: tuple[float, float, float, float]
) -> Iterator[Callable[[], None]]:
    for table in tables.all():
        for name, one, values in table.items():
            yield partial(_check, tables, table.name, name, one, values)
    places: Nodes | Junctions
    for places in (tables.nodes, tables.junctions):
        yield partial(_check_extent, places.name, places.lon, places.lat, extent)


def _check(tables: Tables, table: str, name: str, one: Column, values: npt.NDArray[Any]) -> None:
    if one.kind == "id":
        check_unique(table, name, values)
    elif one.kind == "reference":
        _check_reference(table, name, one, values, len(tables.table(one.table)))
    elif one.kind == "number":
        unknown = np.isnan(values) if one.optional else np.zeros(1, bool)
        check_finite(table, name, np.where(unknown, 0, values))
    if one.least is not None:
        check_least(table, name, values, one.least, above=one.above)


def _check_reference(
    table: str, name: str, one: Column, values: npt.NDArray[Any], rows: int
) -> None:
    row = first_row((values < (-1 if one.optional else 0)) | (values >= rows))
    if row:
        raise GridError(
            "missing_reference",
            (f"指向 {one.table} 的第 {values[row - 1] + 1} 行，该表只有 {rows} 行",
             f"points to row {values[row - 1] + 1} of {one.table}, which has {rows}"),
            ("请补上该行，或改正引用。", "Add it, or mend the reference."),
            table=table, row=row, column=name,
        )  # fmt: skip


def _check_extent(
    table: str,
    lon: npt.NDArray[Any],
    lat: npt.NDArray[Any],
    extent: tuple[float, float, float, float],
) -> None:
    west, south, east, north = extent
    outside = (lon < west) | (lon > east) | (lat < south) | (lat > north)
    row = first_row(outside & np.isfinite(lon) & np.isfinite(lat))
    if not row:
        return
    x, y = lon[row - 1], lat[row - 1]
    if west <= y <= east and south <= x <= north:
        raise GridError(
            "swapped_coordinates",
            (f"经纬度颠倒：lon={x:g}，lat={y:g}",
             f"longitude and latitude are swapped: lon={x:g}, lat={y:g}"),
            ("请把经度写在 lon、纬度写在 lat。", "Put longitude into lon and latitude into lat."),
            table=table, row=row, column="lon",
        )  # fmt: skip
    raise GridError(
        "outside",
        (f"坐标在范围外：lon={x:g}，lat={y:g}", f"the place is outside: lon={x:g}, lat={y:g}"),
        (f"经度应在 {west:g}–{east:g}，纬度应在 {south:g}–{north:g}（EPSG:4490，度）。",
         f"Longitude has to be {west:g}–{east:g}, latitude {south:g}–{north:g} (EPSG:4490)."),
        table=table, row=row, column="lon",
    )  # fmt: skip


def _relation_checks(tables: Tables) -> Iterator[Callable[[], None]]:
    for check in (
        _check_sources, _check_voltages, _check_conductors, _check_ratings, _check_transformers,
        _check_switches, _check_ducts,
    ):  # fmt: skip
        yield partial(check, tables)


def _check_sources(tables: Tables) -> None:
    if not len(tables.sources):
        raise GridError(
            "no_source",
            ("网络没有电源", "the network has no source"),
            ("请在 sources 表中写明变电站母线。", "Name the substations' busbars in sources."),
            table="sources",
        )
    check_unique("sources", "node", tables.nodes.id[tables.sources.node])


def _check_voltages(tables: Tables) -> None:
    lines, kv = tables.lines, tables.nodes.nominal_kv
    row = first_row(kv[lines.start] != kv[lines.end])
    if row:
        one, other = kv[lines.start[row - 1]], kv[lines.end[row - 1]]
        raise GridError(
            "mixed_voltage",
            (f"线路两端电压等级不同：{one:g} kV 与 {other:g} kV",
             f"the line joins {one:g} kV and {other:g} kV"),
            ("请改正节点电压，或改用变压器。", "Mend the nodes' voltage, or use a transformer."),
            table="lines", row=row, column="end",
        )  # fmt: skip


def _check_conductors(tables: Tables) -> None:
    lines, rated = tables.lines, tables.conductors.rated_kv
    kv = tables.nodes.nominal_kv[lines.start]
    row = first_row(rated[lines.conductor] < kv)
    if row:
        name = tables.conductors.id[lines.conductor[row - 1]]
        raise GridError(
            "unfit_type",
            (f"{name} 的额定电压低于线路的 {kv[row - 1]:g} kV",
             f"{name} is not made for {kv[row - 1]:g} kV"),
            ("请改用该电压等级的导线或电缆。", "Use a conductor of this voltage."),
            table="lines", row=row, column="conductor",
        )  # fmt: skip


def _check_ratings(tables: Tables) -> None:
    lines = tables.lines
    row = first_row(np.isnan(tables.conductors.ampacity()[lines.conductor, lines.laying]))
    if row:
        name = tables.conductors.id[lines.conductor[row - 1]]
        laying = lines.columns()["laying"].choices[lines.laying[row - 1]]
        raise GridError(
            "missing_rating",
            (f"型号 {name} 没有敷设方式 {laying} 的载流量",
             f"the type {name} has no ampacity for the laying {laying}"),
            ("请改正敷设方式，或在型号库中补上载流量。",
             "Mend the laying, or add the ampacity to the catalogue."),
            table="lines", row=row, column="laying",
        )  # fmt: skip


def _check_transformers(tables: Tables) -> None:
    transformers, types, kv = tables.transformers, tables.transformer_types, tables.nodes.nominal_kv
    for side, node, rated in (
        ("high", transformers.high, types.high_kv), ("low", transformers.low, types.low_kv),
    ):  # fmt: skip
        nominal, given = kv[node], rated[transformers.type]
        row = first_row(np.abs(given / nominal - 1) > RATED_SHARE)
        if row:
            raise GridError(
                "unfit_type",
                (f"变压器额定电压 {given[row - 1]:g} kV 与节点的 {nominal[row - 1]:g} kV 不符",
                 f"a rated voltage of {given[row - 1]:g} kV at a node of {nominal[row - 1]:g} kV"),
                ("请检查高低压侧是否颠倒，或改正型号。",
                 "See whether the sides are swapped, or mend the type."),
                table="transformers", row=row, column=side,
            )  # fmt: skip


def _check_switches(tables: Tables) -> None:
    switches, lines = tables.switches, tables.lines
    at_end = (switches.node == lines.start[switches.line]) | (
        switches.node == lines.end[switches.line]
    )
    row = first_row(~at_end)
    if row:
        line, node = lines.id[switches.line[row - 1]], tables.nodes.id[switches.node[row - 1]]
        raise GridError(
            "not_at_end",
            (f"节点 {node} 不是线路 {line} 的端点", f"{node} is no end of the line {line}"),
            ("开关须装在其线路的一端。", "A switch stands at an end of its line."),
            table="switches", row=row, column="node",
        )  # fmt: skip


def _check_ducts(tables: Tables) -> None:
    ducts = tables.ducts
    row = first_row(ducts.free_bores > ducts.bores)
    if row:
        raise GridError(
            "out_of_range",
            (f"空孔 {ducts.free_bores[row - 1]} 多于孔数 {ducts.bores[row - 1]}",
             f"{ducts.free_bores[row - 1]} bores are free of {ducts.bores[row - 1]}"),
            ("请改正孔数。", "Mend the number of bores."),
            table="ducts", row=row, column="free_bores",
        )  # fmt: skip
