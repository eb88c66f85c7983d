"""行政许可法 art. 32: who says nothing in time has accepted, on the day of receipt."""

from datetime import date

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.clocks import Limit, measure_limit
from tongdian.law.plan import load_plan
from tongdian.law.process import Refusal
from tongdian.service.casework import clock
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

KEY = "intake.deficiency_working_days"
INTAKE = frozenset({"intake"})
ANSWERS = frozenset({"deficiency_listed", "application_accepted", "application_not_accepted"})


def last_day_to_answer(case: Case) -> date | None:
    """The last day on which the utility may list what is missing, refuse or accept; None while
    nothing is to be answered or the clock stands. A pause starts no new period: what was used
    before it stays used."""
    if case.stage != "intake":
        return None
    plan = load_plan(case.plan)
    days, clause = plan.limit(KEY), plan.value(KEY).clause
    limit = Limit("silence", "stage:intake", days, "statute", clause, INTAKE)
    now, holds = clock.now(), case.folded.holds
    measured = measure_limit(limit, holds, CONNECTION, default_calendar(), now)
    return measured.due if measured.running else None


def accepted_by_silence(case: Case) -> bool:
    """Whether that day has passed."""
    last_day = last_day_to_answer(case)
    return last_day is not None and local_date(clock.now()) > last_day


def refuse_after_silence(case: Case, kind: str, actor: Actor) -> None:
    """Nobody answers an application that the law has accepted already, whether or not the worker
    has recorded it yet. Raises NotAllowed."""
    if not accepted_by_silence(case):
        return
    refusal = Refusal(
        "逾期未一次性告知，依法自收到申请之日起即为受理",
        "Nobody said in time what is missing: accepted by law, as of the day of receipt",
        load_plan(case.plan).value(KEY).clause,
        "系统会在十分钟内自动登记“视为受理”，请随后办理勘查",
        "The system records that within ten minutes; go on with the survey",
    )
    rules = CONNECTION.allowed(case.folded, roles_for_rules(actor))
    allowed = [rule.kind for rule in rules if rule.kind not in ANSWERS]
    raise NotAllowed(kind, refusal, case.stage, allowed)
