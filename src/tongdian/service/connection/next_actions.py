"""What comes next on a case, for whom: the order in which the desk offers what the table allows."""

from collections.abc import Iterable

from tongdian.law.process import CaseState, Rule
from tongdian.service.approval.selectors import PAGES, all_allowed, is_for, movable_items
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

# The straight way of a case, as far as staff walk it. What is not here is a side road.
FORWARD = (
    "application_accepted",
    "survey_completed",
    "scheme_replied",
    "permits_received",
    "item_decided",
    "permits_decided",
    "external_works_completed",
    "inspection_passed",
    "contract_recorded",
    "meter_installed",
    "energised",
)
FIRST = ("clock_resumed", *FORWARD)
USUALLY = ("clerk", "fieldworker", "engineer", "officer", "lead")
LAST = ("assigned", "clock_paused")
UNDER_THE_EVENTS = frozenset({"event_time_corrected"})
BESIDE_THE_FILES = frozenset({"evidence_added"})


def stages_of(roles: Iterable[str]) -> list[str]:
    """The stages at which somebody with `roles` can move a case forward."""
    mine = frozenset(roles)
    rules = [CONNECTION.rules[kind] for kind in FORWARD]
    return sorted({stage for rule in rules if rule.roles & mine for stage in rule.sources})


def offered(state: CaseState, roles: Iterable[str], actor: Actor | None = None) -> list[Rule]:
    """The buttons of a case: what leads on first, what concerns the desk itself last."""
    rules = [
        rule
        for rule in _possible(state, roles, actor)
        if rule.kind not in UNDER_THE_EVENTS | BESIDE_THE_FILES | PAGES.keys()
    ]
    return sorted(rules, key=_place)


def _possible(state: CaseState, roles: Iterable[str], actor: Actor | None) -> list[Rule]:
    """What the table allows and is the actor's own affair."""
    allowed = CONNECTION.allowed(state, roles)
    return [rule for rule in allowed if actor is None or is_for(rule, state, actor)]


def _place(rule: Rule) -> int:
    if rule.kind in FIRST:
        return FIRST.index(rule.kind)
    return len(FIRST) + (1 + LAST.index(rule.kind) if rule.kind in LAST else 0)


def elsewhere(state: CaseState, roles: Iterable[str], actor: Actor) -> list[tuple[Rule, str, str]]:
    """What has a page of its own: the rule, the item that it is about, and the page without the
    number of the case."""
    return [
        (rule, name, PAGES[rule.kind].replace("{item}", name))
        for rule in CONNECTION.allowed(state, roles)
        if rule.kind in PAGES and not (rule.opens and all_allowed(state))
        for name in ([""] if rule.opens else movable_items(rule, state, actor))
    ]


def next_for(state: CaseState, roles: Iterable[str], actor: Actor | None = None) -> Rule | None:
    """What somebody with `roles` should do now to bring the case on."""
    steps = [rule for rule in _possible(state, roles, actor) if rule.kind in FIRST]
    return min(steps, key=_place, default=None)


def usual_role(rule: Rule) -> str:
    """Of the roles that may do it, the one that usually does."""
    return next(role for role in USUALLY if role in rule.roles)


def next_of_anyone(state: CaseState) -> Rule | None:
    """What somebody of the staff should do now; None while the applicant holds the case."""
    return next_for(state, {role for rule in CONNECTION.rules.values() for role in rule.roles})
