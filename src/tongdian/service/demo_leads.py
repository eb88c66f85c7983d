"""Construction permits of the demo city's last weeks, as leads: some prepared, some late, some just
come. Their builders are the city's own companies, so that the sandbox knows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tongdian.city import City
from tongdian.city.histories import CaseHistory, Step
from tongdian.law.calendar import SHANGHAI, local_date
from tongdian.law.plan import load_plan
from tongdian.sandbox.approvals import permit_data
from tongdian.sandbox.pushes import SOURCE
from tongdian.sandbox.residents import Directory, Holder
from tongdian.service.casework.models import Case
from tongdian.service.leads.matcher import match_application
from tongdian.service.leads.models import Lead
from tongdian.service.leads.permits import IssuedPermit, read_permit
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.leads.pushing import columns, event_parts
from tongdian.service.leads.reading import permit_of

MOST = 40
FORGOTTEN_DAYS = 12
TIED = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A permit, when it was pushed, and how many days ago that was."""

    permit: IssuedPermit
    at: datetime
    days_ago: int


def lead_histories(city: City, end: datetime) -> Iterator[CaseHistory]:
    """Leads pushed in the last forty days, the oldest first, with what was done about each."""
    builders = Directory(city).some_companies(MOST)
    today = local_date(end)
    for index, holder in enumerate(builders):
        days_ago = MOST - index
        at = _at(today - timedelta(days=days_ago), 9, index % 50)
        permit = _permit(holder, at.date(), index)
        if permit is not None and at < end:
            yield _history(Told(permit, at, days_ago), index, end)


def tie_some(city: City) -> int:
    """Permits pushed for open applications of companies, so that some leads have theirs. Returns
    how many."""
    applied = Case.objects.filter(
        process="connection", outcome="", track__in=("high_voltage_single", "low_voltage")
    )
    done = 0
    for case in applied.order_by("-id")[: 10 * TIED]:
        said: dict[str, Any] = case.events.get(seq=1).personal or {}
        holder = Directory(city).find(str(said.get("id_number", "")))
        if holder is not None and done < TIED and _push_for(holder, case, done):
            done += 1
    return done


def _push_for(holder: Holder, case: Case, index: int) -> bool:
    from tongdian.service.identity.actors import Actor
    from tongdian.service.leads.pushing import receive_permit

    permit = _permit(holder, local_date(case.opened_at), index)
    if permit is None:
        return False
    sender = Actor(frozenset({"system"}), "GY-ZJJ", f"source:{SOURCE}")
    receive_permit(permit, told_at=case.opened_at, actor=sender)
    match_application(case.number)
    return True


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def _permit(holder: Holder, day: date, index: int) -> IssuedPermit | None:
    """The permit, to be finished within one to fourteen months; None when its number is taken."""
    data = permit_data(holder, day)
    finished = day + timedelta(days=45 + index * 37 % 400)
    number = data["sgxkzbh"]
    if Lead.objects.filter(permit=number).exists():
        return None
    return read_permit(data | {"jhjgrq": finished.isoformat(), "jhkgrq": day.isoformat()})


def _history(told: Told, index: int, end: datetime) -> CaseHistory:
    """Most are prepared in time; each seventh is forgotten."""
    payload, personal = event_parts("permit_pushed", told.permit, told.at, load_plan().id)
    office = f"GYPS-{payload['district']}"
    engineer = ("engineer", office, f"{office}-engineer-1")
    pushed = Step(told.at, "permit_pushed", "system", "GY-ZJJ", f"source:{SOURCE}", None, payload,
                  personal)  # fmt: skip
    steps = [pushed]
    forgotten = index % 7 == 3 and told.days_ago < FORGOTTEN_DAYS * 2
    started = told.at + timedelta(days=1, hours=index % 6)
    completed = started + timedelta(days=1 + index % 4, hours=1)
    if not forgotten and started < end:
        steps.append(Step(started, "preparation_started", *engineer, None, {}))
        if completed < end:
            steps.append(Step(completed, "preparation_completed", *engineer, None, _made(index)))
    return CaseHistory(index, steps)


def _made(index: int) -> dict[str, Any]:
    return {
        "source_point": f"示例变电站/10kV {index % 4 + 1} 段/示例线",
        "voltage": "10kV",
        "available_kw": str(800 + index % 5 * 200),
        "prepared": ["site_visited", "source_checked", "scheme_drafted"],
    }


def write_rows() -> int:
    """The rows of leads that were loaded. Returns how many."""
    rows = []
    for case in Case.objects.filter(process=LEAD_PROCESS.id, lead__isnull=True):
        permit = permit_of(case)
        rows.append(
            Lead(case=case, pushed_at=case.opened_at, **columns(permit.payload, permit.personal))
        )
    return len(Lead.objects.bulk_create(rows))
