"""National status codes (办理状态 blzt, 1 to 15) of the data standard for construction approvals
(工程建设项目审批管理系统), and how ours stand to them, both ways. Pure.

Out: every stage of an item has a code, and every event that changes how an item stands. In: every
code is an event of ours for the item, or says nothing new, or is refused with the way to go
instead. The applicant acts here and nowhere else, and what we do not know we do not guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tongdian.service.approval import process as p
from tongdian.service.casework.errors import FieldError, InvalidInput

FIELD: Final = "blzt"
CODES: Final[Mapping[int, tuple[str, str]]] = {
    1: ("已接件", "received"),
    2: ("已撤件", "withdrawn by the applicant"),
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
    14: ("撤回", "taken back by the authority"),
    15: ("撤销", "revoked"),
}
RESULTS: Final[Mapping[str, int]] = {p.GRANTED: 11, p.GRANTED_DEFERRED: 12, p.REFUSED: 13}

# How an item stands. A grant by commitment is a grant; until it is revoked it stays one.
OF_STAGE: Final[Mapping[str, int]] = {
    p.RECEIVED: 1,
    p.COMMITTING: 1,
    p.REVIEWING: 3,
    p.ITEM_CORRECTION: 6,
    p.ITEM_SPECIAL: 9,
    p.GRANTED: 11,
    p.GRANTED_DEFERRED: 12,
    p.REFUSED: 13,
    p.NOT_ACCEPTED: 5,
    p.WITHDRAWN: 2,
    # Not decided in substance: the ordinary way stays open.
    "declined": 4,
    p.COMMITTED: 11,
    p.RECTIFYING: 11,
    p.VERIFIED: 11,
    p.REVOKED: 15,
}
# What an event makes of an item; a decision goes by its result. None: it stands as before.
OF_EVENT: Final[Mapping[str, int | None]] = {
    "permits_filed": 1,
    "items_resubmitted": 1,
    "commitment_made": 1,
    "permits_received": 3,
    "item_accepted": 3,
    "item_not_accepted": 5,
    "item_correction_listed": 6,
    "item_corrected": 7,
    "item_special_started": 9,
    "item_special_ended": 10,
    "item_withdrawn": 2,
    "commitment_granted": 11,
    "commitment_declined": 4,
    "commitment_revoked": 15,
    "permit_revoked": 15,
    "item_decided": None,
    "item_requested": None,
    "callback_refused": None,
    "permits_decided": None,
    "commitment_inspected": None,
    "commitment_rectified": None,
    "restoration_reported": None,
    "restoration_checked": None,
}


def code_of_event(kind: str, payload: Mapping[str, Any]) -> int | None:
    """The code that an event about permits gives to the items it names."""
    return RESULTS[str(payload["result"])] if kind == "item_decided" else OF_EVENT[kind]


Words = tuple[str, str, str, str]


@dataclass(frozen=True)
class Incoming:
    """What a department's code does here. `events` are ours, by the stage where the item stands, or
    for any stage under ""; in a stage of `known` the code says nothing new; else `instead` refuses
    it (rule and remedy, in both languages). `result` is that of a decision; where the code ends
    something, `after` is the event without which it cannot have begun."""

    code: int
    known: frozenset[str]
    events: Mapping[str, str]
    instead: Words | None = None
    result: str = ""
    after: str = ""


_UNDER_REVIEW = frozenset({p.REVIEWING})
_ACCEPT_FIRST: Words = (
    "事项还没有受理，不能开始办理",
    "The item is not accepted yet, so that nobody can have started on it",
    "先推送 3（已受理）",
    "Push 3 (accepted) first",
)
_APPLICANT_WITHDRAWS: Words = (
    "只有申报人能撤件，并且在本平台撤",
    "Only who filed it withdraws it, and on this platform",
    "请申报人在本平台撤回该事项；不受理的推送 5 并说明理由",
    "Ask who filed it to withdraw it here; to refuse acceptance push 5 with reasons",
)
_APPLICANT_COMPLETES: Words = (
    "补正材料由申报人在本平台提交，现在还没有提交",
    "Who filed completes the packet on this platform, and has not done so yet",
    "等待本平台转送补正材料，之后推送 8 或办结状态",
    "Wait for the papers from this platform, then push 8 or a decision",
)
_NO_TAKING_BACK: Words = (
    "撤回已生效的许可须另行作出决定并依法补偿（行政许可法 第八条），不能以状态推送",
    "Taking back a lawful permit needs a decision of its own, with compensation "
    "(行政许可法 art. 8); a status cannot do it",
    "违法取得的推送 15（撤销）；其他情形由部门书面告知统一窗口",
    "If it was obtained unlawfully push 15 (revoked); else write to the window",
)


def _at(code: int, event: str, *known: str, result: str = "", after: str = "") -> Incoming:
    return Incoming(code, frozenset(known), {"": event}, result=result, after=after)


INCOMING: Final[Mapping[int, Incoming]] = {
    one.code: one
    for one in (
        Incoming(1, p.OPEN_ITEM, {}, (
            "事项已经办结，不能再接件",
            "The item is closed and cannot be received again",
            "申报人重新申报后，本平台会再次转送",
            "Once it is filed again, this platform sends it again",
        )),
        Incoming(2, frozenset({p.WITHDRAWN}), {}, _APPLICANT_WITHDRAWS),
        _at(3, "item_accepted", p.REVIEWING),
        _at(4, "item_not_accepted", p.NOT_ACCEPTED, "declined"),
        _at(5, "item_not_accepted", p.NOT_ACCEPTED),
        _at(6, "item_correction_listed", p.ITEM_CORRECTION),
        Incoming(7, _UNDER_REVIEW, {}, _APPLICANT_COMPLETES, after="item_corrected"),
        Incoming(8, _UNDER_REVIEW, {}, _ACCEPT_FIRST),
        _at(9, "item_special_started", p.ITEM_SPECIAL),
        _at(10, "item_special_ended", p.REVIEWING, after="item_special_started"),
        _at(11, "item_decided", p.GRANTED, result=p.GRANTED),
        _at(12, "item_decided", p.GRANTED_DEFERRED, result=p.GRANTED_DEFERRED),
        _at(13, "item_decided", p.REFUSED, result=p.REFUSED),
        Incoming(14, frozenset(), {}, _NO_TAKING_BACK),
        Incoming(15, frozenset({p.REVOKED}), {
            **dict.fromkeys(p.BY_COMMITMENT, "commitment_revoked"), "": "permit_revoked",
        }),
    )
}  # fmt: skip


def event_for(code: int, stage: str) -> str:
    """Our event for a code about an item that stands at `stage`; "" when it says nothing new.
    Raises InvalidInput naming `blzt` for a code that there is not, or that we do not take."""
    found = INCOMING.get(code)
    if found is None:
        raise InvalidInput([FieldError(FIELD, *_NO_SUCH)])
    if stage in found.known:
        return ""
    event = found.events.get(stage) or found.events.get("", "")
    if event:
        return event
    assert found.instead is not None, "a code without event says why"
    raise InvalidInput([FieldError(FIELD, *found.instead)])


_NO_SUCH: Words = (
    "办理状态应为 1 至 15",
    "A status is a number from 1 to 15",
    "按国家数据标准填写 blzt",
    "Give blzt as the national data standard has it",
)
