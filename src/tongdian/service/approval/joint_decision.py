"""The joint decision: each item's result as it stood when the window issued it."""

from typing import Any

from tongdian.law.process import Branch
from tongdian.service.approval.process import AUTHORITIES, ITEM_NAMES, ITEM_TABLE
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.planning import fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.identity.selectors import organisation_pair

SAID = ("item_decided", "item_not_accepted")


def last_issued(case: Case) -> Event | None:
    """The latest joint decision, None before there is one."""
    return case.events.filter(kind="permits_decided").order_by("-seq").first()


def results(case: Case, issued: Event | None = None) -> list[dict[str, Any]]:
    """One for each item: where it stood, whose it is, and what the department said. As of the joint
    decision `issued`, else as of now. Names in both languages."""
    branches = case.folded.branches if issued is None else _as_of(case, issued.seq)
    return [_result(name, branch) for name, branch in branches.items()]


def _as_of(case: Case, seq: int) -> dict[str, Branch]:
    events = case.events.filter(seq__lte=seq).order_by("seq")
    return dict(fold_events(definition_of(case.process), events).branches)


def _result(item: str, branch: Branch) -> dict[str, Any]:
    stage = ITEM_TABLE[branch.stage]
    said: dict[str, Any] = next((branch.facts[kind] for kind in SAID if kind in branch.facts), {})
    unit_zh, unit_en = organisation_pair(AUTHORITIES[item])
    return {
        "item": item,
        "zh": ITEM_NAMES[item][0],
        "en": ITEM_NAMES[item][1],
        "stage": branch.stage,
        "result_zh": stage.zh,
        "result_en": stage.en,
        "authority_zh": unit_zh,
        "authority_en": unit_en,
        "said": {name: str(said.get(name, "")) for name in
                 ("document_number", "conditions", "reason", "clause", "remedy")},
    }  # fmt: skip
