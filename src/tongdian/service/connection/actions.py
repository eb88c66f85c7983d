"""Everything that can happen to a connection case: one function each, all through `perform`.

Views, API endpoints, commands and jobs call these and hold no rule of their own. Each takes the
checked command and a keyword-only `actor`; `occurred_at` is when it is said to have happened,
`expected_seq` the last event the caller has seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tongdian.law.calendar import default_calendar
from tongdian.law.plan import load_plan
from tongdian.law.tracks import RequestError, SupplyRequest, classify
from tongdian.service.approval.actions import ACTIONS as PERMIT_ACTIONS
from tongdian.service.casework import clock
from tongdian.service.casework.errors import (
    CaseNotFound,
    FieldError,
    Forbidden,
    InvalidInput,
)
from tongdian.service.casework.evidence import join
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import Performed, open_case, perform, recache
from tongdian.service.casework.planning import correction_window, measure_state
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.selectors import case_for, may_act
from tongdian.service.connection import commands
from tongdian.service.connection.contradictions import refuse_what_contradicts
from tongdian.service.connection.overdue import unrecorded_overdue
from tongdian.service.connection.process import CONNECTION
from tongdian.service.connection.silence import (
    ANSWERS,
    KEY,
    accepted_by_silence,
    refuse_after_silence,
)
from tongdian.service.database import one_transaction
from tongdian.service.exchange.actions import send_query_code
from tongdian.service.identity.actions import issue_party_access
from tongdian.service.identity.actors import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Submitted:
    """A new case, and the query codes that open it without an account, by party."""

    performed: Performed
    codes: Mapping[str, str]


def submit_application(
    application: commands.Application, *, actor: Actor, at: datetime | None = None
) -> Submitted:
    """用电申请. The clock starts here. `at` is earlier only when a window types in a paper form."""
    payload, personal = _classified(application)
    with one_transaction():
        performed = open_case(
            CONNECTION.id,
            "application_submitted",
            actor=actor,
            payload=payload,
            personal=personal,
            occurred_at=at,
        )
        _join_papers(performed.case, application, actor)
        party = "agent" if application.agent else "applicant"
        code = issue_party_access(performed.case.number, party, actor=actor)
    return Submitted(performed, {party: code})


def file_for_owner(
    application: commands.Application, *, actor: Actor, at: datetime | None = None
) -> Submitted:
    """代为提交: a contractor files; the owner confirms with an own code; then the clock starts. The
    owner's code goes to the owner's telephone alone: who files must not be able to confirm."""
    if application.owner is None:
        raise InvalidInput(
            [
                FieldError(
                    "owner",
                    "代为申请须填写业主姓名和电话",
                    "Filing for an owner needs the owner's name and telephone",
                    "请填写业主信息",
                    "Give the owner's name and telephone",
                )
            ]
        )
    payload, personal = _classified(application)
    with one_transaction():
        performed = open_case(
            CONNECTION.id,
            "application_filed",
            actor=actor,
            payload=payload,
            personal=personal,
            occurred_at=at,
        )
        _join_papers(performed.case, application, actor)
        number = performed.case.number
        codes = {"contractor": issue_party_access(number, "contractor", actor=actor)}
        owner_code = issue_party_access(number, "owner", actor=actor)
        send_query_code(number, "owner", application.owner.phone, owner_code)
    return Submitted(performed, codes)


def _join_papers(case: Case, application: commands.Application, actor: Actor) -> None:
    """The uploaded papers that the application names join the case."""
    for place, paper in enumerate(application.documents):
        if paper.digest:
            join(case, paper.digest, actor=actor, field=f"documents.{place}.digest")


def _classified(application: commands.Application) -> tuple[dict[str, Any], dict[str, Any]]:
    """Payload and personal part, with the track that the plan gives; a wished track must agree."""
    request = SupplyRequest(
        purpose=application.purpose,
        applicant_kind=application.applicant_kind,
        load_kw=application.load_kw,
        supplies=application.supplies,
        external_works=application.external_works,
        voltage_requested=application.voltage,
    )
    try:
        decision = classify(request, load_plan(application.plan))
    except RequestError as error:
        raise InvalidInput(
            [
                FieldError(
                    error.field, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en
                )
            ]
        ) from None
    if application.track not in (None, decision.track):
        raise InvalidInput(
            [
                FieldError(
                    "track",
                    f"按方案应为“{decision.track}”",
                    f"The plan makes this {decision.track}",
                    "请不要填写该栏，由系统判定",
                    "Leave it out; it follows from the other answers",
                )
            ]
        )
    payload, personal = application.split()
    payload["track"] = decision.track
    return payload, personal


def _plain_action(kind: str) -> Callable[..., Performed]:
    """An action whose command is all there is to it."""
    rule = CONNECTION.rules[kind]

    def action(
        number: str,
        command: commands.Command,
        *,
        actor: Actor,
        at: datetime | None = None,
        expected_seq: int | None = None,
    ) -> Performed:
        refuse_what_contradicts(number, command, actor)
        payload, personal = command.split()
        return perform(
            number,
            kind,
            actor=actor,
            payload=payload,
            personal=personal or None,
            occurred_at=at,
            expected_seq=expected_seq,
            check=refuse_after_silence if kind in ANSWERS else None,
        )

    action.__name__ = kind
    action.__doc__ = f"{rule.zh} ({rule.en}). {rule.clock_en}."
    return action


list_deficiencies = _plain_action("deficiency_listed")
accept_application = _plain_action("application_accepted")
refuse_to_accept = _plain_action("application_not_accepted")
complete_survey = _plain_action("survey_completed")
reply_supply_scheme = _plain_action("scheme_replied")
accept_supply_scheme = _plain_action("scheme_accepted")
dispute_supply_scheme = _plain_action("scheme_disputed")
give_consent = _plain_action("consent_given")
withdraw_consent = _plain_action("consent_withdrawn")
complete_external_works = _plain_action("external_works_completed")
report_completion = _plain_action("completion_reported")
pass_inspection = _plain_action("inspection_passed")
fail_inspection = _plain_action("inspection_failed")
record_contract = _plain_action("contract_recorded")
install_meter = _plain_action("meter_installed")
energise = _plain_action("energised")
rate_step = _plain_action("step_rated")
withdraw = _plain_action("withdrawn")
assign = _plain_action("assigned")
suspend_clock = _plain_action("clock_paused")
resume_clock = _plain_action("clock_resumed")


def confirm_as_owner(
    number: str,
    command: commands.Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """业主确认. Only the owner may; whoever filed the application may not confirm it."""
    if not actor.is_party(number, "owner"):
        case_for(actor, number)
        raise Forbidden("owner_confirmed", ["owner"], [])
    return perform(
        number, "owner_confirmed", actor=actor, occurred_at=at, expected_seq=expected_seq
    )


def reclassify_track(
    number: str,
    command: commands.Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """变更办电类型: 三零 without external works becomes 三零 with; the reason is shown."""
    payload, _ = command.split()
    return perform(
        number,
        "track_reclassified",
        actor=actor,
        payload={"from": "zero_lv", **payload},
        occurred_at=at,
        expected_seq=expected_seq,
    )


NOT_THE_FILE = (
    "类型或大小与收到的文件不符",
    "Type or size are not those of the file received",
    "请照上传时的回答填写",
    "Give them as the answer to the upload does",
)


def answer_deficiencies(
    number: str,
    command: commands.Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """提交补正: the files that the answers name join the case."""
    assert isinstance(command, commands.AnswerDeficiencies)
    payload, personal = command.split()
    with transaction.atomic():
        performed = perform(
            number,
            "deficiency_answered",
            actor=actor,
            payload=payload,
            personal=personal,
            occurred_at=at,
            expected_seq=expected_seq,
        )
        for index, answer in enumerate(command.answers):
            if answer.digest:
                join(performed.case, answer.digest, actor=actor, field=f"answers.{index}.digest")
    return performed


def add_evidence(
    number: str,
    command: commands.Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """补充证据: the stored file joins the case; the event carries its digest."""
    payload, personal = command.split()
    with transaction.atomic():
        performed = perform(
            number,
            "evidence_added",
            actor=actor,
            payload=payload,
            personal=personal,
            occurred_at=at,
            expected_seq=expected_seq,
        )
        kept = join(performed.case, payload["digest"], actor=actor, field="digest")
        said = {name: payload[name] for name in ("media_type", "size_bytes")}
        if said != {name: getattr(kept, name) for name in said}:
            raise InvalidInput([FieldError("media_type", *NOT_THE_FILE)])
    return performed


def correct_event_time(
    number: str,
    command: commands.Command,
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """更正时间: between its neighbours, by a supervisor, with reason and evidence."""
    payload, _ = command.split()
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=number).first()
        if case is None or not may_act(actor, case):
            raise CaseNotFound(number)
        events = list(case.events.order_by("seq"))
        window = correction_window(definition_of(case.process), events, payload["seq"], clock.now())
        instant = _instant(payload["instant"])
        if actor.has("supervisor") and (
            window is None or instant is None or not window[0] <= instant <= window[1]
        ):
            raise InvalidInput(
                [
                    FieldError(
                        "instant",
                        "更正后的时间须在前后两个事件之间",
                        "The corrected time has to lie between the events before and after",
                        "请核对事件序号和时间",
                        "Check the event's number and the time",
                    )
                ]
            )
        return perform(
            number,
            "event_time_corrected",
            actor=actor,
            payload=payload,
            occurred_at=at,
            expected_seq=expected_seq,
        )


def _instant(text: str) -> datetime | None:
    """None for what only looks like an instant, such as 31 February."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


ACTIONS: dict[str, Callable[..., Performed]] = {
    "deficiency_listed": list_deficiencies,
    "deficiency_answered": answer_deficiencies,
    "application_accepted": accept_application,
    "application_not_accepted": refuse_to_accept,
    "owner_confirmed": confirm_as_owner,
    "track_reclassified": reclassify_track,
    "survey_completed": complete_survey,
    "scheme_replied": reply_supply_scheme,
    "scheme_accepted": accept_supply_scheme,
    "scheme_disputed": dispute_supply_scheme,
    **PERMIT_ACTIONS,
    "consent_given": give_consent,
    "consent_withdrawn": withdraw_consent,
    "external_works_completed": complete_external_works,
    "completion_reported": report_completion,
    "inspection_passed": pass_inspection,
    "inspection_failed": fail_inspection,
    "contract_recorded": record_contract,
    "meter_installed": install_meter,
    "energised": energise,
    "step_rated": rate_step,
    "withdrawn": withdraw,
    "assigned": assign,
    "clock_paused": suspend_clock,
    "clock_resumed": resume_clock,
    "evidence_added": add_evidence,
    "event_time_corrected": correct_event_time,
}


def act(
    number: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime | None = None,
    expected_seq: int | None = None,
) -> Performed:
    """Check `data` and do what `kind` names. The door for desk forms and the API."""
    action = ACTIONS.get(kind)
    if action is None:
        return perform(number, kind, actor=actor, expected_seq=expected_seq)
    command = commands.parse(commands.COMMANDS[kind], data)
    return action(number, command, actor=actor, at=at, expected_seq=expected_seq)


def deem_accepted(number: str) -> Performed | None:
    """行政许可法 art. 32: nobody said what is missing in time, so it was accepted on day one."""
    with transaction.atomic():
        case = (
            Case.objects.select_for_update()
            .filter(process=CONNECTION.id, number=number, stage="intake")
            .first()
        )
        if case is None or not accepted_by_silence(case):
            return None
        payload = {"clause": load_plan(case.plan).value(KEY).clause}
        return perform(number, "acceptance_deemed", actor=SYSTEM, payload=payload)


def record_overdue(number: str) -> Performed | None:
    """Record once, for each limit that is exceeded, that it is: overdue is never silent, and
    nothing is granted by it.

    `limits` of the event are all that have been exceeded so far, `escalated_to` who hears of it.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=number, outcome="").first()
        found = unrecorded_overdue(case) if case is not None else None
        if found is None:
            return None
        payload = {"limits": found.limits, "escalated_to": found.escalated_to}
        return perform(number, "overdue_recorded", actor=SYSTEM, payload=payload)


def record_fact(number: str, kind: str, payload: Mapping[str, Any]) -> Performed:
    """`fact_obtained` or `fact_unavailable`: what a registry said of a paper of the case, by
    document, registry, serial and digest; never the fact itself."""
    return perform(number, kind, actor=SYSTEM, payload=payload)


def tie_to_lead(number: str, lead: str, permit: str, pushed_at: str, *, actor: Actor) -> Performed:
    """`lead_matched`: since when the utility knew of this building."""
    payload = {"lead": lead, "permit": permit, "pushed_at": pushed_at}
    return perform(number, "lead_matched", actor=actor, payload=payload)


def untie_from_lead(number: str, lead: str, *, actor: Actor) -> Performed:
    """`lead_untied`: it was tied to another building's lead."""
    return perform(number, "lead_untied", actor=actor, payload={"lead": lead})


def recompute_for_calendar(number: str) -> Performed | None:
    """A new holiday notice is in force: recompute, and write an event when the due date moves."""
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=number, outcome="").first()
        if case is None or case.calendar_version == default_calendar().version:
            return None
        clocks = measure_state(definition_of(case.process), case.folded, clock.now())
        due = clocks.due.due if clocks.due else None
        provisional = bool(clocks.due and clocks.due.provisional)
        if (due, provisional) == (case.due_on, case.due_provisional):
            recache(case)
            return None
        payload = {
            "calendar": default_calendar().version,
            "due_before": case.due_on.isoformat() if case.due_on else None,
            "due_after": due.isoformat() if due else None,
        }
        return perform(number, "clock_recomputed", actor=SYSTEM, payload=payload)
