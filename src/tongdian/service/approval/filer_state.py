"""How far each permit is, for whoever filed: who has it, until when, what was said, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.law.process import Branch
from tongdian.service.approval.desk_clocks import plan_bar
from tongdian.service.approval.process import (
    ALLOWING,
    AUTHORITIES,
    COMMITTING,
    ITEM_CORRECTION,
    ITEM_NAMES,
    ITEM_SPECIAL,
    ITEM_TABLE,
    OPEN_ITEM,
    RECTIFYING,
    REOPENED,
    WITHDRAWN,
)
from tongdian.service.approval.route_access import may
from tongdian.service.approval.route_words import pick
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import organisation_pair

# The sign of a permit on the page: a colour and an icon; a word stands beside them.
_WAITS: Final = frozenset({ITEM_CORRECTION, RECTIFYING})
_SAID: Final = (
    "commitment_revoked", "permit_revoked", "item_decided", "item_not_accepted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One permit. `due` is the day by which the department decides, None while nothing runs."""

    code: str
    name: str
    stage: str
    colour: str
    icon: str
    department: str
    due: date | None
    waits: str
    said: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def lines_for(actor: Actor, case: Case) -> list[ItemLine]:
    """One for each permit of the case, those that wait for the reader first."""
    lines = [_line(actor, case, *pair) for pair in case.folded.branches.items()]
    return sorted(lines, key=lambda line: not line.links)


def _line(actor: Actor, case: Case, item: str, branch: Branch) -> ItemLine:
    stage = ITEM_TABLE[branch.stage]
    bar = plan_bar(case.folded, item, clock.now()) if branch.stage in OPEN_ITEM else None
    colour, icon = _sign(branch.stage)
    return ItemLine(
        item,
        pick(*ITEM_NAMES[item]),
        pick(stage.zh, stage.en),
        colour,
        icon,
        pick(*organisation_pair(AUTHORITIES[item])),
        bar.due if bar else None,
        _waits(branch.stage),
        _said(branch),
        list(_links(actor, case, item, branch)),
    )


def _sign(stage: str) -> tuple[str, str]:
    if stage in ALLOWING:
        return "teal", "check"
    if stage in _WAITS:
        return "applicant", "applicant"
    if stage in REOPENED - {WITHDRAWN}:
        return "overdue", "cross"
    return ("grey", "") if stage == WITHDRAWN else ("government", "government")


def _waits(stage: str) -> str:
    """Whom it waits for, where that is not the department."""
    if stage == ITEM_CORRECTION:
        return _("等您补正，期间不计入审批时限")
    if stage == ITEM_SPECIAL:
        return _("特别程序，依法不计入审批时限")
    if stage == COMMITTING:
        return _("正在核对信用记录，随即决定")
    return _("等您整改") if stage == RECTIFYING else ""


def _said(branch: Branch) -> list[tuple[str, str]]:
    """What the department said last: conditions, or reason, clause and remedy."""
    said: dict[str, Any] = next((branch.facts[k] for k in _SAID if k in branch.facts), {})
    if branch.stage in OPEN_ITEM or branch.stage == WITHDRAWN:
        return []
    words = {
        "document_number": _("决定书文号"),
        "conditions": _("条件"),
        "reason": _("理由"),
        "clause": _("依据"),
        "remedy": _("您可以"),
    }
    return [(word, str(said[name])) for name, word in words.items() if said.get(name)]


def _links(actor: Actor, case: Case, item: str, branch: Branch) -> Iterator[tuple[str, str]]:
    """What the reader can do about this permit now, the most urgent first."""
    if not actor.has("applicant", "engineer", "lead"):
        return
    of_item = {"item": item}
    if may(actor, case, "item_corrected", of_item):
        yield _("查看清单并补正"), reverse("permits-correct", args=[case.number, item])
    if branch.stage in REOPENED and may(actor, case, "items_resubmitted", {"items": [item]}):
        yield _("修改后重新申报"), reverse("permits-route", args=[case.number])
    if branch.stage == COMMITTING:
        yield _("查看承诺"), reverse("permits-commitment-decision", args=[case.number])
    elif may(actor, case, "item_withdrawn", of_item):
        yield _("撤回"), reverse("permits-withdraw", args=[case.number, item])
