"""Who may move which permit item now."""

from tongdian.law.process import EVERY, CaseState, Rule
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor


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
