"""Why a clock stands, in words."""

from tongdian.law.plan import load_plan
from tongdian.service.look.context import short_language


def ground_words(ground_id: str, plan_id: str | None = None) -> tuple[str, str]:
    """A pause ground in words, and its clause."""
    plan = load_plan(plan_id) if plan_id else load_plan()
    for ground in plan.pause_grounds:
        if ground.id == ground_id:
            return ground.en if short_language() == "en" else ground.zh, str(ground.clause)
    return ground_id, ""
