"""What an action on permits asks beyond the process table: the files it names, the law's five days,
and whether a commitment may be made for this route at all."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.clocks import Limit, measure_limit
from tongdian.law.plan import load_plan
from tongdian.law.process import Refusal
from tongdian.service.approval.packet import Packet, packet_of
from tongdian.service.approval.process import ITEM_TABLE, OPEN_ITEM, RECTIFYING, UNANSWERED
from tongdian.service.approval.route_materials import ROUTE
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput, NotAllowed
from tongdian.service.casework.evidence import NOT_RECEIVED, join
from tongdian.service.casework.models import Case
from tongdian.service.casework.planning import BranchTable
from tongdian.service.identity.actors import Actor

SILENCE = "intake.deficiency_working_days"
ANSWERS = frozenset({"item_correction_listed", "item_not_accepted"})
PHOTOGRAPHS = frozenset({"image/jpeg", "image/png"})


def join_named(case: Case, payload: dict[str, Any], actor: Actor) -> None:
    """Every file that the event names joins the case. Raises InvalidInput for one that is not
    there: what stands in the log can always be shown."""
    for field, digest in _named(payload):
        if not PermitDocument.objects.filter(case=case, digest=digest).exists():
            join(case, digest, actor=actor, field=field)
    for side in ("before", "after"):
        for place, digest in enumerate(payload.get(side, ())):
            kept = join(case, digest, actor=actor, field=f"{side}.{place}")
            if kept.media_type not in PHOTOGRAPHS:
                raise InvalidInput([FieldError(f"{side}.{place}", *NO_PHOTOGRAPH)])
    letter = payload.get("letter")
    kept_letters = PermitDocument.objects.filter(case=case, kind=PermitDocument.Kind.LETTER)
    if letter and not kept_letters.filter(digest=letter).exists():
        raise InvalidInput([FieldError("letter", *NOT_RECEIVED)])


def refuse_early_revocation(case: Case, kind: str, payload: dict[str, Any]) -> None:
    """国办发〔2020〕42号: a commitment that was not kept is revoked once the term to put it right
    is over, or when the works were found wanting again; a false one at once. Raises NotAllowed."""
    branch = case.folded.branches.get(str(payload.get("item", "")))
    if kind != "commitment_revoked" or branch is None or payload["false_commitment"] == "yes":
        return
    inspected = branch.facts.get("commitment_inspected", {})
    term = str(inspected.get("rectify_by", ""))
    again = branch.done.get("commitment_inspected", 0) > 1
    if branch.stage != RECTIFYING or again or not term:
        return
    if local_date(clock.now()) <= date.fromisoformat(term):
        refusal = Refusal(
            f"整改期限 {term} 还没有到，不能撤销",
            f"The term to put it right runs until {term}; it cannot be revoked yet",
            "国办发〔2020〕42号",
            "期满后再次核查；认定为虚假承诺的，可以直接撤销",
            "Inspect again after the term; a commitment found false is revoked at once",
        )
        raise NotAllowed(kind, refusal, case.stage, ["commitment_inspected"])


NO_PHOTOGRAPH = (
    "恢复前后须是照片",
    "Before and after are photographs",
    "请上传 JPG 或 PNG 照片",
    "Upload a JPG or PNG photograph",
)


def _named(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for place, material in enumerate(payload.get("materials", ())):
        if material.get("digest"):
            yield f"materials.{place}.digest", material["digest"]


def refuse_late_answer(case: Case, kind: str, item: str) -> None:
    """行政许可法 art. 32: five working days after receipt an application is accepted by law; a list
    of what it lacks, or a refusal to accept it, comes too late. Raises NotAllowed."""
    branch = case.folded.branches.get(item)
    if kind not in ANSWERS or branch is None or branch.stage not in UNANSWERED:
        return
    rule = load_plan(case.plan).value(SILENCE)
    days = load_plan(case.plan).limit(SILENCE)
    limit = Limit("silence", f"item:{item}", days, "statute", rule.clause, UNANSWERED, OPEN_ITEM)
    now = clock.now()
    measured = measure_limit(limit, branch.holds, BranchTable(ITEM_TABLE), default_calendar(), now)
    if measured.due is None or local_date(now) <= measured.due:
        return
    refusal = Refusal(
        "逾期未一次性告知，依法自收到之日起即为受理，不能再要求补正或不予受理",
        "Nobody said in time what is missing: accepted by law as of the day of receipt",
        rule.clause,
        "请审查后作出决定；不符合条件的，写明理由、条款和补救途径",
        "Review and decide it; if it fails, give reason, clause and remedy",
    )
    raise NotAllowed(kind, refusal, case.stage, ["item_decided"])


def refuse_ineligible(case: Case, payload: dict[str, Any]) -> None:
    """告知承诺 again, on the locked case: the route as kept, what it touches and the rules of today
    decide, whatever the caller believes. Raises NotAllowed with the first condition not met,
    InvalidInput for items or a route that are not those of the case."""
    packet = packet_of(case)
    if packet is None:
        raise InvalidInput([FieldError("items", *NO_ROUTE)])
    if packet.revoked:
        raise NotAllowed("commitment_made", REVOKED_BEFORE, case.stage, ["permits_filed"])
    if not packet.eligible:
        raise NotAllowed("commitment_made", _failing(packet), case.stage, ["permits_filed"])
    if sorted(payload["items"]) != sorted(packet.items):
        raise InvalidInput([FieldError("items", *OTHER_ITEMS)])
    routes = [m.get("digest") for m in payload.get("materials", ()) if m["kind"] == ROUTE]
    if routes != [packet.route_digest]:
        raise InvalidInput([FieldError("materials", *OTHER_ROUTE)])


REVOKED_BEFORE = Refusal(
    "本办件凭承诺取得的许可曾被撤销，不再适用告知承诺",
    "A permit granted by commitment was revoked on this case; commitment no longer applies",
    "国办发〔2020〕42号",
    "请走一般程序（并联审批）",
    "Take the ordinary way (joint approval)",
)
NO_ROUTE = (
    "还没有外线路径",
    "There is no route yet",
    "请先填写路径和电压",
    "Give route and voltage first",
)
OTHER_ITEMS = (
    "承诺的事项与路径需要的事项不一致",
    "The items are not those that the route needs",
    "请按系统判定的事项承诺，不多不少",
    "Commit for the items that the system found, no more and no fewer",
)
OTHER_ROUTE = (
    "承诺书所附路径不是本办件现在的路径",
    "The route is not the one that the case has now",
    "请按现在的路径重新提交",
    "Hand it in again with the present route",
)


def _failing(packet: Packet) -> Refusal:
    """The first condition that is not met, with its value and limit."""
    trace = packet.found.assessment.conditions
    failed = next((c for c in trace if c.passed is False), None)
    if failed is None:
        return Refusal("这条路径不需要办理审批", "This route needs no permit")
    return Refusal(
        f"不适用告知承诺：{failed.zh} {failed.value}（要求 {failed.limit}）",
        f"Commitment does not apply: {failed.en} {failed.value} (asked: {failed.limit})",
        failed.clause,
        "请走一般程序（并联审批），或者改变路径",
        "Take the ordinary way (joint approval), or change the route",
    )
