"""Everything that can happen to the permits of a case: one function each, all through `perform`.

Each takes the checked command and a keyword-only `actor`; `at` is when it is said to have happened,
`expected_seq` the last event the caller has seen. Departments move their own items alone, and what
belongs to all items is the window's.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from tongdian.service.approval.checks import (
    join_named,
    refuse_early_revocation,
    refuse_ineligible,
    refuse_late_answer,
)
from tongdian.service.approval.filed_routes import refuse_standing
from tongdian.service.approval.preparing import prepare_route
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.commands import Command
from tongdian.service.casework.errors import Forbidden
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import Performed, perform
from tongdian.service.casework.selectors import WINDOW
from tongdian.service.identity.actors import Actor

__all__ = ["ACTIONS", "file_permits", "prepare_route"]
Check = Callable[[Case, str, Actor], None]
OF_WINDOW = frozenset({"permits_received", "permits_decided"})


def _check(payload: dict[str, Any]) -> Check:
    """What is looked at once the case is locked: whose item it is, whether the law still allows it,
    and whether a commitment applies to this route."""
    item = payload.get("item")

    def check(case: Case, kind: str, actor: Actor) -> None:
        if item is not None or kind in OF_WINDOW:
            _own_items_only(kind, item, actor)
        refuse_standing(case, kind, payload)
        if item is not None:
            refuse_late_answer(case, kind, item)
            refuse_early_revocation(case, kind, payload)
        if kind == "commitment_made":
            refuse_ineligible(case, payload)

    return check


def _own_items_only(kind: str, item: str | None, actor: Actor) -> None:
    """An officer acts for the authority of the item, or for the window. Raises Forbidden."""
    wanted = WINDOW if item is None else AUTHORITIES[item]
    if actor.has("officer") and actor.organisation != wanted:
        raise Forbidden(kind, ["officer"], [])


def _action(kind: str) -> Callable[..., Performed]:
    """An action whose command is all there is to it."""

    def action(
        number: str,
        command: Command,
        *,
        actor: Actor,
        at: datetime | None = None,
        expected_seq: int | None = None,
    ) -> Performed:
        payload, personal = command.split()
        return _do(number, kind, payload, personal, actor, at, expected_seq)

    action.__name__ = kind
    return action


def _do(
    number: str,
    kind: str,
    payload: dict[str, Any],
    personal: dict[str, Any] | None,
    actor: Actor,
    at: datetime | None,
    expected_seq: int | None,
) -> Performed:
    """The event, and every file that it names on the case; both or neither."""
    with transaction.atomic():
        performed = perform(
            number,
            kind,
            actor=actor,
            payload=payload,
            personal=personal or None,
            occurred_at=at,
            expected_seq=expected_seq,
            check=_check(payload),
        )
        join_named(performed.case, payload, actor)
    return performed


def file_permits(
    number: str,
    command: Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """申报外线并联审批. All departments get the packet at the same time."""
    payload, personal = command.split()
    payload.setdefault("joint_number", f"BL-{number}")
    return _do(number, "permits_filed", payload, personal, actor, at, expected_seq)


ACTIONS: dict[str, Callable[..., Performed]] = {
    "permits_filed": file_permits,
    **{
        kind: _action(kind)
        for kind in (
            "items_resubmitted",
            "permits_received",
            "item_accepted",
            "item_correction_listed",
            "item_corrected",
            "item_special_started",
            "item_special_ended",
            "item_decided",
            "item_not_accepted",
            "item_withdrawn",
            "permits_decided",
            "commitment_made",
            "commitment_inspected",
            "commitment_rectified",
            "commitment_revoked",
            "permit_revoked",
            "restoration_reported",
            "restoration_checked",
        )
    },
}
