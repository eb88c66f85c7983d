"""Departments with systems of their own, as the approval system speaks for them."""

from dataclasses import dataclass, field
from typing import Any

from support.cases import WHO, carry, journey, submit
from support.people import organisation
from support.sending import Sending
from tongdian.service.approval.callbacks import EVENT_TYPE
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import act
from tongdian.service.exchange.signing import Key
from tongdian.service.exchange.sources import create_source
from tongdian.service.identity.actors import SYSTEM

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
REASONS = {
    "blyj": "占用方案影响消防通道（示例）",
    "flyj": "城市道路管理条例 第三十条",
    "jjtj": "调整占用范围后重新申报；也可以在六十日内申请行政复议",
}
LIST = {"bzqd": [{"clbm": "traffic_plan", "wt": "缺交通组织方案", "bzyq": "补充方案并盖章"}]}
HEARING = {"tbcxmc": "听证", "tbcxtzs": "听证通知书 2026-1 号（示例）", "tbcxsx": 10}


def systems(url: str = "http://127.0.0.1:9/packets", secret: str = SECRET) -> dict[str, Any]:
    """Every department in one approval system at `url`."""
    own = {"url": url, "secret": secret, "source": "spgl"}
    return dict.fromkeys(sorted(set(AUTHORITIES.values())), own)


def filed(*items: str) -> str:
    """A case that has just been filed for these items."""
    number = str(submit("zero_lv_external").case.number)
    carry(number, journey("zero_lv_external")[:3])
    act(number, "permits_filed", {"items": list(items)}, actor=WHO["engineer"])
    return number


@dataclass
class Approvals:
    """The approval system: pushes statuses in order, each under a new id."""

    sender: Sending
    sequences: dict[str, int] = field(default_factory=dict)

    def event(self, case: str, item: str, code: Any, /, **changes: Any) -> dict[str, Any]:
        """The next message about an item; `changes` are of its data."""
        number = f"SL-{case}-{item}"
        self.sequences[number] = self.sequences.get(number, 0) + 1
        data = {
            "spsxslbm": number,
            "spsxbm": item,
            "spbmbm": AUTHORITIES.get(item, "GY-ZHZF"),
            "blzt": code,
            "sjyxbs": 1,
            **changes,
        }
        return self.sender.event(number, self.sequences[number], type=EVENT_TYPE, data=data)

    def push(self, case: str, item: str, code: Any, /, **changes: Any) -> Any:
        return self.sender.post(self.event(case, item, code, **changes))


def approvals() -> Approvals:
    """The registered source `spgl`."""
    _, secret = create_source(
        source_id="spgl",
        organisation=organisation("GY-ZJJ"),
        name="示例审批系统",
        kinds=(EVENT_TYPE,),
        actor=SYSTEM,
    )
    return Approvals(Sending(Key("v1", secret), "spgl"))


def stage_of(number: str, item: str) -> str:
    return str(Case.objects.get(number=number).folded.branches[item].stage)


def kinds_of(number: str) -> list[str]:
    events = Case.objects.get(number=number).events.order_by("seq")
    return list(events.values_list("kind", flat=True))
