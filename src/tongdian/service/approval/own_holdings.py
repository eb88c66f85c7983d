"""What this room keeps of people beside the events of a case: shown to them, destroyed, needed."""

from typing import Any

from tongdian.service.approval.route_models import PermitDocument, WorksPlan
from tongdian.service.privacy.actions import Holding, Kept

KINDS = {
    PermitDocument.Kind.ROUTE: ("外线路径", "Route of the external works"),
    PermitDocument.Kind.FORM: (
        "许可申请表（含现场联系人和电话）",
        "Form for the permits (with the contact on site)",
    ),
    PermitDocument.Kind.LETTER: ("告知承诺书", "Commitment letter"),
    PermitDocument.Kind.INSPECTION: ("核查记录", "Record of an inspection"),
}


def _documents(number: str) -> Any:
    return PermitDocument.objects.filter(case__number=number).order_by("kept_at", "pk")


def _plans(number: str) -> Any:
    return WorksPlan.objects.filter(case__number=number)


def shown_of_case(number: str) -> list[dict[str, Any]]:
    """Every document as it was handed in, and what stands in the form now."""
    documents = [
        {
            "kind": row.kind,
            "sha256": row.digest,
            "kept_at": row.kept_at.isoformat(),
            "content": row.content,
        }
        for row in _documents(number)
    ]
    prepared = [
        {
            "kind": "prepared",
            "kept_at": row.updated_at.isoformat(),
            "content": {"route": row.route, "form": row.typed},
        }
        for row in _plans(number)
    ]
    return documents + prepared


def listed_of_case(number: str) -> list[Kept]:
    """The same by name."""
    listed = [
        Kept(*KINDS[PermitDocument.Kind(row.kind)], row.kept_at) for row in _documents(number)
    ]
    prepared = ("正在填写的路径和许可申请表", "Route and form being filled in")
    return listed + [Kept(*prepared, row.updated_at) for row in _plans(number)]


def erase_of_case(number: str) -> int:
    """Destroy all of it. The events keep the digests, which tell nobody anything."""
    return int(_documents(number).delete()[0] + _plans(number).delete()[0])


HOLDING = Holding(
    "permits",
    "外线工程许可的材料",
    "papers of the permits for external works",
    shown=shown_of_case,
    listed=listed_of_case,
    erase=erase_of_case,
)
