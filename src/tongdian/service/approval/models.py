"""Tables of the permits room."""

from tongdian.service.approval.callbacks_models import HandOver
from tongdian.service.approval.route_models import (
    CityObjectSet,
    InspectionDraw,
    PermitDocument,
    WorksPlan,
)

__all__ = ["CityObjectSet", "HandOver", "InspectionDraw", "PermitDocument", "WorksPlan"]
