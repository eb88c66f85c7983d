"""`tongdian reliability`: answers for people in two languages, for programs as JSON."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.terminal import Answer

Tongdian = Callable[..., Answer]
BUS_2 = str(Path(__file__).parents[1] / "reliability" / "rbts-bus2.json")


def test_predict_for_programs(tongdian: Tongdian) -> None:
    data = tongdian("reliability", "predict", BUS_2, "--json").data
    assert data["SAIDI"] == pytest.approx(3.6126, abs=1e-4)
    assert data["load_points"]["LP7"]["lambda_per_yr"] == pytest.approx(0.25225)
    assert data["load_points"]["LP7"]["U_h_per_yr"] == pytest.approx(3.60125)
    assert {"SAIFI", "CAIDI", "ASAI", "ENS_kWh", "AENS", "MAIFI"} <= set(data)


def test_predict_for_people(tongdian: Tongdian) -> None:
    zh = tongdian("reliability", "predict", BUS_2)
    en = tongdian("reliability", "predict", BUS_2, "--lang", "en")
    assert "用户平均停电时间 SAIDI（小时）：3.6126" in zh.out
    assert "SAIDI, hours per customer and year: 3.6126" in en.out


def test_predict_other_equipment(tongdian: Tongdian) -> None:
    ask = ("reliability", "predict", BUS_2, "--json")
    assert tongdian(*ask, "--without", "fuses").data["SAIFI"] == pytest.approx(0.602, abs=5e-4)
    both = tongdian(*ask, "--without", "ties", "--without", "disconnectors").data
    assert both["SAIDI"] == pytest.approx(4.163, abs=5e-4)
    quick = tongdian(*ask, "--transformer-hours", "10", "--switching-hours", "0.05").data
    assert quick["SAIDI"] < 1
    assert quick["MAIFI"] > 0


def test_predict_refuses(tongdian: Tongdian, tmp_path: Path) -> None:
    assert tongdian("reliability", "predict", "nowhere.json").status == 2
    broken = tmp_path / "broken.json"
    broken.write_text('{"sections": []}', encoding="utf-8")
    answer = tongdian("reliability", "predict", str(broken), "--json")
    assert answer.status == 2
    assert answer.data["error"]["field"] == "sections"
    assert answer.data["error"]["remedy_zh"]
    for bad in ("-1", "x", "nan", "9000"):
        assert tongdian("reliability", "predict", BUS_2, "--switching-hours", bad).status == 2
    assert tongdian("reliability").status == 2


def test_a_small_answer_loads_no_compiler() -> None:
    """A first answer comes in a blink: Numba alone takes a second to load."""
    program = (
        "import sys; from tongdian.cli import main;"
        f"main(['reliability', 'predict', {BUS_2!r}, '--json']);"
        "sys.exit('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


CUSTOMERS = "feeder,zone,customers\nF1,urban,100\n"
HEADING = "interruption,feeder,start,end,customers,nature,cause\n"
ROW = "{},F1,2021-03-0{}T08:00:00+08:00,{},{},{},unknown\n"


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    def write(*rows: str) -> tuple[str, ...]:
        (tmp_path / "log.csv").write_text(HEADING + "".join(rows), encoding="utf-8")
        (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        return str(tmp_path / "log.csv"), "--customers", str(tmp_path / "customers.csv")

    return write


A = ROW.format("A", 1, "2021-03-01T10:30:00+08:00", 40, "fault")
B = ROW.format("B", 2, "2021-03-02T12:00:00+08:00", 25, "works")


def test_indices_for_programs(tongdian: Tongdian, files: Callable[..., tuple[str, ...]]) -> None:
    data = tongdian("reliability", "indices", *files(A, B), "--json").data
    assert data["indices"]["DL/T 836"]["SAIDI-1"] == pytest.approx(2.0)
    assert data["indices"]["IEEE 1366"]["CAIDI"] == pytest.approx(200 / 65)
    assert data["groups"]["urban"] == data["indices"]
    assert data["period"] == {
        "from": "2021-01-01", "to": "2021-12-31", "hours": 8760.0, "days": 365,
        "days_with_interruptions": 2, "covered_share": 1.0, "gaps": [],
    }  # fmt: skip
    assert data["major_event_days"] == {"days": [], "threshold": None}
    without = tongdian(
        "reliability", "indices", *files(A, B), "--json", "--major-event-day", "2021-03-01"
    ).data
    assert without["without_major_event_days"]["IEEE 1366"]["SAIDI"] == pytest.approx(1.0)
    assert without["indices"] == data["indices"]


@pytest.mark.parametrize("by", ["zone", "feeder", "cause", "nature", "month"])
def test_indices_for_people(
    tongdian: Tongdian, files: Callable[..., tuple[str, ...]], by: str
) -> None:
    zh = tongdian("reliability", "indices", *files(A, B), "--by", by)
    en = tongdian("reliability", "indices", *files(A, B), "--by", by, "--lang", "en")
    assert "SAIDI-1 用户平均停电时间（小时）：2\n" in zh.out
    assert "CAIDI, customer average interruption duration (h): 3.076923" in en.out
    assert (zh.status, en.status) == (0, 0)


def test_indices_refuse(tongdian: Tongdian, files: Callable[..., tuple[str, ...]]) -> None:
    wrong = files(A, ROW.format("B", 2, "2021-03-01T12:00:00+08:00", 25, "works"))
    answer = tongdian("reliability", "indices", *wrong)
    assert answer.status == 2
    assert "end 第 3 行" in answer.err
    error = tongdian("reliability", "indices", *wrong, "--json").data["error"]
    assert (error["row"], error["field"], error["code"]) == (3, "end", "end_before_start")
    still_out = files(A, ROW.format("B", 2, "", 25, "works"))
    assert "--to" in tongdian("reliability", "indices", *still_out).err
    to = tongdian("reliability", "indices", *still_out, "--to", "2021-03-31", "--json").data
    assert to["period"]["from"] == "2021-01-01"
    assert "--from" in tongdian("reliability", "indices", *files()).err
    quiet = tongdian("reliability", "indices", *files(), "--from", "2021-01-01", "--json").data
    assert quiet["indices"]["DL/T 836"]["ASAI-1"] == 1
    backwards = ("--from", "2021-02-01", "--to", "2021-01-01")
    assert tongdian("reliability", "indices", *files(A), *backwards).status == 2


def test_definitions(tongdian: Tongdian) -> None:
    zh, data = (
        tongdian("reliability", "definitions"),
        tongdian("reliability", "definitions", "--json").data,
    )
    assert "用户平均停电时间" in zh.out
    assert all(one["formula"] and one["source"] for one in data)
