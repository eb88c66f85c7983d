"""The published test system, and random radial systems with a slow way to predict them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

BUS_2 = Path(__file__).with_name("rbts-bus2.json")


@pytest.fixture
def bus_2() -> Any:
    """RBTS bus 2 as read from JSON, fresh for each test."""
    return json.loads(BUS_2.read_text("utf-8"))


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Any]:
    """Trees of up to 14 sections below one or two sources, with ties between any two nodes."""
    sources = [f"G{i}" for i in range(draw(st.integers(1, 2)))]
    nodes = list(sources)
    sections = []
    device = st.sampled_from("NNUDB")
    hours = st.sampled_from([0.0, 0.04, 0.5, 1.0, 2.0])
    for i in range(draw(st.integers(1, 14))):
        up = draw(st.sampled_from(nodes))
        nodes.append(f"N{i}")
        sections.append(
            {
                "id": f"S{i}",
                "km": draw(st.integers(0, 8)) / 4,
                "up": up,
                "down": f"N{i}",
                "breaker_or_fuse": draw(device),
                "disconnector": draw(device),
                "lambda_per_km": 0.25,
                "repair_h": draw(st.sampled_from([0.02, 1.0, 4.0])),
                "switch_h": draw(hours),
                "trafo_lambda": draw(st.sampled_from([0.0, 0.5])),
                "trafo_repair_h": draw(st.sampled_from([1.0, 10.0])),
            }
        )
    node = st.sampled_from(nodes)
    ties = [
        {"id": f"T{i}", "a": draw(node), "b": draw(node), "switch_h": draw(hours)}
        for i in range(draw(st.integers(0, 4)))
    ]
    draw(st.randoms(use_true_random=False)).shuffle(sections)
    return {
        "sections": sections,
        "load_points": {name: {"avg_mw": 0.5, "customers": 1 + i} for i, name in enumerate(nodes)},
        "sources": sources,
        "ties": ties,
    }


def one_by_one(system: dict[str, Any], limit_h: float) -> dict[str, np.ndarray[Any, Any]]:
    """Interruptions, hours and momentary interruptions of each node: each failure followed through
    by search in the graph, without any of the prediction's own ideas."""
    found = {name: np.zeros(3) for name in system["load_points"]}
    for failed in system["sections"]:
        line = failed["km"] * failed["lambda_per_km"]
        for rate, repair_h in (
            (line, failed["repair_h"]),
            (failed["trafo_lambda"], failed["trafo_repair_h"]),
        ):
            for name, hours in _out(system, failed, repair_h):
                lasting = hours > limit_h
                found[name] += (rate, rate * hours, 0) if lasting else (0, 0, rate)
    return found


def _out(system: dict[str, Any], failed: Any, repair_h: float) -> Iterator[tuple[str, float]]:
    """Who is interrupted by one failure, and for how long."""
    whole = _cut(system, ())
    tripped = _spread({failed["id"]}, _cut(system, ("breaker_or_fuse",)))
    waiting = _spread({failed["id"]}, _cut(system, ("breaker_or_fuse", "disconnector")))
    never_out = _spread(system["sources"], whole, tripped)
    back = {name: repair_h for name in system["load_points"] if name not in never_out}
    for tie_h in sorted({0.0, *(tie["switch_h"] for tie in system["ties"])}, reverse=True):
        ways = {place: list(others) for place, others in whole.items()}
        for tie in system["ties"]:
            if tie["switch_h"] <= tie_h:
                ways[tie["a"]].append(tie["b"])
                ways[tie["b"]].append(tie["a"])
        for name in _spread(system["sources"], ways, waiting) & back.keys():
            back[name] = min(back[name], max(tie_h, failed["switch_h"]))
    for name in _spread(system["sources"], whole, waiting) & back.keys():
        back[name] = min(repair_h, failed["switch_h"])
    yield from back.items()


def _cut(system: dict[str, Any], devices: tuple[str, ...]) -> dict[str, list[str]]:
    """Neighbours of every node and section where no such device stands between."""
    ways: dict[str, list[str]] = {name: [] for name in system["load_points"]}
    for section in system["sections"]:
        ways.setdefault(section["id"], [])
        letters = "".join(section[device] for device in devices)
        for node, open_at in ((section["up"], "UB"), (section["down"], "DB")):
            if not set(letters) & set(open_at):
                ways[section["id"]].append(node)
                ways[node].append(section["id"])
    return ways


def _spread(starts: Any, ways: dict[str, list[str]], without: Any = frozenset()) -> set[str]:
    """All that is reached from the starts."""
    met, left = set(starts) - set(without), list(set(starts) - set(without))
    while left:
        for place in ways[left.pop()]:
            if place not in met and place not in without:
                met.add(place)
                left.append(place)
    return met
