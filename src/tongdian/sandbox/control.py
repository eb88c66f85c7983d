"""What a tester moves: clock, faults, pushes, target; as JSON or by the forms of the page `/`."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tongdian.sandbox.approvals import STATUSES, Approvals
from tongdian.sandbox.faults import KINDS, SLOW_SECONDS, Fault, kinds_for
from tongdian.sandbox.keys import SERVICES
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.pushes import Push, Pusher
from tongdian.sandbox.residents import Holder
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json, go_to

MOST_TIMES = 10_000


class Control:
    """`/control/…`."""

    def __init__(self, situation: Situation, approvals: Approvals, pusher: Pusher) -> None:
        self.situation, self.approvals, self.pusher = situation, approvals, pusher

    def routes(self, router: Router) -> None:
        router.add("GET", "/control/state", lambda request: as_json(self.state()))
        router.add("POST", "/control/clock", self.clock)
        router.add("POST", "/control/faults", self.faults)
        router.add("POST", "/control/push", self.push)
        router.add("POST", "/control/resend", self.resend)
        router.add("POST", "/control/target", self.target)

    def state(self) -> dict[str, Any]:
        return {
            "seed": self.situation.seed,
            "customers": self.situation.customers,
            "clock": instant_text(self.situation.clock.now()),
            "target": self.pusher.target,
            "faults": {
                service: {"fault": fault.kind, "times": fault.left}
                for service, fault in self.situation.faults.all().items()
            },
            "asked": dict(Counter(one.service for one in list(self.situation.noted))),
            "services": {service: kinds_for(service) for service in SERVICES},
        }

    def clock(self, request: Request) -> Answer:
        """`to` an instant, `hours` and `days` on, or `reset`."""
        data, clock = request.data, self.situation.clock
        try:
            if data.get("reset"):
                clock.reset()
            elif data.get("to"):
                clock.set_to(_instant(str(data["to"])))
            else:
                hours, days = _number(data, "hours"), _number(data, "days")
                clock.move(timedelta(hours=hours, days=days))
        except (ValueError, OverflowError):
            raise Refused(
                422, "clock", "不是时间，或差了十年以上", "No instant, or ten years away"
            ) from None
        return self._done(request, {"clock": instant_text(clock.now())})

    def faults(self, request: Request) -> Answer:
        """`service` and `fault` ("" or "none": off), `times` it happens; `clear` ends all."""
        data = request.data
        if data.get("clear"):
            self.situation.faults.clear()
            return self._done(request, {"faults": {}})
        kind, times = str(data.get("fault") or "none"), data.get("times") or None
        if times is not None and not (str(times).isdecimal() and 1 <= int(times) <= MOST_TIMES):
            raise Refused(422, "times", f"1 到 {MOST_TIMES}", f"1 to {MOST_TIMES}")
        left = int(times) if times is not None else None
        seconds = _number(data, "seconds") or SLOW_SECONDS
        service = str(data.get("service", ""))
        try:
            self.situation.faults.set(
                service, None if kind == "none" else Fault(kind, left, seconds)
            )
        except ValueError as error:
            known = {"service": SERVICES, "fault": tuple(KINDS)}[str(error)]
            words = ", ".join(known)
            raise Refused(
                422, str(error), f"应为以下之一并适用于该系统：{words}",
                f"Has to be one of these and fit the service: {words}",
            ) from None  # fmt: skip
        return self._done(request, self.state()["faults"])

    def push(self, request: Request) -> Answer:
        """`kind` construction_permit for `uscc`, or item_status for `spsxslbm` with `blzt`
        and, if the department is to say something of its own, the fields of `departments`."""
        data = request.data
        if data.get("kind") == "construction_permit":
            push = self.approvals.issue_permit(self._builder(str(data.get("uscc", "")).strip()))
        elif data.get("kind") == "item_status":
            status = str(data.get("blzt", ""))
            code = int(status) if status.isascii() and status.isdecimal() else 0
            push = self.approvals.say(str(data.get("spsxslbm", "")).strip(), code, data)
        else:
            words = (
                "应为 construction_permit 或 item_status",
                "construction_permit or item_status",
            )
            raise Refused(422, "kind", *words)
        return self._done(request, said(push))

    def _builder(self, uscc: str) -> Holder:
        holder = self.situation.directory.find(uscc)
        if holder is None or not holder.has_project:
            raise Refused(
                422,
                "uscc",
                "没有这个单位，或它没有建设项目",
                "No such company, or it builds nothing",
            )
        return holder

    def resend(self, request: Request) -> Answer:
        """Send `id` again, as it was."""
        push = self.pusher.again(str(request.data.get("id", "")))
        if push is None:
            raise Refused(404, "id", "没有这条消息", "There is no such message")
        return self._done(request, said(push))

    def target(self, request: Request) -> Answer:
        """`target`: the platform's address, on this machine."""
        try:
            self.pusher.aim(str(request.data.get("target", "")).strip())
        except ValueError:
            raise Refused(
                422, "target", "应为本机的 http 地址", "Has to be an http address of this machine"
            ) from None
        return self._done(request, {"target": self.pusher.target})

    def _done(self, request: Request, told: dict[str, Any]) -> Answer:
        if request.is_form:
            return go_to("/" + ("?lang=en" if request.query.get("lang") == "en" else ""))
        return as_json(told)


def said(push: Push) -> dict[str, Any]:
    """What became of a push."""
    return {
        "id": push.id,
        "subject": push.subject,
        "type": push.type,
        "status": push.status,
        "answer": push.answer,
        "attempts": push.attempts,
    }


def statuses(language: str) -> list[tuple[int, str]]:
    """The national codes in words."""
    return [(code, words[language == "en"]) for code, words in STATUSES.items()]


def _instant(text: str) -> datetime:
    """An instant; one without a zone, as a browser's field sends it, is of Shanghai."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        found = datetime.fromisoformat(f"{text}+08:00")
    return found


def _number(data: dict[str, Any], name: str) -> float:
    """A number that is not absurd; 0 when not given. Raises ValueError."""
    number = float(data.get(name) or 0)
    if not abs(number) < 1e6:
        raise ValueError(name)
    return number
