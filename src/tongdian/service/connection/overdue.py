"""What has been exceeded and is not on record yet."""

from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.planning import measure_state
from tongdian.service.casework.processes import definition_of


def unrecorded_overdue(case: Case) -> list[str]:
    """All limits exceeded so far when one of them is not on record yet, else none. Whoever holds
    the case now, and though it is paused: what was exceeded before stays exceeded."""
    state = case.folded
    clocks = measure_state(definition_of(case.process), state, clock.now())
    exceeded = {c.limit.id for c in clocks.clocks if c.exceeded and c.limit.status != "default"}
    recorded = set(state.facts.get("overdue_recorded", {}).get("limits", []))
    return [] if exceeded <= recorded else sorted(exceeded | recorded)
