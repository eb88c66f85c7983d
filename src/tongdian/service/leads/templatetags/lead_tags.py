"""Words and small pictures of a lead."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from tongdian.law.calendar import default_calendar
from tongdian.service.casework.timeline import CaseView
from tongdian.service.leads import event_words
from tongdian.service.leads.labels import CHOICES, STATES
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.look.districts import district_name
from tongdian.service.look.timeline import render_timeline

register = template.Library()
register.filter("names", event_words.names)
register.filter("district", district_name)
WIDTH = 96


@register.filter
def clock_effect(rule: Any) -> str:
    """What an action does to the clock."""
    return str(rule.clock_zh if event_words.names(rule) == rule.zh else rule.clock_en)


@register.filter
def chosen(value: str) -> str:
    """The words of a coded value."""
    return str(CHOICES.get(value, value))


@register.filter
def state_words(state: str) -> str:
    return str(STATES[state])


@register.filter
def stage_words(view: CaseView) -> str:
    return event_words.names(LEAD_PROCESS.stages[view.state.stage])


@register.filter
def use_words(value: str) -> str:
    return event_words.words_of("use", value, {})


@register.filter
def is_late(view: CaseView) -> bool:
    due = view.clocks.due
    return bool(due and due.left < 0)


@register.inclusion_tag("connection/promise_bar.html")
def preparation_bar(view: CaseView) -> dict[str, Any]:
    """Working days used against those that the preparation may take."""
    due = view.clocks.due
    limit, used = (due.limit.working_days, due.used) if due else (0, 0)
    return {
        "used": used,
        "limit": limit,
        "width": WIDTH,
        "filled": min(WIDTH, round(WIDTH * used / limit)) if limit else 0,
        "left": due.left if due else None,
        "over": max(-due.left, 0) if due else 0,
        "due": due.due if due else None,
        "other_limit": "",
        "provisional": bool(due and due.provisional),
        "paused": "",
    }


@register.simple_tag
def lead_timeline(view: CaseView) -> SafeString:
    """Who held the lead, and how long it took."""
    due = view.clocks.due
    chinese = event_words.names(LEAD_PROCESS) == LEAD_PROCESS.zh
    return render_timeline(
        view.state.holds,
        today=view.now,
        due=due.due if due else None,
        provisional=bool(due and due.provisional),
        calendar=default_calendar(),
        lang="zh" if chinese else "en",
        stage_names={s.id: event_words.names(s) for s in LEAD_PROCESS.stages.values()},
        prefix=f"timeline-{view.case.number}",
    )
