"""One case through the city: a SimPy process that records the steps people would record."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import simpy

from tongdian.city.applications import Arrival
from tongdian.city.histories import CaseHistory, Step
from tongdian.city.staff import (
    BACKDATING_SHARE,
    BURST_OFFICE,
    BURST_SHARE,
    HEAPING_OFFICE,
    HEAPING_SHARE,
    SLOW_FACTOR,
    SLOW_SHARE,
    SPREAD,
    TOUCH_DAYS,
    WAITS,
    Office,
)
from tongdian.city.workclock import WorkClock
from tongdian.law.calendar import WorkCalendar, local_date
from tongdian.law.plan import Plan

ZERO_INVESTMENT = frozenset({"resident", "zero_lv", "zero_lv_external"})
Events = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class World:
    """What all journeys share."""

    environment: simpy.Environment
    plan: Plan
    calendar: WorkCalendar
    work: WorkClock
    until: datetime

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.environment.now, UTC)


class Journey:
    """A case from filing to power on, with the accidents that happen on the way."""

    def __init__(
        self,
        world: World,
        office: Office,
        arrival: Arrival,
        history: CaseHistory,
        source: np.random.Generator,
    ) -> None:
        self.world, self.office, self.arrival = world, office, arrival
        self.history, self.source = history, source
        self.track = arrival.track
        self.applicant = f"person-{arrival.reference:08x}"
        self.burst = office.code == BURST_OFFICE and source.random() < BURST_SHARE
        self.slow = SLOW_FACTOR if source.random() < SLOW_SHARE else 1.0

    # --- recording -----------------------------------------------------------------------------

    def record(
        self,
        kind: str,
        role: str,
        payload: dict[str, Any] | None = None,
        personal: dict[str, Any] | None = None,
        *,
        organisation: str | None = None,
        occurred_at: datetime | None = None,
    ) -> None:
        """Write a step now; instants within a case strictly increase."""
        at = self.world.now
        if self.history.steps and at <= self.history.steps[-1].at:
            at = self.history.steps[-1].at + timedelta(microseconds=1)
        if at >= self.world.until:
            return
        if role == "applicant":
            place, who = "", self.applicant
        elif role == "system":
            place, who = "tongdian", "system"
        else:
            place = organisation or self.office.code
            draw = int(self.source.integers(0, 1000))
            own = role in self.office.counts
            who = self.office.pseudonym(role, draw) if own else f"{place}-{role}-1"
        self.history.steps.append(
            Step(at, kind, role, place, who, payload or {}, personal, occurred_at)
        )

    def today(self) -> str:
        return local_date(self.world.now).isoformat()

    # --- waiting -------------------------------------------------------------------------------

    def until_instant(self, instant: datetime) -> Events:
        delay = instant.timestamp() - self.world.environment.now
        yield self.world.environment.timeout(max(delay, 1.0))

    def office_time(self, median_working_days: float) -> Events:
        """A lognormal wait in office time; slow cases take longer everywhere."""
        days = median_working_days * self.slow * float(np.exp(self.source.normal(0, SPREAD)))
        yield from self.until_instant(self.world.work.after(self.world.now, days))

    def own_time(self, days: float) -> Events:
        """The applicant's time runs on every day."""
        spread = float(np.exp(self.source.normal(0, 0.5)))
        yield self.world.environment.timeout(max(days * spread, 0.02) * 86_400)

    def worked(self, role: str, wait: str) -> Events:
        """Wait for the step's turn, queue for a person, and take the person's time."""
        if not self.burst:
            yield from self.office_time(WAITS[self.track][wait])
        with self.office.resources[role].request() as turn:
            yield turn
            touch = TOUCH_DAYS[role] * float(self.source.uniform(0.5, 1.5))
            touch = 0.0006 if self.burst else touch
            yield from self.until_instant(self.world.work.after(self.world.now, touch))

    # --- the journey ---------------------------------------------------------------------------

    def run(self) -> Events:
        yield from self.until_instant(self.arrival.at)
        yield from self.file()
        accepted = yield from self.intake()
        if not accepted:
            return
        yield from self.survey_and_scheme()
        if self.track in ZERO_INVESTMENT:
            if self.track == "zero_lv_external":
                yield from self.permits()
                yield from self.external_works()
        elif not (yield from self.own_works()):
            return
        yield from self.metering()

    def file(self) -> Events:
        opening = (self.arrival.payload, self.arrival.personal)
        contractor = self.track.startswith("high_voltage") and self.source.random() < 0.15
        if not contractor:
            self.record("application_submitted", "applicant", *opening)
            return
        self.record("application_filed", "applicant", *opening)
        yield from self.own_time(0.6)
        self.record("owner_confirmed", "applicant")

    def intake(self) -> Generator[simpy.Event, Any, bool]:
        """Complete? Accepted, completed, refused, or left lying until silence accepts."""
        luck = float(self.source.random())
        if luck < 0.004:
            yield from self.silence()
            return True
        yield from self.worked("clerk", "accept")
        if luck < 0.009:
            refusal = {
                "reason_code": "not_supply_area",
                "clause": "电力法 第二十六条",
                "remedy": "请向所在地供电企业申请，或拨打 12398 投诉",
            }
            self.record("application_not_accepted", "clerk", refusal)
            return False
        if luck < (0.05 if self.track == "resident" else 0.14):
            yield from self.deficiency()
        self.record("application_accepted", "clerk")
        if self.track.startswith("high_voltage") and self.source.random() < 0.6:
            who = self.office.pseudonym("engineer", int(self.source.integers(0, 1000)))
            self.record("assigned", "lead", {"assignee": who, "team": "业扩班"})
        return True

    def silence(self) -> Events:
        """Five working days pass without a word; the next morning it counts as accepted."""
        days = self.world.plan.limit("intake.deficiency_working_days")
        last = self.world.calendar.add(local_date(self.world.now), days)
        morning = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(hours=16)
        yield from self.until_instant(morning + timedelta(minutes=10))
        clause = self.world.plan.value("intake.deficiency_working_days").clause
        self.record("acceptance_deemed", "system", {"clause": clause})

    def deficiency(self) -> Events:
        item = {"field": "premises", "problem": "权属证明照片不清晰", "remedy": "请重新拍照上传"}
        self.record("deficiency_listed", "clerk", {"items": [item]})
        yield from self.own_time(1.6)
        answers = [{"field": "premises", "answer": "已重新上传"}]
        self.record(
            "deficiency_answered", "applicant", {"fields": ["premises"]}, {"answers": answers}
        )
        yield from self.worked("clerk", "accept")

    def survey_and_scheme(self) -> Events:
        yield from self.worked("fieldworker", "survey")
        yield from self.maybe_paused()
        claimed = None
        if self.source.random() < BACKDATING_SHARE:
            opened = self.history.steps[0].at
            earlier = self.world.now - timedelta(hours=float(self.source.uniform(26, 60)))
            claimed = earlier if earlier > opened else None
        external = "yes" if self.track == "zero_lv_external" else "no"
        survey = {"surveyed_on": self.today(), "external_works": external}
        survey["summary_code"] = "as_applied"
        self.record("survey_completed", "fieldworker", survey, occurred_at=claimed)
        yield from self.worked("engineer", "scheme")
        self.record("scheme_replied", "engineer", self.scheme())

    def scheme(self) -> dict[str, Any]:
        voltage = self.arrival.payload["voltage"]
        high = self.track.startswith("high_voltage")
        draw = int(self.source.integers(1, 60))
        validity = timedelta(days=365 if high else 90)
        substation = f"示例 {1 + draw % 12} 号变电站"
        point = f"{substation}/10kV {'I' * (1 + draw % 2)} 段母线/示{draw:02d}线/{draw * 3} 号杆"
        scheme = {
            "source_point": point,
            "voltage": voltage,
            "capacity_kva": self.arrival.payload["load_kw"],
            "route_length_m": str(int(self.source.integers(15, 900 if high else 180))),
            "laying": "cable" if high else "overhead",
            "metering": "hv_hv" if high else "lv_lv",
            "ownership_boundary": "用户围墙外第一断路器" if high else "接户线用户侧最后支持物",
            "valid_until": (local_date(self.world.now) + validity).isoformat(),
            "supply_mode": "single",
        }
        if self.track == "high_voltage_dual":
            other = f"示例 {1 + (draw + 5) % 12} 号变电站/10kV II 段母线/备{draw:02d}线"
            scheme |= {"supply_mode": "dual", "second_source_point": other}
        return scheme

    def maybe_paused(self) -> Events:
        """A few clocks are paused, with ground and evidence."""
        if self.source.random() > 0.02:
            return
        weather = self.source.random() < 0.5
        pause = (
            {"ground": "force_majeure", "evidence": "贵阳市气象台凝冻橙色预警信号"}
            if weather
            else {"ground": "site_not_ready", "evidence": "现场照片 3 张，申请人已签字"}
        )
        self.record("clock_paused", "lead", pause)
        yield from self.office_time(2.5)
        self.record("clock_resumed", "lead")

    def permits(self) -> Events:
        items = [i for i in ("municipal", "green", "traffic") if self.source.random() < 0.6]
        number = f"BL-{self.today()}-{self.arrival.reference:06d}"
        filed = {"items": items or ["municipal"], "joint_number": number}
        yield from self.office_time(0.2)
        self.record("permits_filed", "engineer", filed)
        yield from self.office_time(WAITS[self.track]["permits"])
        decided = {"result": "granted", "document_number": f"联审〔{self.arrival.reference}〕"}
        self.record("permits_decided", "officer", decided, organisation="GY-ZHZF")

    def external_works(self) -> Events:
        yield from self.worked("fieldworker", "works")
        length = str(int(self.source.integers(30, 280)))
        done = {"length_m": length, "completed_on": self.today()}
        self.record("external_works_completed", "fieldworker", done)

    def own_works(self) -> Generator[simpy.Event, Any, bool]:
        """The customer decides, builds, reports, and is inspected. False when withdrawn."""
        yield from self.own_time(2.0 if self.track == "low_voltage" else 5.0)
        if self.source.random() < 0.05:
            self.record(
                "scheme_disputed", "applicant", {"reason_code": "route"}, {"reason": "绕远"}
            )
            yield from self.worked("engineer", "accept")
            self.record("scheme_replied", "engineer", self.scheme())
            yield from self.own_time(2.0)
        if self.source.random() < 0.04:
            self.record("withdrawn", "applicant", {"reason_code": "plans_changed"})
            return False
        self.record("scheme_accepted", "applicant")
        if self.track.startswith("high_voltage") and self.source.random() < 0.5:
            yield from self.permits()
        yield from self.own_time({"low_voltage": 6, "high_voltage_single": 18}.get(self.track, 30))
        yield from self.report_and_inspect()
        return True

    def report_and_inspect(self) -> Events:
        self.record("completion_reported", "applicant", {"completed_on": self.today()})
        yield from self.worked("engineer", "inspection")
        if self.source.random() < 0.08:
            items = [{"code": "EARTHING", "remedy": "重做接地并复测，电阻不大于 4 欧"}]
            self.record("inspection_failed", "engineer", {"items": items})
            yield from self.own_time(3.0)
            self.record("completion_reported", "applicant", {"completed_on": self.today()})
            yield from self.worked("engineer", "accept")
        self.record("inspection_passed", "engineer", {"inspected_on": self.today()})

    def metering(self) -> Events:
        if not self.burst:
            yield from self.worked("clerk", "contract")
        contract = {
            "contract_number": f"HT-{self.arrival.reference:08d}",
            "signed_on": self.today(),
        }
        self.record("contract_recorded", "clerk", contract)
        yield from self.worked("fieldworker", "meter")
        yield from self.heap()
        meter = f"M{self.arrival.reference:010d}"
        installed = {"meter_number": meter, "installed_on": self.today()}
        self.record("meter_installed", "fieldworker", installed)
        gap = 20 if self.burst else float(self.source.uniform(300, 2400))
        yield self.world.environment.timeout(gap)
        reading = {"meter_number": meter, "initial_reading": "0.00"}
        self.record("energised", "fieldworker", reading)
        yield from self.rating()

    def heap(self) -> Events:
        """An office that finishes on the last day of the limit, whatever the day it could."""
        mine = self.office.code == HEAPING_OFFICE and self.track == "resident"
        if not mine or self.source.random() > HEAPING_SHARE:
            return
        limit = self.world.plan.tracks[self.track].promise_working_days
        last = self.world.calendar.add(local_date(self.history.steps[0].at), limit)
        afternoon = datetime(last.year, last.month, last.day, 8, tzinfo=UTC)
        if afternoon > self.world.now:
            yield from self.until_instant(afternoon)

    def rating(self) -> Events:
        if self.source.random() > 0.45:
            return
        yield from self.own_time(0.8)
        stars = int(self.source.choice([5, 4, 3, 2, 1], p=[0.72, 0.19, 0.05, 0.02, 0.02]))
        self.record("step_rated", "applicant", {"step": "energisation", "stars": stars})
