"""What was refused, in words: the rule, its clause, and what to do instead."""

from django.utils.translation import gettext as _

from tongdian.service.casework.errors import (
    CaseNotFound,
    CaseworkError,
    FieldError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.connection.event_words import chinese, names
from tongdian.service.connection.labels import label
from tongdian.service.connection.process import CONNECTION


def problem_title(problem: CaseworkError) -> str:
    match problem:
        case InvalidInput():
            return _("填写有误，没有写入任何内容")
        case Forbidden():
            return _("您的角色不能这样做")
        case Superseded():
            return _("别人已先处理了这件案件，您的这一步没有写入")
    return _("现在不能这样做")


def problem_lines(problem: CaseworkError) -> list[str]:
    """Rule, clause and remedy. What happened meanwhile and what is allowed stand on the page."""
    zh = chinese()
    lines: list[str] = []
    if isinstance(problem, InvalidInput):
        lines = [in_words(error) for error in problem.errors]
    elif isinstance(problem, NotAllowed):
        refusal = problem.refusal
        rule = refusal.rule_zh if zh else refusal.rule_en
        lines.append(_("%(rule)s（%(clause)s）") % {"rule": rule, "clause": refusal.clause}
                     if refusal.clause else rule)  # fmt: skip
        lines.append(refusal.remedy_zh if zh else refusal.remedy_en)
    elif isinstance(problem, Forbidden):
        known = CONNECTION.rules.get(problem.kind)
        roles = _("、").join(label(role) for role in problem.roles_needed)
        what = names(known) if known else problem.kind
        lines.append(_("“%(what)s”由%(roles)s办理。") % {"what": what, "roles": roles})
    elif isinstance(problem, CaseNotFound):
        lines.append(_("没有这件案件"))
    return [line for line in lines if line]


def in_words(error: FieldError) -> str:
    """Rule and remedy of one field error."""
    zh = chinese()
    rule = error.rule_zh if zh else error.rule_en
    remedy = error.remedy_zh if zh else error.remedy_en
    return f"{rule}{'。' if zh else '. '}{remedy}" if remedy else rule


def told(problem: CaseworkError) -> str:
    """The problem on one line."""
    lines = problem_lines(problem) or [problem_title(problem)]
    return (" " if not chinese() else "").join(
        line if line.endswith(("。", ".")) or not chinese() else f"{line}。" for line in lines
    )


def outsider() -> InvalidInput:
    """An assignee who may not see the case."""
    return InvalidInput(
        [
            FieldError(
                "assignee",
                "这个人不办理该局的案件",
                "This person does not serve the office of the case",
                "请从列表中选择同一供电局的人员",
                "Choose somebody of the same office",
            )
        ]
    )


def no_file() -> InvalidInput:
    return InvalidInput(
        [
            FieldError(
                "file", "没有选择文件", "No file was chosen", "请先选择文件", "Choose a file first"
            )
        ]
    )
