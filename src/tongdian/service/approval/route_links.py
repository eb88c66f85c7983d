"""What somebody can do about the external works of a case: links for the pages of other rooms."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.service.approval.process import ITEM_NAMES, RECTIFYING
from tongdian.service.approval.restoration_state import OWED
from tongdian.service.approval.route_access import may
from tongdian.service.approval.route_filing import can_file
from tongdian.service.approval.route_words import pick
from tongdian.service.approval.selectors import own_items
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor


def links_for(actor: Actor, case: Case) -> Iterator[dict[str, str]]:
    """Route and packet, the commitment, what has to be put right, restoration and inspection."""
    number, state = case.number, case.folded
    if actor.has("applicant", "engineer", "lead") and can_file(actor, case):
        yield _link(_("画外线路径，申报许可"), "permits-route", number)
    if state.done.get("commitment_made"):
        yield _link(_("告知承诺和决定"), "permits-commitment-decision", number)
    if state.done.get("permits_decided"):
        yield _link(_("联合审批决定（PDF）"), "permits-joint-pdf", number)
    for item in own_items(state, actor):
        yield _link(_("审批：%(item)s") % {"item": pick(*ITEM_NAMES[item])}, "permits-item",
                    number, item)  # fmt: skip
    for item, branch in state.branches.items():
        name = pick(*ITEM_NAMES[item])
        if branch.stage == RECTIFYING and may(actor, case, "commitment_rectified", {"item": item}):
            yield _link(
                _("报告整改完成：%(item)s") % {"item": name}, "permits-rectify", number, item
            )
        if item in OWED and may(actor, case, "restoration_reported", {"item": item}):
            words = _("报告道路恢复") if item == "municipal" else _("报告绿化恢复")
            yield _link(words, "permits-restoration", number, item)


def _link(text: str, name: str, *args: str) -> dict[str, str]:
    return {"text": text, "url": reverse(name, args=args)}
