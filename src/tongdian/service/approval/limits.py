"""The limits of a permit item and of the joint decision, from the plan pinned on the case."""

from functools import cache

from tongdian.law.clocks import Limit
from tongdian.law.plan import load_plan
from tongdian.law.process import CaseState
from tongdian.service.approval.process import (
    COMMITTING,
    ISSUE,
    OPEN_ITEM,
    RECEIVED,
    REVIEWING,
    UNANSWERED,
)

TOTAL = "approvals.total_working_days"
DECISION = "approvals.statute.decision_working_days"
INTAKE, REVIEW = "approvals.split.intake", "approvals.split.review"
ISSUING = "approvals.split.issue"


@cache
def item_limits(plan_id: str) -> tuple[Limit, ...]:
    """Of one item: the joint limit of the plan, the statutory one, and how the plan file splits the
    joint limit: intake, review. A correction list or a special procedure starts no period anew."""
    return (
        _limit(plan_id, "item", TOTAL, UNANSWERED | {COMMITTING}),
        _limit(plan_id, "item_statute", DECISION, UNANSWERED),
        _limit(plan_id, "item_intake", INTAKE, frozenset({RECEIVED})),
        _limit(plan_id, "item_review", REVIEW, frozenset({REVIEWING})),
    )


@cache
def issue_limit(plan_id: str) -> Limit:
    """Of the window: from the last decision to the joint document."""
    key = ISSUING
    plan = load_plan(plan_id)
    value = plan.value(key)
    return Limit("permits_issue", f"stage:{ISSUE}", int(str(value.value)), "default", value.clause,
                 frozenset({ISSUE}))  # fmt: skip


def branch_limits(state: CaseState, name: str) -> tuple[Limit, ...]:
    """The limits that bind one item of a folded case."""
    return item_limits(state.plan) if state.plan else ()


def _limit(plan_id: str, name: str, key: str, stages: frozenset[str]) -> Limit:
    value = load_plan(plan_id).value(key)
    return Limit(
        name, f"item:{name}", int(str(value.value)), value.status, value.clause, stages, OPEN_ITEM
    )
