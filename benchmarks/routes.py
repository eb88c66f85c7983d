"""Routes laid over 100,000 city objects and judged, against shapely without an index and against
the index's bulk query alone, which is the least that any answer needs."""

from datetime import date

import numpy as np
import shapely

from benchmarks.support import best_of, latencies, line, percentile
from tongdian.city import generate
from tongdian.city.objects import demo_objects
from tongdian.city.routes import route_for
from tongdian.law.plan import load_plan
from tongdian.works.permits import assess
from tongdian.works.projection import city_projection
from tongdian.works.reach import Reach
from tongdian.works.routes import Route

CUSTOMERS = 300_000
OBJECTS = 100_000
ROUTES = 2_000
UNINDEXED = 20
ON = date(2026, 11, 25)


def main() -> None:
    city = generate(CUSTOMERS, 7)
    objects = demo_objects(city, ON, OBJECTS)
    source = np.random.default_rng(11)
    drawn = [
        route_for(city, int(customer), source) for customer in source.integers(0, CUSTOMERS, ROUTES)
    ]
    plan, reach = load_plan(), Reach.of()
    build = best_of(lambda: objects.take(np.arange(OBJECTS)).index, 2)
    line(f"index over {OBJECTS:,} objects", f"{build * 1e3:.0f} ms")

    def judge(number: int) -> None:
        # A route of its own each time: nothing that a route remembers is counted as speed.
        route = Route(drawn[number].parts, drawn[number].chambers, drawn[number].with_chamber)
        assess(route, objects.touching(route, reach), 10, plan, ON, True)

    judge(0)
    times = latencies(judge, ROUTES)
    ours = sum(times) / ROUTES
    strips = shapely.buffer(
        city_projection().to_metres(np.array([part.line for r in drawn for part in r.parts])),
        reach.strip_m,
    )
    index = objects.index
    bound = best_of(lambda: index.areas.query(strips, predicate="intersects"), 3)
    bound += best_of(lambda: index.trees.query(strips, "dwithin", distance=reach.ancient_m), 3)
    everything = np.concatenate([index.footprints, index.stems])

    def over_arrays() -> None:
        for strip in strips[:UNINDEXED]:
            shapely.dwithin(everything, strip, reach.ancient_m).nonzero()

    def in_a_loop() -> None:
        for shape in everything:
            shape.dwithin(strips[0], reach.ancient_m)

    arrays = best_of(over_arrays, 2) / UNINDEXED
    loop = best_of(in_a_loop, 2)
    per_route = bound / ROUTES
    line(
        "routes touched and judged", f"{1 / ours:,.0f} per s",
        f"index's bulk query alone {1 / per_route:,.0f} per s ({ours / per_route:.1f} ×)",
    )  # fmt: skip
    line("", "", f"shapely over arrays, no index {1 / arrays:,.0f} per s ({arrays / ours:.0f} ×)")
    line("", "", f"shapely in a loop {1 / loop:,.1f} per s ({loop / ours:,.0f} ×)")
    line(
        "… p50, p99", f"{percentile(times, 0.5) * 1e3:.2f}, {percentile(times, 0.99) * 1e3:.2f} ms"
    )
