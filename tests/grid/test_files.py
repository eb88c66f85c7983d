"""Networks in files: CSV to edit, arrays to share."""

from pathlib import Path

import numpy as np
import pytest

from support.networks import small
from tongdian.grid import GridError, catalogue
from tongdian.grid.csvfiles import read_tables, write_tables
from tongdian.grid.network import assemble
from tongdian.grid.soundness import findings
from tongdian.grid.store import open_tables, save_tables
from tongdian.grid.tables import (
    Conductors,
    Ducts,
    Junctions,
    Nodes,
    Streets,
    Tables,
    TransformerTypes,
)


def with_streets() -> Tables:
    return small(
        junctions=Junctions.of(id=["j1", "j2"], lon=[106.71, 106.72], lat=26.58),
        streets=Streets.of(
            id=["花溪大道", "s2"], start=[0, 1], end=[1, 0], kind=["main", "lane"],
            length_m=[980.5, 1000], no_digging_until=["2027-01-31", "NaT"],
        ),
        ducts=Ducts.of(id=["d"], street=[0], bores=8, free_bores=3, diameter_mm=175),
    )  # fmt: skip


def same(one: Tables, other: Tables) -> None:
    for table in one.all():
        for name, _, values in table.items():
            np.testing.assert_array_equal(values, getattr(other.table(table.name), name))


def test_tables_come_back_from_csv(tmp_path: Path) -> None:
    tables = with_streets()
    write_tables(tables, tmp_path)
    same(tables, read_tables(tmp_path))
    text = (tmp_path / "lines.csv").read_text(encoding="utf-8").splitlines()
    assert text[1] == "a1,S1,A1,JKLYJ-10-240,overhead,2500.0,1,"


def test_the_catalogue_of_the_room_serves_where_none_is_given(tmp_path: Path) -> None:
    write_tables(small(), tmp_path)
    for name in ("conductors", "transformer_types"):
        (tmp_path / f"{name}.csv").unlink()
    same(small(), read_tables(tmp_path))


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "row", "column"),
    [
        ("lines", "JKLYJ-10-240", "JKLYJ-10-999", "missing_reference", 1, "conductor"),
        ("lines", "2500.0", "long", "wrong_type", 1, "length_m"),
        ("lines", ",B1,B2", ",B1,", "missing_reference", 4, "end"),
        ("lines", ",duct,", ",buried,", "wrong_type", 3, "laying"),
        ("lines", "1200.0,1", "1200.0,1.5", "wrong_type", 3, "parallel"),
        ("lines", "id,start", "id,begin", "unknown_field", 0, "begin"),
        ("lines", "id,start", "id,id", "duplicate_column", 0, "id"),
        ("lines", "id,start,end", "start,end", "missing_field", 0, "id"),
        ("lines", "2500.0,1,", "2500.0,1", "wrong_length", 1, ""),
        ("switches", "false,false", "perhaps,false", "wrong_type", 1, "is_closed"),
        ("streets", "2027-01-31", "2027-13-31", "wrong_type", 1, "no_digging_until"),
        ("nodes", "id,kind", '"id,kind', "unreadable", 0, ""),
    ],
)
def test_a_wrong_cell_is_named(
    tmp_path: Path, table: str, old: str, new: str, code: str, row: int, column: str
) -> None:
    write_tables(with_streets(), tmp_path)
    path = tmp_path / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GridError) as refused:
        read_tables(tmp_path)
    told = refused.value
    assert (told.code, told.table, told.row, told.column) == (code, table, row, column)
    assert told.remedy_zh


def test_no_network_there(tmp_path: Path) -> None:
    for read in (read_tables, open_tables):
        with pytest.raises(GridError):
            read(tmp_path)


def test_tables_come_back_from_arrays_and_are_mapped(tmp_path: Path) -> None:
    tables = with_streets()
    folder = tmp_path / "net"
    save_tables(tables, folder)
    opened = open_tables(folder)
    same(tables, opened)
    assert isinstance(opened.nodes.lon, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        opened.nodes.lon[0] = 0
    assert assemble(opened).solve().min_voltage_pu == assemble(tables).solve().min_voltage_pu
    save_tables(small(), folder)
    assert len(open_tables(folder).streets) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["net"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(GridError) as refused:
        save_tables(small(), tmp_path)
    assert refused.value.code == "not_a_network"
    assert (tmp_path / "letter.txt").exists()


def test_a_damaged_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    save_tables(small(), folder)
    np.save(folder / "nodes.lon.npy", np.zeros(3))
    with pytest.raises(GridError, match=r"nodes\.lon\.npy") as refused:
        open_tables(folder)
    assert refused.value.code == "not_a_network"
    (folder / "nodes.lon.npy").write_bytes(b"")
    with pytest.raises(GridError, match=r"nodes\.lon\.npy"):
        open_tables(folder)


def test_the_catalogue_is_sound_and_says_where_it_is_from() -> None:
    conductors, types = catalogue.conductors(), catalogue.transformer_types()
    assert (
        findings(Tables.of(conductors=conductors, transformer_types=types))[0].code == "no_source"
    )
    for table in (conductors, types):
        assert (table.source != "").all()
    cable = catalogue.row_of(conductors, "YJV22-10-300")
    assert (conductors.r_ohm_km[cable], conductors.soil_a[cable]) == (0.0601, 450)
    public = catalogue.row_of(types, "S11-400")
    assert (types.load_loss_kw[public], types.no_load_loss_kw[public]) == (4.3, 0.57)
    with pytest.raises(KeyError):
        catalogue.row_of(types, "S11-401")


def drop_percent(r: float, x: float, kv: float, tangent: float) -> float:
    """ΔU % for 1 MW over 1 km: 100 (P r + Q x) L / U²."""
    return 100 * (r + x * tangent) / kv**2


@pytest.mark.parametrize(
    ("name", "percent"),
    [("JKLYJ-10-50", 0.813), ("JKLYJ-10-240", 0.274), ("YJV22-10-300", 0.107),
     ("YJV22-10-400", 0.093)],
)  # fmt: skip
def test_the_catalogue_gives_the_known_voltage_drops(name: str, percent: float) -> None:
    table: Conductors = catalogue.conductors()
    row = catalogue.row_of(table, name)
    tangent = float(np.tan(np.arccos(0.9)))
    found = drop_percent(table.r_ohm_km[row], table.x_ohm_km[row], 10, tangent)
    assert round(found, 3) == pytest.approx(percent, abs=0.0011)


def test_a_table_is_made_with_care() -> None:
    with pytest.raises(GridError) as refused:
        Nodes.of(id=["a", "b"], kind="pole", nominal_kv=10, lon=[1, 2, 3], lat=1)
    assert (refused.value.code, refused.value.column) == ("wrong_length", "id")
    with pytest.raises(GridError) as refused:
        Nodes.of(id=["a"], kind="tower", nominal_kv=10, lon=1, lat=1)
    assert (refused.value.code, refused.value.column) == ("wrong_type", "kind")
    with pytest.raises(GridError) as refused:
        Nodes.of(id=["a"], kind="pole", lon=1, lat=1)
    assert (refused.value.code, refused.value.column) == ("missing_field", "nominal_kv")
    with pytest.raises(GridError) as refused:
        Nodes.of(id=["a"], kind="pole", nominal_kv=10, lon="east", lat=1)
    assert (refused.value.code, refused.value.column) == ("wrong_type", "lon")
    with pytest.raises(GridError) as refused:
        TransformerTypes.of(kva=1)
    assert (refused.value.code, refused.value.column) == ("unknown_field", "kva")
