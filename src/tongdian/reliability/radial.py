"""Radial feeders as arrays: sections, their switching devices and failures, ties, load points."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.int8]

UPSTREAM_END: Final = 1
DOWNSTREAM_END: Final = 2
# Where a device stands on a section, by the letters of the file form.
ENDS: Final = {"N": 0, "U": UPSTREAM_END, "D": DOWNSTREAM_END, "B": UPSTREAM_END | DOWNSTREAM_END}
MOMENTARY_H: Final = 3 / 60


@dataclass(frozen=True, slots=True)
class RadialSystem:
    """Feeders of one or more sources, operated as trees. Nodes are numbers 0 … `nodes` − 1.

    Shapes: n sections, t ties, p load points, s sources.

    upstream, downstream   (n) node at either end of a section; one section leads to each node
    protection             (n) bits: breaker or fuse at the upstream (1), downstream (2) end
    isolation              (n) bits: disconnector at the upstream (1), downstream (2) end
    failures               (n) failures of line or cable, per year
    repair_h, switch_h     (n) hours to repair it, and to isolate it and switch the others on again
    transformer_failures   (n) failures per year of the transformer that the section feeds
    transformer_repair_h   (n) hours to repair or replace that transformer
    sources                (s) nodes that are always supplied
    tie_a, tie_b, tie_h    (t) nodes that a normally open switch joins, hours to close it
    load_node              (p) node of a load point
    customers              (p) how many it supplies
    average_kw             (p) its average demand
    load_names             (p) what it is called
    """

    nodes: int
    upstream: Ints
    downstream: Ints
    protection: Codes
    isolation: Codes
    failures: Floats
    repair_h: Floats
    switch_h: Floats
    transformer_failures: Floats
    transformer_repair_h: Floats
    sources: Ints
    tie_a: Ints
    tie_b: Ints
    tie_h: Floats
    load_node: Ints
    customers: Ints
    average_kw: Floats
    load_names: tuple[str, ...]
