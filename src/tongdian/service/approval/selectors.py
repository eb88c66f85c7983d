"""Who may move which permit item now, on which page, and what is still owed."""

from tongdian.law.process import EVERY, CaseState, Rule
from tongdian.service.approval.process import ALLOWING, AUTHORITIES, RECTIFYING
from tongdian.service.approval.route_materials import PAPERS
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.actions import Needed

BEING_PUT_RIGHT = Needed(
    "外线工程的许可正在限期整改",
    "A permit of the external works is being put right",
    "行政许可法 第六十一条",
)
# Events about permits that may name files.
WITH_FILES = (
    "permits_filed",
    "items_resubmitted",
    "item_corrected",
    "commitment_made",
    "restoration_reported",
)
# Kinds that need more than a form: a route, a letter, photographs, a list. Where their pages are.
PAGES = {
    "permits_filed": "/permits/{number}/route/",
    "items_resubmitted": "/permits/{number}/route/",
    "item_corrected": "/permits/{number}/{item}/correct/",
    "item_decided": "/desk/permits/{number}/{item}/",
    "item_withdrawn": "/permits/{number}/{item}/withdraw/",
    "commitment_made": "/permits/{number}/commitment/",
    "commitment_inspected": "/desk/permits/{number}/{item}/inspection/",
    "commitment_rectified": "/permits/{number}/{item}/rectify/",
    "commitment_revoked": "/desk/permits/{number}/{item}/inspection/revoke/",
    "restoration_reported": "/permits/{number}/{item}/restoration/",
    "restoration_checked": "/desk/permits/{number}/{item}/restoration/check/",
}


def page_of(rule: Rule, number: str, state: CaseState, actor: Actor, item: str = "") -> str:
    """The page of what `rule` does, about `item` or the first that is the actor's to move; empty
    when it has none, or no item to be about."""
    page = PAGES.get(rule.kind, "")
    if "{item}" not in page:
        return page.format(number=number)
    items = movable_items(rule, state, actor)
    found = item if item in items else next(iter(items), "")
    return page.format(number=number, item=found) if found else ""


def movable_items(rule: Rule, state: CaseState, actor: Actor) -> list[str]:
    """The items that stand where `rule` finds them and that are the actor's to move."""
    return [
        name
        for name, branch in state.branches.items()
        if branch.stage in rule.branch_sources
        and (not actor.has("officer") or AUTHORITIES[name] == actor.organisation)
    ]


def is_for(rule: Rule, state: CaseState, actor: Actor) -> bool:
    """Whether a rule about permits is the actor's own affair: a department moves its own items, the
    window what belongs to all. Of every other rule, and of everybody else, nothing is said."""
    if not actor.has("officer"):
        return True
    if rule.branch == EVERY:
        return actor.organisation == WINDOW
    return rule.branch != "item" or bool(movable_items(rule, state, actor))


def being_put_right(case: Case) -> Needed | None:
    """A department waits for works to be put right: the case may be over, this duty is not."""
    stages = [branch.stage for branch in case.folded.branches.values()]
    return BEING_PUT_RIGHT if RECTIFYING in stages else None


def all_allowed(state: CaseState) -> bool:
    """Whether every permit of the case is granted, so that there is nothing to file."""
    stages = [branch.stage for branch in state.branches.values()]
    return bool(stages) and all(stage in ALLOWING for stage in stages)


def own_items(state: CaseState, actor: Actor) -> list[str]:
    """The permits of a case that are the officer's own department's, in whatever state."""
    if not actor.has("officer"):
        return []
    return [name for name in state.branches if AUTHORITIES[name] == actor.organisation]


def files_for(case: Case, actor: Actor) -> frozenset[str]:
    """Digests of the files that an officer reads: those of the own office, and what came with the
    permits, of it a department what its own items ask for. Papers of the application stay with the
    utility."""
    mine = None if actor.organisation == WINDOW else set(own_items(case.folded, actor))
    wanted = {paper.kind: {w.split(".")[0] for w in paper.wanted} for paper in PAPERS}
    found: set[str] = set()
    for payload in case.events.filter(kind__in=WITH_FILES).values_list("payload", flat=True):
        item = payload.get("item")
        if mine is not None and item is not None and item not in mine:
            continue
        for paper in payload.get("materials", ()):
            everybody = item is not None or paper["kind"] not in wanted
            if mine is None or everybody or wanted[paper["kind"]] & mine:
                found.add(str(paper.get("digest", "")))
        found |= {str(digest) for side in ("before", "after") for digest in payload.get(side, ())}
    return frozenset((found | own_files(case, actor)) - {""})


def own_files(case: Case, actor: Actor) -> set[str]:
    """Digests of what the actor's own office put on the case: notices, opinions."""
    own = case.events.filter(kind="evidence_added", actor__organisation=actor.organisation)
    return {str(payload["digest"]) for payload in own.values_list("payload", flat=True)}
