"""From notes to steps: who did it under which pseudonym, and what the record says."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import blake2b
from random import Random
from typing import Any, Final

from tongdian.city import habits, words
from tongdian.city.applications import write_application
from tongdian.city.arrivals import TRACKS, Arrivals
from tongdian.city.casefile import Note, Notes
from tongdian.city.histories import CaseHistory, Step
from tongdian.city.model import City
from tongdian.city.workclock import day_of, to_instant
from tongdian.law.plan import Plan

Said = tuple[dict[str, Any], dict[str, Any] | None]


class Teller:
    """Tells the notes of one case. What one step says a later one may take up: the fields to
    complete, the length of the line."""

    def __init__(
        self, city: City, plan: Plan, arrivals: Arrivals, reference: int, source: Random
    ) -> None:
        self.city, self.plan, self.arrivals = city, plan, arrivals
        self.reference, self.source = reference, source
        self.track = TRACKS[arrivals.track[reference]]
        self.application: Mapping[str, Any] = {}
        self.listed: list[str] = []
        self.route_length_m = 0

    def tell(self, notes: Notes) -> CaseHistory:
        """The history of the case."""
        return CaseHistory(self.reference, [self._step(Note(*note)) for note in notes])

    def _step(self, note: Note) -> Step:
        say = SAYINGS.get(note.kind)
        payload, personal = say(self, note) if say else ({}, None)
        claimed = None if note.occurred_at is None else to_instant(note.occurred_at)
        who = self._pseudonym(note)
        return Step(
            to_instant(note.at),
            note.kind,
            note.role,
            note.organisation,
            who,
            claimed,
            payload,
            personal,
        )

    def _pseudonym(self, note: Note) -> str:
        if note.organisation:
            return staff_pseudonym(note.organisation, note.role, note.person)
        if note.role == "system":
            return "system"
        customer = int(self.arrivals.customer[self.reference])
        return applicant_pseudonym(self.city.seed, customer, note.person)

    # One for each kind of step that says anything

    def opening(self, note: Note) -> Said:
        filed = note.kind == "application_filed"
        told = write_application(
            self.city, self.plan, self.arrivals, self.reference, self.source, filed=filed
        )
        self.application = told.payload
        return told.payload, told.personal

    def deficiency_listed(self, note: Note) -> Said:
        items = words.deficiencies(self.source, self.track)
        self.listed = [item["field"] for item in items]
        return {"items": items}, None

    def deficiency_answered(self, note: Note) -> Said:
        answers = [{"field": field, "answer": words.ANSWER} for field in self.listed]
        return {"fields": self.listed}, {"answers": answers}

    def acceptance_deemed(self, note: Note) -> Said:
        return {"clause": self.plan.value("intake.deficiency_working_days").clause}, None

    def application_not_accepted(self, note: Note) -> Said:
        return dict(self.source.choice(words.REFUSALS)), None

    def assigned(self, note: Note) -> Said:
        role, person = note.detail
        assignee = staff_pseudonym(note.organisation, role, person)
        return {"assignee": assignee, "team": words.TEAMS[role]}, None

    def track_reclassified(self, note: Note) -> Said:
        self.track = "zero_lv_external"
        return {**words.RECLASSIFICATION, "evidence": f"KC-{self.reference:08d}"}, None

    def survey_completed(self, note: Note) -> Said:
        external = self.track == "zero_lv_external" or (
            self.track.startswith("high_voltage") and self.source.random() < 0.7
        )
        codes = ("as_applied", "load_changed", "access_needed")
        return {
            "surveyed_on": _day(note),
            "external_works": "yes" if external else "no",
            "summary_code": self.source.choices(codes, (88, 7, 5))[0],
        }, None

    def scheme_replied(self, note: Note) -> Said:
        high = self.track.startswith("high_voltage")
        load_kw = float(self.application["load_kw"])
        kva = f"{words.transformer_kva(load_kw)}.0" if high else self.application["load_kw"]
        self.route_length_m = self._route_length_m(high)
        dual = self.track == "high_voltage_dual"
        months = self.plan.value(
            f"scheme.validity_months.{'high' if high else 'low'}_voltage"
        ).value
        number = self.source.randint(1, 36)
        return {
            "source_point": source_point(number, self.application["voltage"], self.source),
            "voltage": self.application["voltage"],
            "capacity_kva": kva,
            "route_length_m": f"{self.route_length_m}",
            "laying": self._laying(),
            "metering": _metering(high, float(kva)),
            "ownership_boundary": words.BOUNDARIES["high" if high else "low"],
            "valid_until": add_months(day_of(note.at), int(str(months))).isoformat(),
            "supply_mode": "dual" if dual else "single",
            "second_source_point": (
                source_point(number + 7, self.application["voltage"], self.source) if dual else ""
            ),
        }, None

    def _route_length_m(self, high: bool) -> int:
        if self.track == "zero_lv_external":
            return self.source.randint(40, 280)
        return self.source.randint(80, 1800) if high else self.source.randint(8, 60)

    def _laying(self) -> str:
        rural = self.application["zone"] in ("town", "rural")
        weights = (60, 25, 15) if rural else (15, 70, 15)
        return self.source.choices(("overhead", "cable", "mixed"), weights)[0]

    def scheme_disputed(self, note: Note) -> Said:
        reason = self.source.choice(tuple(words.DISPUTES))
        return {"reason_code": reason}, {"reason": words.DISPUTES[reason]}

    def permits_filed(self, note: Note) -> Said:
        number = f"BL-{day_of(note.at):%Y%m%d}-{self.reference:07d}"
        return {"items": list(note.detail), "joint_number": number, "materials": []}, None

    def items_resubmitted(self, note: Note) -> Said:
        payload, _ = self.permits_filed(note)
        return {**payload, "changes": words.PERMIT_CHANGES}, None

    def item_correction_listed(self, note: Note) -> Said:
        (item,) = note.detail
        return {"item": item, "items": [dict(words.PERMIT_LACKS[item])]}, None

    def item_corrected(self, note: Note) -> Said:
        (item,) = note.detail
        return {"item": item, "materials": []}, {"answer": words.ANSWER}

    def item_special_started(self, note: Note) -> Said:
        item, ground = note.detail
        return {"item": item, "ground": ground, "evidence": words.PAUSE_EVIDENCE[ground]}, None

    def item_special_ended(self, note: Note) -> Said:
        (item,) = note.detail
        return {"item": item, "outcome": words.SPECIAL_OUTCOME}, None

    def item_decided(self, note: Note) -> Said:
        item, result = note.detail
        number = f"{words.PERMIT_MARKS[item]}〔{day_of(note.at).year}〕{self.reference}号（示例）"
        told = dict(words.PERMIT_REFUSALS[item]) if result == "refused" else {}
        said = {"item": item, "result": result, "document_number": number, "conditions": ""}
        return {**said, "reason": "", "clause": "", "remedy": "", **told}, None

    def permits_decided(self, note: Note) -> Said:
        number = f"联审〔{day_of(note.at).year}〕{self.reference}号（示例）"
        return {"document_number": number}, None

    def external_works_completed(self, note: Note) -> Said:
        built = round(self.route_length_m * self.source.uniform(0.95, 1.1))
        return {"length_m": f"{built}", "completed_on": _day(note)}, None

    def completion_reported(self, note: Note) -> Said:
        return {"completed_on": _day(note), "contractor_licence": ""}, None

    def inspection_passed(self, note: Note) -> Said:
        return {"inspected_on": _day(note)}, None

    def inspection_failed(self, note: Note) -> Said:
        found = self.source.sample(tuple(words.DEFECTS), self.source.choice((1, 1, 2)))
        items = [{"code": code, "remedy": words.DEFECTS[code]} for code in found]
        return {"inspected_on": _day(note), "items": items}, None

    def contract_recorded(self, note: Note) -> Said:
        return {"contract_number": self._contract_number(note), "signed_on": _day(note)}, None

    def _contract_number(self, note: Note) -> str:
        here = self.application["district"] == habits.MODEL_CONTRACT_DIVISION
        if here and self.source.random() < habits.MODEL_CONTRACT_SHARE:
            day = day_of(note.at)
            return f"HT-MB-{day.year}Q{(day.month + 2) // 3}"
        return f"HT-{self.reference:08d}"

    def meter_installed(self, note: Note) -> Said:
        return {"meter_number": f"M{self.reference:010d}", "installed_on": _day(note)}, None

    def energised(self, note: Note) -> Said:
        return {"meter_number": f"M{self.reference:010d}", "initial_reading": "0.00"}, None

    def clock_paused(self, note: Note) -> Said:
        return {"ground": note.detail, "evidence": words.PAUSE_EVIDENCE[note.detail]}, None

    def withdrawn(self, note: Note) -> Said:
        code = self.source.choices(words.WITHDRAWALS, words.WITHDRAWAL_WEIGHTS)[0]
        return {"reason_code": code}, None

    def step_rated(self, note: Note) -> Said:
        step, stars = note.detail
        comments = self.source.random() < (0.2 if stars > 3 else 0.7)
        comment = {"comment": self.source.choice(words.COMMENTS[stars])} if comments else None
        return {"step": step, "stars": stars}, comment


SAYINGS: Final[Mapping[str, Callable[[Teller, Note], Said]]] = {
    "application_submitted": Teller.opening,
    "application_filed": Teller.opening,
    "deficiency_listed": Teller.deficiency_listed,
    "deficiency_answered": Teller.deficiency_answered,
    "acceptance_deemed": Teller.acceptance_deemed,
    "application_not_accepted": Teller.application_not_accepted,
    "assigned": Teller.assigned,
    "track_reclassified": Teller.track_reclassified,
    "survey_completed": Teller.survey_completed,
    "scheme_replied": Teller.scheme_replied,
    "scheme_disputed": Teller.scheme_disputed,
    "permits_filed": Teller.permits_filed,
    "items_resubmitted": Teller.items_resubmitted,
    "item_correction_listed": Teller.item_correction_listed,
    "item_corrected": Teller.item_corrected,
    "item_special_started": Teller.item_special_started,
    "item_special_ended": Teller.item_special_ended,
    "item_decided": Teller.item_decided,
    "permits_decided": Teller.permits_decided,
    "external_works_completed": Teller.external_works_completed,
    "completion_reported": Teller.completion_reported,
    "inspection_passed": Teller.inspection_passed,
    "inspection_failed": Teller.inspection_failed,
    "contract_recorded": Teller.contract_recorded,
    "meter_installed": Teller.meter_installed,
    "energised": Teller.energised,
    "clock_paused": Teller.clock_paused,
    "withdrawn": Teller.withdrawn,
    "step_rated": Teller.step_rated,
}


def staff_pseudonym(organisation: str, role: str, person: int) -> str:
    """`GYPS-520102-clerk-1`: the first clerk of an office, and so on."""
    return f"{organisation}-{role}-{person}"


def applicant_pseudonym(seed: int, customer: int, person: int) -> str:
    """32 hexadecimal digits that say nothing, the same for all cases of a customer. `person` 0 is
    the customer, 1 a contractor filing for the customer."""
    text = f"{seed}/{customer}/{person}"
    return blake2b(text.encode(), digest_size=16, person=b"tongdian-city").hexdigest()


def source_point(number: int, voltage: str, source: Random) -> str:
    """Substation, busbar, feeder and the point on it, exact enough to be found."""
    station = f"示例{1 + number % 12}号变电站"
    if voltage in ("220V", "380V"):
        pole = source.randint(1, 24)
        return f"{station}/10kV示{number:02d}线/{source.randint(1, 40)}号公变/低压{pole}号杆"
    busbar = "Ⅱ" if number % 2 else "Ⅰ"
    return f"{station}/{voltage}{busbar}段母线/示{number:02d}线/{source.randint(1, 90)}号杆"


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(note: Note) -> str:
    """The day it truly happened, or is said to have."""
    return day_of(note.done_at if note.occurred_at is None else note.occurred_at).isoformat()


def _metering(high: bool, kva: float) -> str:
    if not high:
        return "lv_lv"
    return "hv_hv" if kva > 315 else "hv_lv"
