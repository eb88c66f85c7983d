"""The limits of a connection case, read from the plan pinned on it."""

from dataclasses import replace
from functools import cache

from tongdian.law.clocks import JOINT_APPROVAL, Limit
from tongdian.law.plan import load_plan
from tongdian.law.process import CaseState
from tongdian.service.approval.limits import issue_limit
from tongdian.service.approval.process import AT_PERMITS, JOINT_STAGES

STATUTORY_STAGES = {
    "scheme": frozenset({"survey", "scheme"}),
    "inspection": frozenset({"inspection"}),
    "metering": frozenset({"metering"}),
}


@cache
def limits_for(plan_id: str, track_id: str) -> tuple[Limit, ...]:
    """The plan's promise, the joint approval limit, the statutory periods, and stage targets."""
    plan = load_plan(plan_id)
    track = plan.tracks[track_id]
    promise = plan.value(track.promise_key)
    approvals = plan.value("approvals.total_working_days")
    limits = [
        Limit("promise", track.promise_clock, track.promise_working_days, "plan", promise.clause),
        Limit(
            "joint_approval",
            JOINT_APPROVAL,
            plan.limit("approvals.total_working_days"),
            "plan",
            approvals.clause,
            JOINT_STAGES,
            AT_PERMITS,
        ),
    ]
    for stage, days in track.statutory_limits.items():
        if days is not None:
            clause = plan.value(track.statutory_keys[stage]).clause
            stages = STATUTORY_STAGES[stage]
            limits.append(
                Limit(f"statute:{stage}", f"stage:{stage}", days, "statute", clause, stages)
            )
    for stage, days in track.stage_limits.items():
        if days is not None:
            clause = plan.value(track.stage_keys[stage]).clause
            stages = STATUTORY_STAGES.get(stage, frozenset({stage}))
            limits.append(
                Limit(f"target:{stage}", f"stage:{stage}", days, "default", clause, stages)
            )
    limits.append(issue_limit(plan_id))
    return tuple(limits)


def limits_of(state: CaseState) -> tuple[Limit, ...]:
    """The limits that bind a folded case. The promise of the track that it had before stays in
    force up to the change: whoever was late already does not become punctual by it."""
    if not state.plan or not state.track:
        return ()
    limits = limits_for(state.plan, state.track)
    changed = state.facts.get("track_reclassified")
    if changed is None:
        return limits
    promise = limits_for(state.plan, str(changed["from"]))[0]
    until = state.instants["track_reclassified"]
    return (*limits, replace(promise, id=f"promise:{changed['from']}", until=until))


def counted_steps(state: CaseState) -> int:
    """环节 that the customer has gone through so far: application, scheme, metering.

    Residents and 三零 customers have two, for the scheme asks nothing of them.
    """
    done = state.done
    steps = int("application_submitted" in done or "owner_confirmed" in done)
    steps += int("scheme_accepted" in done)
    steps += int("energised" in done)
    return steps
