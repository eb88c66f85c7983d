"""The answer before applying: track, steps, papers, days, price, and the clause behind each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tongdian.law.calendar import Deadline, WorkCalendar
from tongdian.law.plan import Document, Payment, Plan, Track
from tongdian.law.tracks import Reason, SupplyRequest, classify


@dataclass(frozen=True)
class Answer:
    """Everything that can be said honestly before there is a case."""

    track: Track
    voltage: str
    promise_working_days: int
    deadline: Deadline
    asked: tuple[Document, ...]
    shared: tuple[Document, ...]
    later: tuple[Document, ...]
    payments: tuple[Payment, ...]
    reasons: tuple[Reason, ...]
    headline_zh: str
    headline_en: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""

        def papers(documents: tuple[Document, ...]) -> list[dict[str, str]]:
            return [
                {"id": d.id, "zh": d.zh, "en": d.en, "registry": d.registry, "clause": d.clause}
                for d in documents
            ]

        return {
            "track": self.track.id,
            "track_zh": self.track.zh,
            "track_en": self.track.en,
            "voltage": self.voltage,
            "headline_zh": self.headline_zh,
            "headline_en": self.headline_en,
            "steps": [{"id": s.id, "zh": s.zh, "en": s.en} for s in self.track.steps],
            "promise": {
                "clock": self.track.promise_clock,
                "working_days": self.promise_working_days,
                "deadline": self.deadline.to_dict(),
            },
            "documents": {
                "asked": papers(self.asked),
                "shared": papers(self.shared),
                "later": papers(self.later),
            },
            "payments": [
                {"zh": p.zh, "en": p.en, "who": p.who, "amount": p.amount, "clause": p.clause}
                for p in self.payments
            ],
            "reasons": [
                {"zh": r.zh, "en": r.en, "clause": r.clause, "quote": r.quote} for r in self.reasons
            ],
        }


def answer(request: SupplyRequest, plan: Plan, calendar: WorkCalendar, on: date) -> Answer:
    """The answer for an application filed on `on`. Raises RequestError."""
    decision = classify(request, plan)
    track = plan.tracks[decision.track]
    days = track.promise_working_days
    promise, steps = plan.value(track.promise_key), plan.value(track.steps_key)
    free = any(p.who == "utility" and p.amount == "0" for p in track.payments)
    reasons = (
        *decision.reasons,
        _days_reason(track, promise.clause, promise.quote),
        Reason(
            f"办电环节 {len(track.steps)} 个",
            f"{len(track.steps)} counted steps",
            steps.clause,
            steps.quote,
        ),
    )
    return Answer(
        track=track,
        voltage=decision.voltage,
        promise_working_days=days,
        deadline=calendar.explain(on, days),
        asked=tuple(d for d in track.documents if d.handling in ("ask", "form")),
        shared=tuple(d for d in track.documents if d.handling == "shared"),
        later=tuple(d for d in track.documents if d.handling == "later"),
        payments=track.payments,
        reasons=reasons,
        headline_zh=f"约 {days} 个工作日、{len(track.steps)} 个环节"
        + ("、0 元" if free else "，外部工程费用按产权分界点划分"),
        headline_en=f"About {days} working days, {len(track.steps)} steps"
        + (", ¥0" if free else "; works are paid on each side of the ownership boundary"),
    )


def _days_reason(track: Track, clause: str, quote: str) -> Reason:
    days = track.promise_working_days
    if track.promise_clock == "whole_process":
        return Reason(
            f"从申请到通电，全过程不超过 {days} 个工作日",
            f"From application to power on within {days} working days",
            clause,
            quote,
        )
    return Reason(
        f"供电企业办理各环节合计不超过 {days} 个工作日；您施工的时间另计",
        f"The utility's stages within {days} working days in sum; your own works not counted",
        clause,
        quote,
    )
