"""What casework needs to know of connections."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tongdian.service.approval.limits import branch_limits
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.masks import mask_address, mask_name
from tongdian.service.casework.models import applicant_digest
from tongdian.service.casework.processes import ProcessDefinition
from tongdian.service.connection.limits import counted_steps, limits_of
from tongdian.service.connection.process import CONNECTION


def office_of(district: str) -> str:
    """The utility's office that serves a district or development zone."""
    return f"GYPS-{district}"


def describe(payload: Mapping[str, Any], personal: Mapping[str, Any]) -> dict[str, Any]:
    """The label columns of a case row from the application."""
    return {
        "district": payload["district"],
        "office": office_of(str(payload["district"])),
        "zone": payload["zone"],
        "channel": payload["channel"],
        "load_kw": Decimal(payload["load_kw"]),
        "applicant_masked": mask_name(
            str(personal.get("name", "")), str(personal.get("id_type", ""))
        ),
        "address_masked": mask_address(str(personal.get("address", ""))),
        "applicant_digest": applicant_digest(
            str(personal.get("id_type", "")), str(personal.get("id_number", ""))
        ),
    }


DEFINITION = ProcessDefinition(
    process=CONNECTION,
    starts=frozenset({"application_filed", "application_submitted"}),
    limits=limits_of,
    counted_steps=counted_steps,
    describe=describe,
    branch_limits=branch_limits,
    branch_organisation=AUTHORITIES.__getitem__,
)
