"""Packets before the departments of the demo city: just filed, received, waiting, decided, and one
that nobody has looked at for too long. Their routes run along the city's own roads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import shapely

from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.commands import COMMANDS
from tongdian.service.approval.packet import Packet, packet_of
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.approval.route_filing import file_packet
from tongdian.service.approval.route_materials import papers_for
from tongdian.service.approval.route_objects import city_objects
from tongdian.service.approval.route_plans import save_works
from tongdian.service.casework import clock
from tongdian.service.casework.commands import parse
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor
from tongdian.works.geometry import Route
from tongdian.works.points import from_csv
from tongdian.works.refusals import WorksError

RUN_DEGREES: Final = 0.0016  # about 160 m along a road
SILENT_WORKING_DAYS: Final = 7
STEPS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    # Working days ago that it was filed, and what has happened since.
    (0, ()),
    (SILENT_WORKING_DAYS, ("received",)),
    (1, ("received",)),
    (2, ("received", "one")),
    (2, ("received", "correction")),
    (3, ("received", "special")),
    (3, ("received", "all")),
)


@dataclass(frozen=True)
class _Demo:
    """One packet and the instant at which something is done about it."""

    packet: Packet
    at: datetime

    def do(self, kind: str, organisation: str, **data: Any) -> None:
        with clock.moved_to(self.at):
            command = parse(COMMANDS[kind], data)
            ACTIONS[kind](self.packet.case.number, command, actor=_officer(organisation))


def _officer(organisation: str) -> Actor:
    return Actor(frozenset({"officer"}), organisation, f"{organisation}-officer-1")


def file_some(end: datetime) -> int:
    """File a packet for each of STEPS, as far as there are cases at their works. Returns how many
    were filed."""
    waiting = iter(STEPS)
    step = next(waiting, None)
    done = 0
    for case in _candidates(end):
        if step is None:
            break
        if _filed(case, end, *step):
            done += 1
            step = next(waiting, None)
    return done


def _candidates(end: datetime) -> Iterator[Case]:
    """Cases whose works began before any of the packets is filed."""
    at_works = Case.objects.filter(
        process="connection", outcome="", stage__in=("own_works", "external_works")
    )
    first = _days_before(end, SILENT_WORKING_DAYS)
    for case in at_works.order_by("id"):
        if not case.folded.branches and case.folded.holds[-1].start < first:
            yield case


def _days_before(end: datetime, days: int) -> datetime:
    """The same time of day so many working days earlier."""
    calendar, today = default_calendar(), local_date(end)
    day = today
    while calendar.count(day, today) < days:
        day -= timedelta(days=1)
    return end - (today - day) - timedelta(hours=3)


def _filed(case: Case, end: datetime, days: int, since: tuple[str, ...]) -> bool:
    at = _days_before(end, days)
    with clock.moved_to(at):
        filer = _filer(case)
        route = _route(case)
        if route is None:
            return False
        typed = {"voltage_kv": "10", **_typed(at.date())}
        save_works(case, filer, route=route, typed=typed)
        packet = packet_of(case)
        if packet is None:
            return False
        later = [paper.kind for paper in papers_for(packet.found.assessment)]
        save_works(case, filer, typed={"later": later})
        packet = packet_of(case)
        assert packet is not None
        file_packet(packet, actor=filer)
    for name in since:
        _SINCE[name](_Demo(packet, at + timedelta(hours=2)))
    return True


def _filer(case: Case) -> Actor:
    if case.stage == "external_works":
        return Actor(frozenset({"engineer"}), case.office, f"{case.office}-engineer-1")
    return Actor(frozenset({"applicant"}), "", case.applicant_pseudonym,
                 cases=frozenset({case.number}))  # fmt: skip


def _route(case: Case) -> Route | None:
    """Along the road nearest to the premises, from where it is nearest."""
    personal = case.events.get(seq=1).personal or {}
    if not personal.get("lon"):
        return None
    here = shapely.Point(float(personal["lon"]), float(personal["lat"]))
    objects = city_objects()
    roads = [objects.geometry[row] for row in objects.of_kind("road")]
    road = min(roads, key=here.distance)
    start = road.project(here)
    ends = [road.interpolate(start), road.interpolate(start + RUN_DEGREES)]
    if ends[0].equals_exact(ends[1], 1e-4):
        ends[1] = road.interpolate(start - RUN_DEGREES)
    rows = [f"{point.x:.6f},{point.y:.6f},直埋" for point in ends]
    try:
        return from_csv("\n".join(rows))
    except WorksError:
        return None


def _typed(today: date) -> dict[str, str]:
    return {
        "starts_on": (today + timedelta(days=10)).isoformat(),
        "ends_on": (today + timedelta(days=30)).isoformat(),
        "method": "open_cut",
        "works": "沟宽 0.8 米，沟深 1 米，夜间施工",
        "lanes_kept": "保留双向各一条车道",
        "contractor": "示例·贵阳电力施工有限公司",
        "contact_name": "示例·张工",
        "contact_phone": "19900000003",
    }


def _received(demo: _Demo) -> None:
    demo.do("permits_received", WINDOW)


def _one(demo: _Demo) -> None:
    _decide(demo, demo.packet.items[:1])


def _all(demo: _Demo) -> None:
    _decide(demo, demo.packet.items)


def _decide(demo: _Demo, items: list[str]) -> None:
    for item in items:
        number, asked = "示例许〔2026〕12 号", "按批准的位置和期限施工"
        demo.do("item_decided", AUTHORITIES[item], item=item, result="granted",
                document_number=number, conditions=asked)  # fmt: skip


def _correction(demo: _Demo) -> None:
    item = demo.packet.items[0]
    lacking = [
        {"field": "works_plan", "problem": "没有写明路面恢复的结构层", "remedy": "补充恢复做法"},
        {"field": "traffic_plan", "problem": "没有夜间照明和警示", "remedy": "补充标志布置图"},
    ]
    demo.do("item_correction_listed", AUTHORITIES[item], item=item, items=lacking)


def _special(demo: _Demo) -> None:
    item = demo.packet.items[0]
    demo.do("item_special_started", AUTHORITIES[item], item=item, ground="expert_review",
            evidence="专家评审通知书 2026-3 号（示例）", days=10)  # fmt: skip


_SINCE: Final[dict[str, Callable[[_Demo], None]]] = {
    "received": _received,
    "one": _one,
    "all": _all,
    "correction": _correction,
    "special": _special,
}
