"""`tongdian grid quote`: for programs, for people, bad words and numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.schemes import place, town
from support.terminal import Answer, run

Tongdian = Callable[..., Answer]
LON, LAT = (str(value) for value in place(2.3, 1.05))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("city") / "town"
    town().save(path)
    return str(path)


def test_the_real_command_answers_programs(folder: str) -> None:
    answer = run(
        "grid", "quote", "--network", folder, "--lon", LON, "--lat", LAT, "--kw", "900", "--dual",
        "--json",
    )  # fmt: skip
    assert (answer.status, answer.err) == (0, "")
    found = answer.data
    assert found["feasible"] is True
    assert found["terms"]["supplies"] == 2
    for scheme in found["schemes"]:
        one, other = scheme["supplies"]
        assert one["source"]["busbar"] != other["source"]["busbar"]
        assert float(scheme["cost_yuan"]["low"]) < float(scheme["cost_yuan"]["high"])


def test_people_hear_source_point_cost_and_what_stands_against_it(
    tongdian: Tongdian, folder: str
) -> None:
    where = ("grid", "quote", "--network", folder, "--lon", LON, "--lat", LAT, "--kw")
    zh = tongdian(*where, "6500")
    assert zh.status == 0
    assert "电源点 SB / 母线 SB-I / 馈线 c1 / 电杆 C1 / 上级开关 无" in zh.out
    assert "更省的 A2 不可行：过载 a1" in zh.out
    en = tongdian(*where, "9000", "--transfer", "--lang", "en")
    assert en.status == 1
    assert "No scheme is feasible" in en.out
    assert "replace line a1 by one that carries 820 A" in en.out


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--kw", "nan", "kw"), ("--kw", "-3", "kw"), ("--kw", "viel", "--kw"),
        ("--lon", "0", "路网范围"), ("--critical", "very", "critical"), ("--count", "0", "count"),
        ("--motor-kva", "0", "motor.rated_kva"),
        ("--network", "/nowhere", "nowhere"), ("--plan", "atlantis", "atlantis"),
    ],
)  # fmt: skip
def test_bad_input_is_told(
    tongdian: Tongdian, folder: str, option: str, value: str, said: str
) -> None:
    given = {"--network": folder, "--lon": LON, "--lat": LAT, "--kw": "900", option: value}
    answer = tongdian("grid", "quote", *(part for pair in given.items() for part in pair))
    assert answer.status == 2
    assert said in answer.err
