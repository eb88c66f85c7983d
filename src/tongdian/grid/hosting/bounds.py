"""The bound of `hosting`: a few sweeps, linear in the number of nodes.

Why it is a bound
-----------------
Per unit, P + jQ leaves branch r + jx into a node at u = |V|²; with loads alone and l the square of
the branch's current, a state solves (branch flow, as in `powerflow`)

    l = (P² + Q²) / u,   P = load + sum over children (P + r l),   Q alike with x,
    u = u_above - 2 (r P + x Q) - (r² + x²) l.

Call a state worse than another if its flows are larger and its voltages smaller. The right sides
get worse when what they are fed gets worse. So if some (P, Q, l, u) is no better than what the
right sides make of it, then sweeps that start from no losses never get worse than it, converge, and
end at a true state that is no worse (Knaster and Tarski). To show that h more kW fit at a node it
is enough to write down such a state that keeps the limits. Ours is, with S the base state:

* off the way from the source to the node, l grows by a factor of at most 1 + e, so that flows grow
  by e times the losses L below: P + e L_p. That holds if (1 + e k)² u / u' <= 1 + e everywhere,
  where k is the largest |L| / |S| and u' what u falls to at most, that is, its limit;
* on the way, l is (1 + e) l + m with m >= (2 (S + e L)·D + |D|²) / u'', where u'' is what u falls
  to while D passes, and D is what is added at that place: h at the node, and above it also the
  losses r m, x m of the added current.

While D_p <= c and D_q <= t' c for caps c (what would fit if nothing were lost), m <= a D_p + b D_q
with constant a, b. Then whatever is linear in D at a node's parent is linear in D at the node, one
multiplication further, and so are the fall of voltage down to it and D at the source. Each limit
becomes half a plane for D:

* voltage: the fall down to the node is at most the least margin of what hangs below it. Margins
  are taken after e times the drop that losses make. That other currents keep their limits is asked
  as a voltage too: l <= limit follows from u' >= |S + e L|² / limit;
* current on the way: a disk for D. Between the rays D_q = t D_p / G and D_q = t' D_p the chord of
  the disk lies inside it, and D stays between the rays if the whole way makes of h at most G h of
  active and t' h of reactive power. t = Q / P of what is asked for, t' = t + T. Small G and T
  waste little of the disk; where they are too small the answer is `weak`, and larger ones may do.

Where a limit is broken already, only a load that does not touch it may still fit: the state there
is the base state.

Half planes of voltage are joined by the larger of each coefficient, which is stricter than both;
those of current likewise. What is left is h = 1 / (A + B t), cut to what keeps the caps and rays.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.base import MOST_PU, Base, lowest_squared
from tongdian.grid.hosting import kernels
from tongdian.grid.limits import Limits
from tongdian.grid.radial import Floats, Integers

# What binds. A branch's limit may bind because of what is added to it, or because it already
# carries so much that voltage must not fall.
VOLTAGE, CURRENT, UNSOLVED, WEAK = 0, 1, 2, 3
BINDINGS: Final = ("voltage", "current", "unsolved", "weak")
# What the base state's voltages are uncertain by, with much to spare.
GUARD: Final = 1e-8

Answer = tuple[Floats, npt.NDArray[np.int8], Integers]


class Bounds:
    """What the proof needs of one base state; arrays by position."""

    def __init__(self, base: Base, limits: Limits, tangent: float) -> None:
        net, n = base.radial, base.radial.size
        self.base, self.tangent = base, tangent
        self.current = limits.current_pu**2
        lowest = lowest_squared(net, limits)
        self.lp, self.lq, square = np.empty((3, n))
        kernels.losses_below(
            net.parent, net.r_pu, net.x_pu, base.u, base.fp, base.fq, self.lp, self.lq, square
        )
        self.grown, self.low, self.margin, self.sunk = np.empty((4, n))
        self.least, head = np.empty((2, n), np.int32)
        kernels.growths(
            net.parent, base.u, base.fp, base.fq, self.lp, self.lq, lowest, head,
            self.low, self.sunk, self.grown,
        )  # fmt: skip
        self.is_ample = np.empty(n, np.bool_)
        kernels.margins(
            net.parent, net.r_pu, net.x_pu, base.u, base.fp, base.fq, self.lp, self.lq, square,
            self.grown, lowest, self.current, GUARD, self.low, self.sunk, self.margin, self.least,
            self.is_ample,
        )  # fmt: skip

    def of(self, growth: float, rays: float) -> Answer:
        """Capacity per unit, kind and position of what binds, for one G and T."""
        base, net, n = self.base, self.base.radial, self.base.radial.size
        steep, flat = self.tangent + rays, self.tangent / growth
        along, cap, floor = np.empty((3, n))
        kernels.caps(
            net.parent, net.r_pu, net.x_pu, base.u, base.fp, base.fq, self.grown, self.current,
            self.margin, self.least, self.tangent, MOST_PU, along, cap,
        )  # fmt: skip
        forms = np.empty((n, 5, 2))
        kernels.ways(
            net.parent, net.r_pu, net.x_pu, base.u, base.fp, base.fq, self.lp, self.lq, self.grown,
            self.sunk, self.low, cap, steep, floor, forms,
        )  # fmt: skip
        kind, where = np.empty(n, np.int8), np.empty(n, np.int32)
        kernels.half_planes(
            net.parent, net.r_pu, net.x_pu, base.fp, base.fq, self.lp, self.lq, self.grown,
            self.current, self.margin, self.least, self.is_ample, cap, floor, self.tangent, steep,
            flat, forms, kind, where,
        )  # fmt: skip
        capacity = along
        kernels.answers(
            cap, self.grown, forms, self.tangent, steep, growth, MOST_PU, capacity, kind
        )
        return capacity, kind, where
