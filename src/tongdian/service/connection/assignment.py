"""派工: who can be given which case, and many cases at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongdian.service.casework.errors import CaseNotFound, CaseworkError
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import HEADQUARTERS, visible_to
from tongdian.service.connection.actions import act
from tongdian.service.connection.problems import outsider, told
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import Colleague, colleagues_of

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """How many were assigned, and why the others were not: number and reason in words."""

    done: int
    refused: Sequence[tuple[str, str]]


def colleagues_for(actor: Actor, case: Case) -> list[Colleague]:
    """Those who can be given this case: the desk of its office, and of headquarters."""
    return [c for c in colleagues_of(actor) if serves(c, case)]


def serves(colleague: Colleague, case: Case) -> bool:
    """Whether the case lies within what this person may see."""
    return colleague.organisation in (case.office, HEADQUARTERS)


def assign_many(numbers: Sequence[str], assignee: str, *, actor: Actor) -> Batch:
    """Each case on its own, so that one refusal does not stop the others."""
    chosen = next((c for c in colleagues_of(actor) if c.pseudonym == assignee), None)
    numbers = list(dict.fromkeys(numbers))[:MOST_AT_ONCE]
    cases = {case.number: case for case in visible_to(actor).filter(number__in=numbers)}
    done, refused = 0, []
    for number in numbers:
        try:
            _assign(number, cases.get(number), chosen, actor)
            done += 1
        except CaseworkError as error:
            refused.append((number, told(error)))
    return Batch(done, refused)


def _assign(number: str, case: Case | None, chosen: Colleague | None, actor: Actor) -> None:
    if case is None:
        raise CaseNotFound(number)
    if chosen is None or not serves(chosen, case):
        raise outsider()
    act(number, "assigned", {"assignee": chosen.pseudonym}, actor=actor)
