"""`cn.tongdian.construction_permit.issued.v1`: somebody is permitted to build."""

from collections.abc import Mapping
from typing import Any

from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.exchange.inbound import InboundEvent
from tongdian.service.identity.actors import Actor
from tongdian.service.leads.permits import read_permit
from tongdian.service.leads.pushing import receive_permit

EVENT_TYPE = "cn.tongdian.construction_permit.issued.v1"


def take_permit(event: InboundEvent) -> Mapping[str, Any]:
    """Open a lead, or bring it up to date. The subject of the message is the project's code."""
    permit = read_permit(event.data)
    if event.subject.replace("-", "") != permit.project_code.replace("-", ""):
        raise InvalidInput(
            [
                FieldError(
                    "subject",
                    "subject 应与 xmdm 相同",
                    "subject has to be the same as xmdm",
                    "按项目代码排序推送",
                    "Push in the order of the project code",
                )
            ]
        )
    sender = Actor(frozenset({"system"}), event.organisation, f"source:{event.source}"[:64])
    done = receive_permit(permit, told_at=event.time, actor=sender)
    return {"lead": done.lead, "outcome": done.outcome}
