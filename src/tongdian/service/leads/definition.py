"""What casework needs to know of leads."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from tongdian.law.clocks import Limit
from tongdian.law.plan import load_plan
from tongdian.law.process import CaseState
from tongdian.service.casework.masks import mask_address, mask_name
from tongdian.service.casework.processes import ProcessDefinition
from tongdian.service.casework.selectors import HEADQUARTERS
from tongdian.service.leads.process import ANNOUNCED, LEAD_PROCESS, PREPARING

PREPARATION = "early_start.preparation_working_days"
READERS = frozenset({"clerk", "engineer", "lead"})


def describe(payload: Mapping[str, Any], personal: Mapping[str, Any]) -> dict[str, Any]:
    """The label columns of a case row from the pushed permit."""
    return {
        "district": payload["district"],
        "office": f"{HEADQUARTERS}-{payload['district']}",
        "zone": "",
        "channel": "push",
        "load_kw": Decimal(payload["expected_kw"]),
        "applicant_masked": mask_name(str(personal.get("name", "")), "uscc"),
        "address_masked": mask_address(str(personal.get("address", ""))),
        "applicant_digest": "",
    }


@cache
def preparation_limit(plan_id: str) -> Limit:
    """From the push until prepared. The plan says "at once"; the number of days is a setting."""
    plan = load_plan(plan_id)
    stages = frozenset({ANNOUNCED, PREPARING})
    days, clause = plan.limit(PREPARATION), plan.value(PREPARATION).clause
    return Limit("preparation", "stage:preparation", days, "plan", clause, stages)


def limits_of(state: CaseState) -> tuple[Limit, ...]:
    """The limits that bind a folded lead."""
    return (preparation_limit(state.plan),) if state.plan else ()


DEFINITION = ProcessDefinition(
    process=LEAD_PROCESS,
    starts=frozenset({"permit_pushed"}),
    limits=limits_of,
    counted_steps=lambda state: 0,
    describe=describe,
    readers=READERS,
    parties=False,
)
