"""Loops of the prediction over arrays. Each is one pass, or one pass for each kind of tie.

A *zone* is what no switch divides: the parts of it fail together and wait for repair together. A
*region* is what no breaker or fuse divides: any failure in it interrupts it and all below. Zones
and regions are numbered as a walk down the trees meets them, so that a parent has a smaller number
than its children, and all below a zone z are the numbers z + 1 … z + below[z] − 1.
"""

from typing import Any

import numpy as np

from tongdian.compiled import kernel

Array = Any


@kernel
def walk(upstream: Array, downstream: Array, roots: Array, nodes: int) -> Array:
    """Sections in the order of a walk down from the sources, depth first.

    Shorter than the table when sections cannot be reached, or when a walk would come back to a node
    it has met: the reader of the table tells which. O(nodes + sections).
    """
    n = upstream.shape[0]
    first = np.zeros(nodes + 1, np.int64)
    for i in range(n):
        first[upstream[i] + 1] += 1
    for v in range(nodes):
        first[v + 1] += first[v]
    place = first[:nodes].copy()
    below = np.empty(n, np.int64)
    for i in range(n):
        below[place[upstream[i]]] = i
        place[upstream[i]] += 1
    met = np.zeros(nodes, np.bool_)
    order = np.empty(n, np.int64)
    stack = np.empty(n + 1, np.int64)
    count = 0
    for root in roots:
        if met[root]:
            return order[:0]
        met[root] = True
        top = 0
        for k in range(first[root], first[root + 1]):
            stack[top] = below[k]
            top += 1
        while top:
            top -= 1
            section = stack[top]
            node = downstream[section]
            if met[node]:
                return order[:count]
            met[node] = True
            order[count] = section
            count += 1
            for k in range(first[node], first[node + 1]):
                stack[top] = below[k]
                top += 1
    return order[:count]


@kernel
def divide(
    order: Array,
    upstream: Array,
    downstream: Array,
    protection: Array,
    isolation: Array,
    roots: Array,
    nodes: int,
) -> tuple[Array, Array, Array, Array, Array]:
    """Zone of each section, of each node; parent and region of each zone; parent of each region.

    Parents are −1 at the sources, each of which has a zone and a region of its own.
    """
    most = 2 * order.shape[0] + roots.shape[0]
    zone_of_section = np.empty(upstream.shape[0], np.int64)
    zone_of_node = np.full(nodes, -1, np.int64)
    zone_parent = np.empty(most, np.int64)
    zone_region = np.empty(most, np.int64)
    region_parent = np.empty(most, np.int64)
    zones = 0
    regions = 0
    left = 0
    for root in roots:
        zone_parent[zones], zone_region[zones], region_parent[regions] = -1, regions, -1
        zone_of_node[root] = zones
        zones += 1
        regions += 1
        while left < order.shape[0] and zone_of_node[upstream[order[left]]] >= 0:
            section = order[left]
            left += 1
            zone = zone_of_node[upstream[section]]
            for end in (1, 2):
                if (protection[section] | isolation[section]) & end:
                    region = zone_region[zone]
                    if protection[section] & end:
                        region_parent[regions] = region
                        region = regions
                        regions += 1
                    zone_parent[zones], zone_region[zones] = zone, region
                    zone = zones
                    zones += 1
                if end == 1:
                    zone_of_section[section] = zone
            zone_of_node[downstream[section]] = zone
    return (
        zone_of_section,
        zone_of_node,
        zone_parent[:zones],
        zone_region[:zones],
        region_parent[:regions],
    )


@kernel
def zone_sums(
    zone_of_section: Array,
    zones: int,
    failures: Array,
    repair_h: Array,
    transformer_failures: Array,
    transformer_repair_h: Array,
    switch_h: Array,
    closing_h: Array,
    momentary_h: float,
) -> tuple[Array, Array]:
    """What failures of a zone cost whoever waits for one of several things, and how many there are.

    First result (zones, k + 1, 2): interruptions per year longer than `momentary_h`, and their
    hours, for those who wait until the zone is isolated and a switch closed that takes
    `closing_h[0 … k − 1]`, and last for those who wait for the repair. Nobody waits for a switch
    when the repair is done sooner. Second result (zones): all failures per year.
    """
    ways = closing_h.shape[0] + 1
    sums = np.zeros((zones, ways, 2))
    every = np.zeros(zones)
    for i in range(zone_of_section.shape[0]):
        z = zone_of_section[i]
        every[z] += failures[i] + transformer_failures[i]
        for way in range(ways):
            line_h, transformer_h = repair_h[i], transformer_repair_h[i]
            if way < ways - 1:
                switched_h = max(switch_h[i], closing_h[way])
                line_h = min(line_h, switched_h)
                transformer_h = min(transformer_h, switched_h)
            if line_h > momentary_h:
                sums[z, way, 0] += failures[i]
                sums[z, way, 1] += failures[i] * line_h
            if transformer_h > momentary_h:
                sums[z, way, 0] += transformer_failures[i]
                sums[z, way, 1] += transformer_failures[i] * transformer_h
    return sums, every


@kernel
def restored(zone_parent: Array, below: Array, tie_a: Array, tie_b: Array) -> Array:
    """(zones): can a zone be supplied by a tie while its parent zone waits for repair?

    `tie_a`, `tie_b` are zones. A tie serves when its other end lies outside all that hangs on the
    parent: the smallest and the largest zone that ties from below c reach tell whether one does.
    Sisters that a tie joins serve each other, so they are joined to sets at their common parent.
    """
    zones = zone_parent.shape[0]
    low = np.arange(zones)
    high = np.arange(zones)
    joined = np.arange(zones)
    for k in range(tie_a.shape[0]):
        a, b = tie_a[k], tie_b[k]
        low[a] = min(low[a], b)
        low[b] = min(low[b], a)
        high[a] = max(high[a], b)
        high[b] = max(high[b], a)
        under_a = under_b = -1
        while a != b:
            if a > b:
                under_a, a = a, zone_parent[a]
            else:
                under_b, b = b, zone_parent[b]
        if a >= 0 and under_a >= 0 and under_b >= 0:
            while joined[under_a] != under_a:
                joined[under_a] = joined[joined[under_a]]
                under_a = joined[under_a]
            while joined[under_b] != under_b:
                joined[under_b] = joined[joined[under_b]]
                under_b = joined[under_b]
            joined[max(under_a, under_b)] = min(under_a, under_b)
    for z in range(zones - 1, -1, -1):
        if zone_parent[z] >= 0:
            low[zone_parent[z]] = min(low[zone_parent[z]], low[z])
            high[zone_parent[z]] = max(high[zone_parent[z]], high[z])
    found = np.zeros(zones, np.bool_)
    for z in range(zones):
        parent = zone_parent[z]
        if parent >= 0 and (low[z] < parent or high[z] >= parent + below[parent]):
            leader = z
            while joined[leader] != leader:
                leader = joined[leader]
            found[leader] = True
    for z in range(zones):
        leader = z
        while joined[leader] != leader:
            leader = joined[leader]
        if found[leader]:
            found[z] = True
    return found


@kernel
def sizes(zone_parent: Array) -> Array:
    """(zones): how many zones a zone and all below it are."""
    below = np.ones(zone_parent.shape[0], np.int64)
    for z in range(zone_parent.shape[0] - 1, -1, -1):
        if zone_parent[z] >= 0:
            below[zone_parent[z]] += below[z]
    return below


@kernel
def gather(
    zone_parent: Array,
    zone_region: Array,
    region_parent: Array,
    sums: Array,
    every: Array,
    way: Array,
) -> Array:
    """(zones, 3): interruptions per year, their hours, and interruptions with the momentary ones,
    of whatever stands in a zone.

    A failure in zone z interrupts its whole region and all below. Everybody waits until it is
    switched, `sums[z, 0]`, but whoever stands in z waits for the repair, `sums[z, -1]`, and the
    zone c on the way down waits for `sums[z, way[c]]`: a tie, or repair. So the sums over the
    regions above are carried down once, and the differences over the zones above.
    """
    zones, regions = zone_parent.shape[0], region_parent.shape[0]
    repair = sums.shape[1] - 1
    of_region = np.zeros((regions, 3))
    for z in range(zones):
        r = zone_region[z]
        of_region[r, 0] += sums[z, 0, 0]
        of_region[r, 1] += sums[z, 0, 1]
        of_region[r, 2] += every[z]
    for r in range(regions):
        if region_parent[r] >= 0:
            for k in range(3):
                of_region[r, k] += of_region[region_parent[r], k]
    above = np.zeros((zones, 2))
    total = np.empty((zones, 3))
    for z in range(zones):
        p, r = zone_parent[z], zone_region[z]
        for k in range(2):
            if p >= 0:
                above[z, k] = above[p, k] + sums[p, way[z], k] - sums[p, 0, k]
            total[z, k] = of_region[r, k] + above[z, k] + sums[z, repair, k] - sums[z, 0, k]
        total[z, 2] = of_region[r, 2]
    return total


@kernel
def at_loads(total: Array, zone_of_node: Array, load_node: Array) -> Array:
    """(3, load points): interruptions, hours and momentary interruptions of each load point."""
    loads = load_node.shape[0]
    found = np.empty((3, loads))
    for i in range(loads):
        z = zone_of_node[load_node[i]]
        found[0, i] = total[z, 0]
        found[1, i] = total[z, 1]
        momentary = total[z, 2] - total[z, 0]
        # What is less than the rounding of the sums is nothing.
        found[2, i] = momentary if momentary > 1e-9 * total[z, 2] else 0.0
    return found


@kernel
def feeder_numbers(
    order: Array, upstream: Array, downstream: Array, sources: Array, nodes: int
) -> tuple[Array, Array]:
    """Feeder of each section and of each node, −1 at sources; numbered as first sections come."""
    of_node = np.full(nodes, -1, np.int64)
    of_section = np.full(upstream.shape[0], -1, np.int64)
    is_source = np.zeros(nodes, np.bool_)
    for source in sources:
        is_source[source] = True
    count = 0
    for i in range(upstream.shape[0]):
        if is_source[upstream[i]]:
            of_section[i] = count
            of_node[downstream[i]] = count
            count += 1
    for i in order:
        if of_section[i] < 0:
            of_section[i] = of_node[upstream[i]]
            of_node[downstream[i]] = of_section[i]
    return of_section, of_node
