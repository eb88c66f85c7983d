"""The synthetic city's network from a terminal, and a quote in it."""

import json
from pathlib import Path

from support.terminal import run


def test_a_city_is_made_once_and_answers(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    made = run("grid", "city", str(folder), "--nodes", "2000", "--seed", "7", "--json")
    assert made.status == 0, made.err
    assert json.loads(made.out)["nodes"] > 1_000
    again = run("grid", "city", str(folder))
    assert again.status == 2
    assert "已经存在" in again.err
    quoted = run(
        "grid", "quote", "--network", str(folder), "--lon", "106.7", "--lat", "26.6", "--kw", "60",
        "--json",
    )  # fmt: skip
    answer = json.loads(quoted.out)
    assert quoted.status in (0, 1, 2), quoted.err
    assert "schemes" in answer or "error" in answer
