"""What a command says against what the case already knows: told beside the field, before anything
is written. The state's own rules (who, when, in which order) are the process table's."""

from collections.abc import Callable, Iterator
from datetime import date

from tongdian.law.calendar import local_date
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.connection import commands
from tongdian.service.identity.actors import Actor

DAYS_OF_WORK = ("surveyed_on", "completed_on", "inspected_on", "signed_on", "installed_on")


def refuse_what_contradicts(number: str, command: commands.Command, actor: Actor) -> None:
    """Raises InvalidInput. Says nothing of a case that `actor` may not see."""
    checks = _checks_of(command)
    if not checks:
        return
    case = visible_to(actor).filter(number=number).first()
    if case is None:
        return
    errors = [error for check in checks for error in check(case, command)]
    if errors:
        raise InvalidInput(errors)


Check = Callable[[Case, commands.Command], Iterator[FieldError]]


def _checks_of(command: commands.Command) -> list[Check]:
    checks: list[Check] = []
    if any(isinstance(getattr(command, name, None), date) for name in DAYS_OF_WORK):
        checks.append(_not_before_the_application)
    if isinstance(command, commands.ReplyScheme):
        checks.append(_as_many_supplies_as_applied_for)
    if isinstance(command, commands.Energise):
        checks.append(_the_meter_that_was_installed)
    return checks


def _not_before_the_application(case: Case, command: commands.Command) -> Iterator[FieldError]:
    if case.submitted_at is None:
        return
    first = local_date(case.submitted_at)
    for name in DAYS_OF_WORK:
        day = getattr(command, name, None)
        if isinstance(day, date) and day < first:
            yield FieldError(
                name,
                f"日期不能早于申请日 {first.isoformat()}",
                f"The date cannot lie before the application, {first.isoformat()}",
                "请填写实际发生的日期",
                "Give the day when it really happened",
            )


def _as_many_supplies_as_applied_for(case: Case, command: commands.Command) -> Iterator[FieldError]:
    mode = getattr(command, "supply_mode", "")
    if case.track == "high_voltage_dual" and mode != "dual":
        yield FieldError(
            "supply_mode",
            "申请的是双电源，方案须有两个电源点",
            "Two supplies were applied for, so the scheme names two source points",
            "请选择“双电源”并写明第二电源点；申请人改为单电源的，先由其撤回重报",
            "Choose the dual supply and name the second source point",
        )


def _the_meter_that_was_installed(case: Case, command: commands.Command) -> Iterator[FieldError]:
    installed = case.folded.facts.get("meter_installed", {}).get("meter_number")
    if installed and getattr(command, "meter_number", installed) != installed:
        yield FieldError(
            "meter_number",
            f"与已登记的电表 {installed} 不一致",
            f"This is not the meter on record, {installed}",
            "请核对现场电表上的编号",
            "Check the number on the meter itself",
        )
