"""Tables of the permits room."""

from tongdian.service.approval.route_models import InspectionDraw, PermitDocument, WorksPlan

__all__ = ["InspectionDraw", "PermitDocument", "WorksPlan"]
