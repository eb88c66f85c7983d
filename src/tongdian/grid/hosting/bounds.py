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
is enough to write down such a state that keeps the limits. Ours is, with S the base state, L its
losses below, D what is added at a place of the way from source to node (h at the node, and above it
also the losses r m, x m of the added current):

* off the way, l is (1 + e) times what it was, so that flows are S + e L. That holds if
  (1 + e k)² u / u' <= 1 + e all over the feeder, k the largest |L| / |S|, u' a floor of voltages;
* on the way, flows are S + e L + D and l is (1 + e) l + m with m >= (2 (S + e L)·D + |D|²) / u'.

Forms. Voltage on the way is at least U - F(D), U the base less e times the drop of losses, F the
fall that D makes. With a floor u' and F(D) <= f |D| it is 1 / (U - F) <= 1 / U + f |D| / (U u'), so
m <= a·D + w |D|² with constant a, w. What is A·D + C |D|² at a node's parent is at the node at most
(A + (A·z) a)·D + (C κ² + (A·z) w) |D|², with |D| growing by κ at most over the branch: F itself,
and what arrives at the source. Each limit is such a form too, at most 1:

* voltage: F is at most the least margin of what hangs below the node. That currents off the way
  keep their limits is asked as a voltage: l <= limit follows from u >= |S + e L|² / limit;
* current on the way: |S + e L + D|² <= limit (U - F(D)), or limit u' where that allows more.

A form at most 1 is a convex set. Between the rays D_q = t D_p / G and D_q = t' D_p (t = Q / P of
what is asked for, t' = t + T) the chord of its edge lies inside. So each limit becomes half a
plane, those of voltage are joined by the larger of each coefficient, those of current likewise, and
both are handed down and straightened again. D stays between the rays while the source sees at most
G h of active and t' h of reactive power.

Constants f, κ and floors u' need a cap on D: c at a node is what would fit there without further
losses, and no more than a quarter more of it may arrive at the source. c does not grow on the way
down, so a D that keeps the cap of its node keeps every cap above. A first round takes limits for
floors; with caps the floors are known better, and e is less.

What is left is the largest h that keeps both half planes, the rays and the caps. Where a limit is
broken already only a load that does not touch it may still fit: there the state is the base state.
Where no e serves (losses of a third and more) the answer is nothing, and `weak`.
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

# Caps: how much more than c may arrive at the source, and of reactive power beside it.
CAP: Final = 1.25
CAP_REACTIVE: Final = 0.4
# G and T: what nearly every node keeps, and what the weakest need.
NARROW: Final = (1.25, 0.3)
WIDE: Final = (2.0, 1.0)

Answer = tuple[Floats, npt.NDArray[np.int8], Integers]


def bounds(base: Base, limits: Limits, tangent: float) -> Answer:
    """Capacity per unit, kind and position of what binds; arrays by position."""
    net, n = base.radial, base.radial.size
    branch, state = (net.parent, net.r_pu, net.x_pu), (base.u, base.fp, base.fq)
    current, lowest = limits.current_pu**2, lowest_squared(net, limits)
    lp, lq, square, grown, low, margin, sunk, spare, sag = np.empty((9, n))
    least, head = np.empty((2, n), np.int32)
    is_ample = np.empty(n, np.bool_)
    flows = (*state, lp, lq)
    kernels.losses_below(*branch, *state, lp, lq, square)

    def grow(floor: Floats) -> None:
        kernels.growths(net.parent, *flows, floor, head, spare, sag, grown)
        kernels.margins(
            *branch, *flows, square, grown, lowest, current, GUARD, low, sunk, margin, least,
            is_ample,
        )  # fmt: skip

    grow(lowest)
    cap, floor = np.empty((2, n))
    kernels.caps(*branch, *state, grown, current, margin, least, tangent, MOST_PU, spare, cap)
    cap_p, cap_q = CAP, CAP * tangent + CAP_REACTIVE
    kernels.falls(
        *branch, *flows, grown, sunk, lowest, cap, cap_p, cap_q, np.empty((n, 3)), sag, floor
    )
    # Now that it is known how far voltages fall, losses are known to grow less.
    grow(floor)
    edges, forms = np.empty((n, 4)), np.empty((n, 5, 3))
    kernels.ways(*branch, *flows, grown, sunk, low, floor, cap, cap_p, cap_q, edges, forms)

    def answer(growth: float, rays: float) -> tuple[Answer, npt.NDArray[np.bool_]]:
        kind, where = np.empty(n, np.int8), np.empty(n, np.int32)
        capacity, is_cut = np.empty(n), np.empty(n, np.bool_)
        steep = tangent + rays
        kernels.joined(
            *branch, *flows, grown, sunk, low, floor, current, margin, least, is_ample, edges,
            tangent, tangent / growth, steep, forms, sag, kind, where,
        )  # fmt: skip
        kernels.answers(
            cap, cap_p, cap_q, grown, forms, tangent, growth, steep, MOST_PU, capacity, is_cut
        )
        return (capacity, kind, where), is_cut

    (capacity, kind, where), is_cut = answer(*NARROW)
    if is_cut.any():
        wide, _ = answer(*WIDE)
        better = wide[0] > capacity
        capacity[better], kind[better], where[better] = (one[better] for one in wide)
    return capacity, kind, where
