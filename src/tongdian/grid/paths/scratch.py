"""What a search writes down, kept from query to query: nothing of the size of the city is reset."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tongdian.grid.paths.kernels import EPOCH_STEP, Buckets, Ints, Labels

# A label counts only when its stamp is the query's epoch or above; `pred` is the segment it was
# reached by.
LABEL: Final = np.dtype([("dist", np.int64), ("stamp", np.int32), ("pred", np.int32)])
LAST_EPOCH: Final = np.iinfo(np.int32).max - 2 * EPOCH_STEP


@dataclass
class Scratch:
    """Buffers of one thread for graphs of one size: `labels` and `again` (n,) of LABEL, `succ` and
    `on_path` (n,), `buckets`, and `trail` (2, n + 1) for a route read back."""

    labels: Labels
    again: Labels
    succ: Ints
    on_path: Ints
    buckets: Buckets
    trail: Ints
    epoch: int = 0

    @classmethod
    def of(cls, nodes: int, arcs: int, attachments: int) -> "Scratch":
        """Buffers; the system gives memory only for what a search touches."""
        return cls(
            np.zeros(nodes, dtype=LABEL), np.zeros(nodes, dtype=LABEL),
            np.zeros(nodes, dtype=np.int32), np.zeros(nodes, dtype=np.int32),
            Buckets.of(2 * (arcs + attachments + 2)),
            np.empty((2, nodes + 1), dtype=np.int32),
        )  # fmt: skip

    def next_epoch(self) -> int:
        """A stamp above that of every label."""
        if self.epoch >= LAST_EPOCH:
            for labels in (self.labels, self.again):
                labels["stamp"] = 0
            self.on_path[:] = 0
            self.epoch = 0
        self.epoch += EPOCH_STEP
        return self.epoch
