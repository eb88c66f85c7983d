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
