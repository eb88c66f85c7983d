"""Switches of the network: at outlets, between sections, at branches, before transformers, ties."""

from typing import Any, Final

import numpy as np

from tongdian.city.network.equipment import IN_AIR, Built
from tongdian.city.network.feeders import Feeders
from tongdian.city.network.names import joined
from tongdian.city.network.streets import StreetNet
from tongdian.city.places import URBAN
from tongdian.grid.tables import SWITCH_KINDS, Switches

BREAKER, LOAD_SWITCH, DISCONNECTOR, FUSE = range(len(SWITCH_KINDS))
# Three sections of about equal load.
SECTION_SHARES: Final = (2 / 3, 1 / 3)


def switches(
    net: StreetNet, lines: Feeders, built: Built, ids: Any, ends: Any, counts: tuple[int, int, int]
) -> Switches:
    """All switches. `ids` and `ends` (start node) are of all lines; `counts` how many are of
    feeders, to transformers, and ties, which stand in this order."""
    feeder_count, taps, tie_count = counts
    total = lines.below_kw[lines.first][lines.feeder]
    above = np.where(lines.parent >= 0, lines.below_kw[lines.parent], np.inf)
    outlet = lines.parent < 0
    parted = np.zeros(feeder_count, bool)
    for share in SECTION_SHARES:
        parted |= (lines.below_kw <= share * total) & (above > share * total)
    section = parted & lines.is_main & ~outlet
    branch = ~lines.is_main & lines.is_main[lines.parent]
    in_town = net.node_zone[lines.node] <= URBAN
    kind = np.where(built.laying[:feeder_count] == IN_AIR, DISCONNECTOR, LOAD_SWITCH)
    tap = feeder_count + np.arange(taps)
    tie = feeder_count + taps + np.arange(tie_count)
    rows: list[Any] = []
    words: list[Any] = []
    kinds: list[Any] = []
    closed: list[Any] = []
    remote: list[Any] = []
    for row, word, what, is_closed, is_remote in (
        (np.flatnonzero(outlet), "出线断路器", BREAKER, True, True),
        (np.flatnonzero(section), "分段开关", LOAD_SWITCH, True, in_town[section]),
        (np.flatnonzero(branch), "分支开关", kind[branch], True, False),
        (tap, "熔断器", FUSE, True, False),
        (tie, "开关", LOAD_SWITCH, False, True),
    ):
        rows.append(row)
        words.append(np.full(len(row), word))
        for into, values in ((kinds, what), (closed, is_closed), (remote, is_remote)):
            into.append(np.broadcast_to(values, len(row)))
    line = np.concatenate(rows)
    return Switches.of(
        id=joined(ids[line], np.concatenate(words)), line=line, node=ends[line],
        kind=np.concatenate(kinds), is_closed=np.concatenate(closed),
        is_remote=np.concatenate(remote),
    )  # fmt: skip
