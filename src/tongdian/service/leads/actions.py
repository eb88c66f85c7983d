"""Everything that an engineer can do with a lead, and what follows of itself: all by `perform`.

The lead is always locked before the connection, so that two who tie never wait for each other.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from tongdian.service.casework.commands import Command, parse
from tongdian.service.casework.errors import CaseNotFound, FieldError, InvalidInput
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import Performed, perform
from tongdian.service.casework.selectors import HEADQUARTERS, case_for
from tongdian.service.connection.actions import tie_to_lead, untie_from_lead
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import colleagues_of
from tongdian.service.leads import commands
from tongdian.service.leads.models import Lead
from tongdian.service.leads.process import LEAD_PROCESS, tied_to
from tongdian.service.leads.suggestions import open_suggestions

NO_SUCH_CONNECTION = (
    "没有这个办电案件，或不属于您的供电局",
    "No such connection, or not of your office",
    "请核对编号",
    "Check the number",
)
OUTSIDER = (
    "只能派给本局或市局的人员",
    "Only somebody of this office or of headquarters can be given it",
    "请从列表中选择",
    "Choose from the list",
)
NOT_SUGGESTED = (
    "这个案件不在待确认之列",
    "This connection is not among those to be decided on",
    "请从列表中选择",
    "Choose from the list",
)


def _is_lead(case: Case, kind: str, actor: Actor) -> None:
    """Raises CaseNotFound for a case of another process."""
    if case.process != LEAD_PROCESS.id:
        raise CaseNotFound(case.number)


def _plain(kind: str) -> Callable[..., Performed]:
    rule = LEAD_PROCESS.rules[kind]

    def action(
        number: str, command: Command, *, actor: Actor, expected_seq: int | None = None
    ) -> Performed:
        payload, personal = command.split()
        return perform(
            number,
            kind,
            actor=actor,
            payload=payload,
            personal=personal or None,
            expected_seq=expected_seq,
            check=_is_lead,
        )

    action.__name__ = kind
    action.__doc__ = f"{rule.zh} ({rule.en}). {rule.clock_en}."
    return action


start_preparation = _plain("preparation_started")
complete_preparation = _plain("preparation_completed")
close_lead = _plain("closed")


def assign_lead(
    number: str, command: Command, *, actor: Actor, expected_seq: int | None = None
) -> Performed:
    """派工: to somebody of the lead's office or of headquarters."""
    assert isinstance(command, commands.Assign)
    with transaction.atomic():
        performed = _plain("assigned")(number, command, actor=actor, expected_seq=expected_seq)
        places = (performed.case.office, HEADQUARTERS)
        fit = (c for c in colleagues_of(actor) if c.organisation in places)
        if command.assignee not in {colleague.pseudonym for colleague in fit}:
            raise InvalidInput([FieldError("assignee", *OUTSIDER)])
    return performed


def tie_by_hand(
    number: str, command: Command, *, actor: Actor, expected_seq: int | None = None
) -> Performed:
    """关联办电申请, as an engineer decides: both cases say so, or neither."""
    assert isinstance(command, commands.Tie)
    try:
        connection = case_for(actor, command.connection)
    except CaseNotFound:
        raise InvalidInput([FieldError("connection", *NO_SUCH_CONNECTION)]) from None
    return tie(number, connection.number, "by_hand", actor=actor, expected_seq=expected_seq)


def tie(
    number: str,
    connection: str,
    ground: str,
    *,
    actor: Actor,
    distance_m: int | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """Tie a lead to a connection on a ground (see `matching`), in both logs."""
    payload: dict[str, Any] = {"connection": connection, "ground": ground}
    if distance_m is not None:
        payload["distance_m"] = distance_m
    with transaction.atomic():
        performed = perform(
            number,
            "matched",
            actor=actor,
            payload=payload,
            expected_seq=expected_seq,
            check=_is_lead,
        )
        lead = Lead.objects.get(case=performed.case)
        pushed_at = lead.pushed_at.isoformat()
        tie_to_lead(connection, number, lead.permit, pushed_at, actor=actor)
        _remember(performed.case)
    return performed


def untie(
    number: str, command: Command, *, actor: Actor, expected_seq: int | None = None
) -> Performed:
    """解除关联: both logs keep that it was tied, and say that it no longer is."""
    payload, personal = command.split()
    with transaction.atomic():
        before = case_for(actor, number, LEAD_PROCESS.id)
        connection = tied_to(before.folded)
        performed = perform(
            number,
            "match_undone",
            actor=actor,
            payload={**payload, "connection": connection},
            personal=personal or None,
            expected_seq=expected_seq or before.seq,
            check=_is_lead,
        )
        untie_from_lead(connection, number, actor=actor)
        _remember(performed.case)
    return performed


def dismiss(
    number: str, command: Command, *, actor: Actor, expected_seq: int | None = None
) -> Performed:
    """排除可能相关的申请: it is not of this building."""
    assert isinstance(command, commands.Dismiss)
    with transaction.atomic():
        case = case_for(actor, number, LEAD_PROCESS.id)
        if command.connection not in {s.connection for s in open_suggestions(case)}:
            raise InvalidInput([FieldError("connection", *NOT_SUGGESTED)])
        performed = _plain("match_dismissed")(
            number, command, actor=actor, expected_seq=expected_seq
        )
        _remember(performed.case)
    return performed


def suggest(
    number: str, connection: str, ground: str, *, actor: Actor, distance_m: int | None = None
) -> Performed | None:
    """Put an application before an engineer, once; None when it was before."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(number=number, process=LEAD_PROCESS.id)
        known = case.events.filter(kind__in=("match_suggested", "matched"))
        if known.filter(payload__connection=connection).exists():
            return None
        payload: dict[str, Any] = {"connection": connection, "ground": ground}
        if distance_m is not None:
            payload["distance_m"] = distance_m
        performed = perform(number, "match_suggested", actor=actor, payload=payload)
        _remember(performed.case)
    return performed


def _remember(case: Case) -> None:
    """The columns of the lead's row that follow from how it is tied."""
    connection = tied_to(case.folded)
    waiting = not connection and bool(open_suggestions(case))
    Lead.objects.filter(case=case).update(connection=connection, suggested=waiting)


ACTIONS: dict[str, Callable[..., Performed]] = {
    "preparation_started": start_preparation,
    "preparation_completed": complete_preparation,
    "matched": tie_by_hand,
    "match_undone": untie,
    "match_dismissed": dismiss,
    "closed": close_lead,
    "assigned": assign_lead,
}


def act(
    number: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    expected_seq: int | None = None,
) -> Performed:
    """Check `data` and do what `kind` names. The door for the desk's forms."""
    command = parse(commands.COMMANDS[kind], data)
    return ACTIONS[kind](number, command, actor=actor, expected_seq=expected_seq)
