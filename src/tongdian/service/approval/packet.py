"""What is about to be filed: the works as prepared, and what their route needs today."""

from dataclasses import dataclass

from tongdian.service.approval.filed_routes import standing
from tongdian.service.approval.packet_form import PLAIN, PacketForm, papers_of
from tongdian.service.approval.process import ALLOWING, REOPENED
from tongdian.service.approval.route_documents import digest_of, keep
from tongdian.service.approval.route_materials import FORM, ROUTE, papers_for
from tongdian.service.approval.route_models import PermitDocument, WorksPlan
from tongdian.service.approval.route_plans import (
    Assessed,
    assessed,
    route_of,
    voltage_of,
    works_of,
)
from tongdian.service.casework.models import Case
from tongdian.works.commitment import NO, NOT_NEEDED


@dataclass(frozen=True)
class Packet:
    """What is to be filed: the works as prepared, and what their route needs today."""

    case: Case
    works: WorksPlan
    found: Assessed

    @property
    def items(self) -> list[str]:
        """Items that the route needs and that are not before a department, nor allowed for this
        very route."""
        branches = self.case.folded.branches
        asked = REOPENED | ALLOWING
        stands = standing(self.case, self.route_digest)
        return [
            code
            for code in self.found.assessment.item_codes
            if code not in branches or (branches[code].stage in asked and code not in stands)
        ]

    @property
    def again(self) -> bool:
        """Whether items of it were filed before and have to be filed again."""
        return any(code in self.case.folded.branches for code in self.items)

    @property
    def eligible(self) -> bool:
        """Whether nothing but credit stands between these works and the commitment. Who did not
        keep one takes the ordinary way."""
        return self.found.assessment.commitment not in (NO, NOT_NEEDED) and not self.revoked

    @property
    def revoked(self) -> bool:
        """Whether a permit granted by commitment was revoked on this case."""
        return self.case.events.filter(kind="commitment_revoked").exists()

    @property
    def route_digest(self) -> str:
        """What an event names the route by."""
        return digest_of(self.found.route.to_geojson())

    def complete(self) -> bool:
        """Whether the form as kept obeys its rules, files included."""
        typed = self.works.typed
        data = {name: typed.get(name, "") for name in PLAIN}
        data |= {f"later-{kind}": "on" for kind in typed.get("later", [])}
        return PacketForm(data, {}, assessment=self.found.assessment, kept=typed).is_valid()

    def materials(self) -> list[dict[str, str]]:
        """Route, form and papers, each by its digest; keeps the first two."""
        route = self.found.route.to_geojson()
        form = {
            "assessment": self.found.assessment.to_json(),
            **{name: str(self.works.typed.get(name, "")) for name in PLAIN},
        }
        kinds = PermitDocument.Kind
        return [
            {"kind": ROUTE, "form": "2", "digest": keep(self.case, kinds.ROUTE, route)},
            {"kind": FORM, "form": "2", "digest": keep(self.case, kinds.FORM, form)},
            *papers_of(self.works.typed, papers_for(self.found.assessment)),
        ]


def packet_of(case: Case) -> Packet | None:
    """None as long as there is no route, no voltage, or nothing to be permitted."""
    works = works_of(case)
    route, voltage = route_of(works), voltage_of(case, works)
    if works is None or route is None or not voltage:
        return None
    found = assessed(case, route, voltage)
    return Packet(case, works, found) if found.assessment.items else None
