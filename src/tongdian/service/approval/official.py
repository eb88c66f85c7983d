"""Joint cases in the tables of the national data standard for construction approvals (V3), out.

`SPGL_XMSPSXBLXXB` 项目审批事项办理信息表 has a row for each item, `SPGL_XMSPSXBLXXXXB`
项目审批事项办理详细信息表 one for each status that an item has had. Columns of the standard that we
have nothing for stay empty. Contacts (lxr, lxrsjh) stay empty as well: a file that leaves the
house holds nothing personal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import override

from tongdian.law.calendar import SHANGHAI
from tongdian.law.process import CaseState
from tongdian.service.approval.callbacks_reading import GROUNDS, number_of
from tongdian.service.approval.codes import code_of_event
from tongdian.service.approval.limits import branch_limits
from tongdian.service.approval.process import AUTHORITIES, BY_COMMITMENT, COMMITTING
from tongdian.service.casework.models import Case, Event
from tongdian.service.identity.selectors import organisation_names

ITEMS: Final = "SPGL_XMSPSXBLXXB"
STATUSES: Final = "SPGL_XMSPSXBLXXXXB"
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    ITEMS: (
        "lsh", "dfsjzj", "xzqhdm", "gcdm", "spsxbm", "spsxbbh", "splcbm", "splcbbh", "spsxslbm",
        "spbmbm", "spbmmc", "slfs", "gkfs", "blspslbm", "sxblsx", "lxr", "lxrsjh", "ywqx",
        "qypgdybm", "sxgzcnzspqk", "sjyxbs", "sjwxyy", "sjsczt", "sbyy",
    ),
    STATUSES: (
        "lsh", "dfsjzj", "xzqhdm", "gcdm", "spsxslbm", "blcs", "blr", "blzt", "blyj", "blsj",
        "sjyxbs", "sjwxyy", "sjsczt", "sbyy",
        # Of neighbouring tables, and our own: see `callbacks_reading`.
        "spbmbm", "pfwh", "tbcxmc", "tbcxsx", "flyj", "jjtj", "bzqd", "tbcxtzs", "xjcn",
    ),
}  # fmt: skip
# The one name for each ground that stands for all.
_GROUND_NAMES: Final = {ground: name for name, ground in reversed(list(GROUNDS.items()))}
# Of an event that moves every item that stands where it finds it: after which events that is.
_EVERY: Final[Mapping[str, frozenset[str]]] = {
    "permits_received": frozenset({"permits_filed", "items_resubmitted"}),
    "commitment_granted": frozenset({"commitment_made"}),
    "commitment_declined": frozenset({"commitment_made"}),
}

Row = dict[str, str]


def tables(cases: Iterable[Case]) -> dict[str, list[Row]]:
    """Both tables, every value as text; cases without permits have no rows."""
    found: dict[str, list[Row]] = {ITEMS: [], STATUSES: []}
    for case in cases:
        found[ITEMS] += [item_row(case, name) for name in case.folded.branches]
        found[STATUSES] += status_rows(case)
    return found


def item_row(case: Case, item: str) -> Row:
    """The row of one item of a case that has it."""
    state = case.folded
    branch = state.branches[item]
    number, department = number_of(case.number, item), AUTHORITIES[item]
    promised = next(limit for limit in branch_limits(state, item) if limit.id == "item")
    return _row(
        ITEMS,
        {
            "lsh": number,
            "dfsjzj": number,
            "xzqhdm": case.district,
            "gcdm": case.number,
            "spsxbm": item,
            "spsxbbh": "1",
            "spsxslbm": number,
            "spbmbm": department,
            "spbmmc": _chinese_name(department),
            "blspslbm": joint_number(state, item),
            "sxblsx": promised.working_days,
            "sxgzcnzspqk": int(branch.stage in BY_COMMITMENT | {COMMITTING}),
            "sjyxbs": 1,
        },
    )


def _chinese_name(code: str) -> str:
    with override("zh-hans"):
        return organisation_names().get(code, code)


def joint_number(state: CaseState, item: str) -> str:
    """并联审批实例编码 of the filing that the item belongs to; empty for a commitment."""
    filings = [state.facts.get(kind, {}) for kind in ("items_resubmitted", "permits_filed")]
    named = [one for one in filings if item in one.get("items", ())]
    return next((str(one["joint_number"]) for one in named if one.get("joint_number")), "")


def status_rows(case: Case) -> list[Row]:
    """What has happened to the items of a case, in the order of its log."""
    rows = []
    last: dict[str, str] = {}
    for event in case.events.order_by("seq"):
        for item in _items_of(event, last):
            code = code_of_event(event.kind, event.payload)
            if code is not None:
                last[item] = event.kind
                rows.append(_status_row(case, event, item, code))
    return rows


def _items_of(event: Event, last: Mapping[str, str]) -> Iterator[str]:
    """The items that an event about permits moves; none for any other event."""
    if event.kind in _EVERY:
        yield from [item for item, kind in last.items() if kind in _EVERY[event.kind]]
    elif event.kind in ("permits_filed", "items_resubmitted", "commitment_made"):
        yield from event.payload["items"]
    elif event.payload.get("item") in AUTHORITIES:
        yield event.payload["item"]


def _status_row(case: Case, event: Event, item: str, code: int) -> Row:
    key = f"{number_of(case.number, item)}-{event.seq:04d}"
    return _row(
        STATUSES,
        {
            "lsh": key,
            "dfsjzj": key,
            "xzqhdm": case.district,
            "gcdm": case.number,
            "spsxslbm": number_of(case.number, item),
            "spbmbm": AUTHORITIES[item],
            "blzt": code,
            "blsj": event.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
            "sjyxbs": 1,
            **_said(event.kind, event.payload),
        },
    )


def _said(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a department said with an event, under the names of the tables."""
    match kind:
        case "item_correction_listed":
            listed = [
                {"clbm": one["field"], "wt": one["problem"], "bzyq": one["remedy"]}
                for one in payload["items"]
            ]
            return {"bzqd": json.dumps(listed, ensure_ascii=False)}
        case "item_special_started":
            return {
                "tbcxmc": _GROUND_NAMES[payload["ground"]],
                "tbcxtzs": payload["evidence"],
                "tbcxsx": payload.get("days", ""),
            }
        case "item_special_ended":
            return {"blyj": payload["outcome"]}
    found = {
        "blyj": payload.get("reason", "") or payload.get("conditions", ""),
        "flyj": payload.get("clause", ""),
        "jjtj": payload.get("remedy", ""),
        "pfwh": payload.get("document_number", ""),
    }
    if kind == "commitment_revoked":
        found["xjcn"] = int(payload["false_commitment"] == "yes")
    return found if kind in _WITH_REASONS else {}


_WITH_REASONS: Final = frozenset(
    {"item_decided", "item_not_accepted", "permit_revoked", "commitment_revoked"}
)


def _row(table: str, known: Mapping[str, Any]) -> Row:
    return {name: str(known.get(name, "")) for name in FIELDS[table]}
