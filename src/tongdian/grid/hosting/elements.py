"""What binds, as rows of the network's tables."""

from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.hosting.bounds import VOLTAGE
from tongdian.grid.network import Network
from tongdian.grid.radial import Integers

TABLES: Final = ("nodes", "lines", "transformers", "sources")
NODES, LINES, TRANSFORMERS, SOURCES = 0, 1, 2, 3


def binding_elements(
    network: Network, binding: npt.NDArray[np.int8], position: Integers
) -> tuple[npt.NDArray[np.int8], Integers]:
    """The table, a place in TABLES, and the row of what binds each node of a hosting answer: the
    node whose voltage it is, or the line, transformer or source whose current."""
    radial, lines = network.radial, len(network.tables.lines)
    branch = radial.branch[position]
    tree = np.searchsorted(radial.starts, position, side="right") - 1
    table = np.where(branch < 0, SOURCES, np.where(branch < lines, LINES, TRANSFORMERS))
    row = np.where(branch < 0, tree, np.where(branch < lines, branch, branch - lines))
    is_voltage = binding == VOLTAGE
    return (
        np.where(is_voltage, NODES, table).astype(np.int8),
        np.where(is_voltage, radial.node[position], row).astype(np.int32),
    )
