"""What the network of the synthetic city is planned by: figures of the planning rules.

Radii, wiring and types are those of DL/T 5729-2016 and usual practice; shares and distributions are
invented so that the statistics look like a city's.
"""

from dataclasses import dataclass
from typing import Final

from tongdian.city.places import CENTRAL_URBAN, RURAL, TOWN, URBAN

# Radius of 0.38 kV by zone: supply areas A, B, C and D of DL/T 5729-2016.
LOW_VOLTAGE_RADIUS_M: Final = {CENTRAL_URBAN: 150.0, URBAN: 250.0, TOWN: 400.0, RURAL: 500.0}
# Rated power of public transformers by zone, kVA, each with its share.
RATINGS_KVA: Final = {
    CENTRAL_URBAN: ((400, 0.3), (500, 0.3), (630, 0.4)),
    URBAN: ((315, 0.25), (400, 0.4), (630, 0.35)),
    TOWN: ((200, 0.35), (315, 0.35), (400, 0.3)),
    RURAL: ((100, 0.35), (200, 0.45), (315, 0.2)),
}
# Of customers' own transformers.
OWN_RATINGS_KVA: Final = ((315, 0.25), (500, 0.25), (630, 0.2), (800, 0.15), (1250, 0.15))
OWN_SHARE: Final = {CENTRAL_URBAN: 0.22, URBAN: 0.25, TOWN: 0.15, RURAL: 0.08}
SERIES: Final = (("S13", 0.65), ("S11", 0.25), ("SH15", 0.10))

# Main transformers of a substation, MVA, two of a kind: 35/10 kV in the country, then 110/10 kV.
MAIN_TRANSFORMERS_MVA: Final = (
    5.0, 6.3, 8.0, 10.0, 12.5, 16.0, 20.0, 31.5, 40.0, 50.0, 63.0,
)  # fmt: skip
# What the busbars of a substation are held at: 10.3 kV.
SOURCE_PU: Final = 1.03

POWER_FACTOR: Final = 0.95

# Kilowatts of a customer at the peak of the feeder, many customers together.
CUSTOMER_KW: Final = 1.3


@dataclass(frozen=True)
class AttachmentCosts:
    """What the works at an attachment cost by themselves, yuan; the way to it comes on top.

    `pole` is a smart pole switch at 30,000 (a published regional plan of 2024); all others are
    orders of magnitude, to be verified before anyone relies on them: a free way of a ring-main unit
    with its terminations, a ring-main unit of its own at a cable joint, a feeder bay, a way of a
    low-voltage board, a branch at a pole or box of 0.38 kV.
    """

    pole: int = 30_000
    ring_main_unit: int = 60_000
    joint: int = 350_000
    busbar: int = 600_000
    low_voltage_board: int = 6_000
    low_voltage_branch: int = 1_500


@dataclass(frozen=True)
class Plan:
    """What may be varied: loads, and how dense the network is.

    `loading_median`, `loading_spread` are of the lognormal distribution of the loading of
    transformers; what would be above `loading_kept` was relieved in time, but for
    `overloaded_share` of it, which is up to `loading_most`. `feeder_mw` is the usual load of a
    feeder near its substation, `feeder_spread` how far feeders differ, `heavy_share` the share of
    feeders that grew beyond what they were planned for. `moment_km` is the distance at which a
    load counts twice, since it drops twice as much voltage. `substation_mw` is what two main
    transformers are planned for, `substation_reach_m` how far a load may be from a substation if
    there is enough of it. The fall of voltage along a feeder of 10 kV is kept within bounds drawn
    from `drop_most`; of `weak_share` of the feeders within `weak_drop`. `nodes_per_transformer`
    and `street_share` say what a network consists of; ties are no longer than `tie_reach_m`,
    `most_ties` at a feeder.
    """

    loading_median: float = 0.40
    loading_spread: float = 0.38
    loading_kept: float = 0.95
    loading_most: float = 1.15
    overloaded_share: float = 0.2
    feeder_mw: float = 4.3
    feeder_spread: float = 0.2
    heavy_share: float = 0.03
    moment_km: float = 6.0
    substation_mw: float = 55.0
    substation_reach_m: float = 8_000.0
    drop_most: tuple[float, float] = (0.045, 0.075)
    weak_share: float = 0.04
    weak_drop: float = 0.115
    nodes_per_transformer: int = 28
    street_share: float = 0.17
    tie_reach_m: float = 2_500.0
    most_ties: int = 3
