"""What was restored, what was checked, and what is missing: read from events and branches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.process import ALLOWING, AUTHORITIES
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor

# What each item lets be opened, and of which of them a report is owed.
RESTORED: Final[Mapping[str, str]] = {
    "municipal": "road", "green": "green", "traffic": "road", "forest": "green",
}  # fmt: skip
OWED: Final = ("municipal", "green")
TERM: Final = "restoration.report_working_days"
WORKS_DONE: Final = ("external_works_completed", "completion_reported")
SHOWN: Final = 100


@dataclass(frozen=True)
class Restoration:
    """One report, and the check of it once there is one."""

    item: str
    restored: str
    at: datetime
    payload: Mapping[str, Any]
    check: Mapping[str, Any] = field(default_factory=dict)

    @property
    def before(self) -> list[str]:
        """Digests of the photographs."""
        return list(self.payload["before"])

    @property
    def after(self) -> list[str]:
        return list(self.payload["after"])

    @property
    def accepted(self) -> bool:
        return self.check.get("result") == "accepted"


@dataclass(frozen=True)
class Missing:
    """An item whose restoration should have been reported by `due`, or waits for its check."""

    case: Case
    item: str
    due: date
    late: bool


def restorations_of(case: Case) -> list[Restoration]:
    """Every report of the case, the latest first."""
    kinds = ("restoration_reported", "restoration_checked")
    found: list[Restoration] = []
    for event in case.events.filter(kind__in=kinds).order_by("seq"):
        payload = event.payload
        if event.kind == "restoration_reported":
            item = str(payload["item"])
            found.append(Restoration(item, RESTORED.get(item, ""), event.occurred_at, payload))
            continue
        for place in range(len(found) - 1, -1, -1):
            mine = found[place]
            if mine.item == payload["item"] and not mine.check:
                found[place] = Restoration(mine.item, mine.restored, mine.at, mine.payload, payload)
                break
    return found[::-1]


def report_by(case: Case) -> date | None:
    """The last day to report what was restored; None while the works go on."""
    state = case.folded
    ends = [state.instants[kind] for kind in WORKS_DONE if kind in state.instants]
    if not ends:
        return None
    done = local_date(max(ends))
    term = load_plan(case.plan).value(TERM, done)
    return default_calendar().add(done, int(str(term.value)))


def missing_restorations(actor: Actor) -> tuple[list[Missing], list[Missing]]:
    """Of the cases that the actor may see: what was not reported though the works are done, and
    what was reported and waits for the department. The most urgent first."""
    today = local_date(clock.now())
    rows = CaseBranch.objects.filter(
        case__in=visible_to(actor), name__in=OWED, stage__in=ALLOWING
    ).select_related("case")
    if actor.has("officer"):
        rows = rows.filter(organisation=actor.organisation)
    missing, reported = [], []
    for row in rows.order_by("-case_id")[: 10 * SHOWN]:
        branch = row.case.folded.branches[row.name]
        reports = branch.done.get("restoration_reported", 0)
        checks = branch.done.get("restoration_checked", 0)
        due = report_by(row.case)
        if reports > checks:
            reported.append(Missing(row.case, row.name, due or today, False))
        elif due is not None and (not reports or _to_be_mended(branch.facts)):
            missing.append(Missing(row.case, row.name, due, today > due))
    key = lambda each: (each.due, each.case.number)  # noqa: E731
    return sorted(missing, key=key)[:SHOWN], sorted(reported, key=key)[:SHOWN]


def _to_be_mended(facts: Mapping[str, Any]) -> bool:
    return (facts.get("restoration_checked") or {}).get("result") == "to_be_mended"


def authority_of(item: str) -> str:
    """Who checks it."""
    return AUTHORITIES[item]
