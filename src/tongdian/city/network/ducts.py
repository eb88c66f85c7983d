"""Cable ducts along the streets, and how many of their bores the network has taken."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.names import joined
from tongdian.city.network.streets import StreetNet
from tongdian.grid.paths.graph import DUCT
from tongdian.grid.paths.storage import shown
from tongdian.grid.tables import Ducts

# Bores of the usual banks; one cable each, and a fifth kept spare when it was built.
BANKS: Final = (4, 6, 8, 12, 16, 20, 24, 32, 48)
SPARE: Final = 1.2
FULL_SHARE: Final = 0.04
DIAMETER_MM: Final = 175.0


def lay_ducts(
    net: StreetNet, cable_edges: npt.NDArray[np.int32], source: np.random.Generator
) -> tuple[StreetNet, Ducts]:
    """The ducts, with the cables on segments `cable_edges` (each as often as it carries one) in
    them; the graph then tells where a bore is free. Some banks are full of older cables."""
    street = np.flatnonzero(net.graph.flags & DUCT)
    taken = np.bincount(cable_edges, minlength=net.graph.edges)[street]
    place = np.searchsorted(BANKS, taken * SPARE + 1).clip(max=len(BANKS) - 1)
    bores = np.maximum(np.array(BANKS)[place], taken)
    full = source.random(len(street)) < FULL_SHARE
    free = np.where(full, 0, bores - taken)
    flags = net.graph.flags.copy()
    flags[street[free == 0]] &= np.uint8(255 - DUCT)
    ducts = Ducts.of(
        id=joined("管", street + 1), street=street, bores=bores, free_bores=free,
        diameter_mm=DIAMETER_MM,
    )  # fmt: skip
    return replace(net, graph=replace(net.graph, flags=shown(flags))), ducts
