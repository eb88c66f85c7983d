"""The construction-approval system (工程建设项目审批管理系统): takes packets, issues permits, says
how items stand, in the field names and codes of the national data standard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tongdian.sandbox.answering import faulty
from tongdian.sandbox.departments import words_for
from tongdian.sandbox.keys import shared_secret
from tongdian.sandbox.pushes import Push, Pusher
from tongdian.sandbox.records import project_code, project_name
from tongdian.sandbox.registries import serial
from tongdian.sandbox.residents import Holder
from tongdian.sandbox.signing import check_message
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json

STATUSES: Final = {
    1: ("已接件", "received"),
    2: ("已撤件", "withdrawn"),
    3: ("已受理", "accepted"),
    4: ("不受理", "not accepted"),
    5: ("不予受理", "refused to accept"),
    6: ("补正（开始）", "correction starts"),
    7: ("补正（结束）", "correction ends"),
    8: ("部门开始办理", "department starts"),
    9: ("特别程序（开始）", "special procedure starts"),
    10: ("特别程序（结束）", "special procedure ends"),
    11: ("办结（通过）", "approved"),
    12: ("办结（容缺通过）", "approved with papers to come"),
    13: ("办结（不通过）", "rejected"),
    14: ("撤回", "taken back"),
    15: ("撤销", "revoked"),
}
DEPARTMENTS: Final = {
    "municipal": ("GY-ZHZF", "市综合行政执法局"),
    "green": ("GY-ZHZF", "市综合行政执法局"),
    "traffic": ("GY-GAJG", "市公安交通管理局"),
    "forest": ("GY-LYJ", "市林业局"),
}


@dataclass
class Packet:
    """One item of one case, as a department that works in its own system has taken it. `messages`
    are the ids of what it was told of it; `body` is the latest."""

    number: str
    case: str
    item: str
    signature: str
    body: dict[str, Any]
    statuses: list[int] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Approvals:
    """`POST /approvals/packets`, and what is pushed."""

    def __init__(self, situation: Situation, pusher: Pusher) -> None:
        self.situation, self.pusher = situation, pusher
        self.packets: dict[str, Packet] = {}

    def routes(self, router: Router) -> None:
        router.add("POST", "/approvals/packets", self.take)
        router.add("GET", "/approvals/packets", self.listed)
        router.add("GET", "/approvals/packets/<number>", self.shown)

    def take(self, request: Request) -> Answer:
        """A packet, plain or as a CloudEvent. The same case and item again is the same packet;
        under another `webhook-id` it is news of it, and received anew when it was filed again."""
        return faulty(self.situation, "approvals", lambda key, fault: self._take(request))

    def _take(self, request: Request) -> Answer:
        data = request.data
        inner = data.get("data") if "specversion" in data else data
        if not isinstance(inner, dict):
            raise Refused(422, "data", "应为对象", "Has to be an object")
        payload = inner.get("payload") if isinstance(inner.get("payload"), dict) else {}
        assert isinstance(payload, dict)
        case = _text(inner.get("case") or inner.get("blspslbm"), "case")
        item = _text(inner.get("item") or inner.get("spsxbm") or payload.get("item"), "item")
        if item not in DEPARTMENTS:
            names = "、".join(DEPARTMENTS)
            raise Refused(422, "item", f"应为 {names} 之一", f"Has to be one of {names}")
        number = f"SL-{case}-{item}"
        message = request.headers.get("webhook-id", "")
        with self.situation.lock:
            known = self.packets.get(number)
            again = known is not None and (not message or message in known.messages)
            if not again:
                secrets = [shared_secret(self.situation.seed, "approvals")]
                wrong = check_message(request.headers, request.body, secrets, [])
                packet = known or Packet(number, case, item, "", data)
                packet.signature, packet.body = wrong or "ok", data
                packet.messages.append(message)
                self.packets[number] = packet
                self.situation.note("approvals", number, "packet")
        filed = inner.get("event") in (None, "permits_filed", "items_resubmitted")
        if not again and filed and request.query.get("receipt") != "0":
            self.say(number, 1)
        return as_json({"spsxslbm": number, "accepted": True, "again": again}, 202)

    def listed(self, request: Request) -> Answer:
        return as_json({"packets": [self._dict(one) for one in self.packets.values()]})

    def shown(self, request: Request, number: str) -> Answer:
        if number not in self.packets:
            raise Refused(404, "number", "没有这个办件", "There is no such packet")
        return as_json(self._dict(self.packets[number]))

    def _dict(self, packet: Packet) -> dict[str, Any]:
        return {"spsxslbm": packet.number, "case": packet.case, "item": packet.item,
                "signature": packet.signature, "blzt": packet.statuses,
                "messages": packet.messages,
                "body": packet.body}  # fmt: skip

    def say(self, number: str, status: int, given: Mapping[str, Any] | None = None) -> Push:
        """Push how an item stands, with the words that are `given` or made up. `number` is
        `SL-<case>-<item>`. Raises Refused."""
        if status not in STATUSES:
            raise Refused(422, "blzt", "办理状态为 1 至 15", "Statuses are 1 to 15")
        head, _, item = number.rpartition("-")
        if not head.startswith("SL-") or item not in DEPARTMENTS:
            raise Refused(422, "spsxslbm", "写作 SL-办件编号-事项", "Write SL-<case>-<item>")
        case = head.removeprefix("SL-")
        if number in self.packets:
            self.packets[number].statuses.append(status)
        data = self._status(number, case, item, status) | words_for(status, given or {})
        return self.pusher.push("item_status", number, data)

    def _status(self, number: str, case: str, item: str, status: int) -> dict[str, Any]:
        department, name = DEPARTMENTS[item]
        now = self.situation.clock.now()
        stamp = now.astimezone().isoformat(timespec="seconds")
        return {
            "lsh": serial("BLXX", stamp[:10]),
            "dfsjzj": number,
            "xzqhdm": "520100",
            "gcdm": case,
            "spsxbm": item,
            "spsxslbm": number,
            "blspslbm": case,
            "spbmbm": department,
            "spbmmc": name,
            "blzt": status,
            "blztmc": STATUSES[status][0],
            "blsj": stamp,
            "sjyxbs": 1,
        }

    def issue_permit(self, holder: Holder) -> Push:
        """Push a construction permit (施工许可证) for a company's project."""
        data = permit_data(holder, self.situation.clock.now().date())
        return self.pusher.push("construction_permit", data["xmdm"], data)


def permit_data(holder: Holder, today: date) -> dict[str, Any]:
    """The permit of a company's project as it is pushed on `today`: to be finished by the end of
    the next year."""
    code = project_code(holder)
    day = today.isoformat()
    premises = holder.premises
    return {
        "lsh": serial("SGXK", day),
        "dfsjzj": f"SGXK-{code}",
        "xzqhdm": code[5:11],
        # Division, day, kind of works (01 buildings), serial number of the day.
        "sgxkzbh": f"{code[5:11]}{day.replace('-', '')}01{holder.number % 100:02d}",
        "xmdm": code,
        "gcdm": f"{code}-001",
        "gcmc": project_name(holder),
        "jsdw": holder.person.name,
        "jsdwtyshxydm": holder.person.id_number,
        "lxrsjh": holder.person.phone,
        "jsdz": premises.address,
        "bdcdyh": premises.real_estate_unit,
        "jd": premises.lon,
        "wd": premises.lat,
        "jsgm": f"{2_000 + holder.number % 9_000}.00",
        "yt": premises.purpose,
        "fzjg": "市住房和城乡建设局",
        "fzrq": day,
        "jhkgrq": day,
        "jhjgrq": f"{today.year + 1}-12-31",
        "sjyxbs": 1,
    }


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 60:
        raise Refused(422, field, "必填，不超过 60 字", "Needed, at most 60 characters")
    return value
