"""The answer before applying: track, steps, papers, days, price, and the clause behind each."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from tongdian.law.calendar import Deadline
from tongdian.law.plan import Document, Payment, Plan, Track
from tongdian.law.tracks import Reason, SupplyRequest, TrackDecision, classify


class Calendar(Protocol):
    """What an answer needs of a working-day calendar."""

    def explain(self, start: date, working_days: int) -> Deadline: ...


@dataclass(frozen=True)
class Answer:
    """Everything that can be said honestly before there is a case.

    `asked` is to bring or fill in, `shared` nobody asks for, `later` comes after the application,
    `conditional` only under its condition. `cautions` say what could change the answer.
    """

    track: Track
    voltage: str
    promise_working_days: int
    deadline: Deadline
    clock_zh: str
    clock_en: str
    asked: tuple[Document, ...]
    shared: tuple[Document, ...]
    later: tuple[Document, ...]
    conditional: tuple[Document, ...]
    payments: tuple[Payment, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    headline_zh: str
    headline_en: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; texts in Chinese and English, dates as ISO 8601, money as text in yuan."""
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
                "clock_zh": self.clock_zh,
                "clock_en": self.clock_en,
                "working_days": self.promise_working_days,
                "deadline": self.deadline.to_dict(),
            },
            "scheme_validity_months": self.track.scheme_validity_months,
            "documents": {
                "asked": [_paper(d) for d in self.asked],
                "shared": [_paper(d) for d in self.shared],
                "later": [_paper(d) for d in self.later],
                "conditional": [_paper(d) for d in self.conditional],
            },
            "payments": [
                {"zh": p.zh, "en": p.en, "who": p.who, "amount": p.amount, "clause": p.clause,
                 "quote": p.quote}
                for p in self.payments
            ],
            "reasons": [_reason(r) for r in self.reasons],
            "cautions": [_reason(r) for r in self.cautions],
        }  # fmt: skip


def _paper(document: Document) -> dict[str, Any]:
    when = document.when
    return {
        "id": document.id,
        "zh": document.zh,
        "en": document.en,
        "registry": document.registry,
        "registry_en": document.registry_en,
        "clause": document.clause,
        "when_zh": when.zh if when else "",
        "when_en": when.en if when else "",
        "deferrable": document.deferrable,
        "promise_replaceable": document.promise_replaceable,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"zh": reason.zh, "en": reason.en, "clause": reason.clause, "quote": reason.quote}


def answer(request: SupplyRequest, plan: Plan, calendar: Calendar, on: date) -> Answer:
    """The answer for an application filed on `on`. Raises RequestError."""
    decision = classify(request, plan, on)
    track = plan.tracks[decision.track]
    days = track.promise_working_days
    clock_zh, clock_en = _clock_words(track)
    papers: dict[str, list[Document]] = {"asked": [], "shared": [], "later": [], "conditional": []}
    for document in track.documents:
        place = _place(document, decision)
        if place:
            papers[place].append(document)
    free = any(p.who == "utility" and p.amount == "0" for p in track.payments)
    count = len(track.steps)
    return Answer(
        track=track,
        voltage=decision.voltage,
        promise_working_days=days,
        deadline=calendar.explain(on, days),
        clock_zh=clock_zh,
        clock_en=clock_en,
        asked=tuple(papers["asked"]),
        shared=tuple(papers["shared"]),
        later=tuple(papers["later"]),
        conditional=tuple(papers["conditional"]),
        payments=track.payments,
        reasons=(*decision.reasons, *_promises(track, plan)),
        cautions=_cautions(request, track, plan),
        headline_zh=f"约 {days} 个工作日、{count} 个环节"
        + ("、0 元" if free else "，外部工程费用按产权分界点划分"),
        headline_en=f"About {days} working days, {count} steps"
        + (", ¥0" if free else "; works are paid on each side of the ownership boundary"),
    )


def _place(document: Document, decision: TrackDecision) -> str:
    """Where a paper belongs in the answer; empty when its condition is known not to hold."""
    if document.when is not None:
        if document.when.id != "three_phase":
            return "conditional"
        if decision.voltage == "220V":
            return ""
    return {"shared": "shared", "later": "later"}.get(document.handling, "asked")


def _clock_words(track: Track) -> tuple[str, str]:
    """How the promised days are counted, in words."""
    if track.promise_clock == "whole_process":
        return (
            "从提交申请到通电连续计算工作日，当天不计",
            "Working days from application to power on, all of them; the first day is not counted",
        )
    return (
        "只合计供电企业办理各环节的工作日；等待您确认方案、施工的时间不计，您办得越快，通电越早",
        "Only the utility's stages, in working days; your own decisions and works are not counted",
    )


def _promises(track: Track, plan: Plan) -> tuple[Reason, Reason]:
    days, count = track.promise_working_days, len(track.steps)
    promise, steps = plan.value(track.promise_key), plan.value(track.steps_key)
    if track.promise_clock == "whole_process":
        zh = f"从申请到通电，全过程不超过 {days} 个工作日"
        en = f"From application to power on within {days} working days"
    else:
        zh = f"供电企业办理各环节合计不超过 {days} 个工作日；您施工的时间另计"
        en = f"The utility's stages within {days} working days in sum; your own works not counted"
    return (
        Reason(zh, en, promise.clause, promise.quote),
        Reason(f"办电环节 {count} 个", f"{count} counted steps", steps.clause, steps.quote),
    )


def _cautions(request: SupplyRequest, track: Track, plan: Plan) -> tuple[Reason, ...]:
    """Not knowing about external works: what the promise becomes when the survey finds them."""
    if track.id != "zero_lv" or request.external_works != "unknown":
        return ()
    other = plan.value(plan.tracks["zero_lv_external"].promise_key)
    zh = f"如果现场勘查认为要拉外线，承诺改为 {other.value} 个工作日，仍然不用您花钱"
    en = f"If the survey finds external works, the promise is {other.value} working days, still ¥0"
    return (Reason(zh, en, other.clause, other.quote),)
