"""Which facts of a case are proved, by whom and when."""

from typing import Any

from django import template
from django.utils.translation import get_language

from tongdian.service.exchange.facts import facts_of_case
from tongdian.service.exchange.models import StoredFact

register = template.Library()


@register.inclusion_tag("exchange/facts.html")
def proved_facts(case_number: str) -> dict[str, Any]:
    """`{% proved_facts case.number %}`: a small table, or nothing. No values are shown."""
    english = (get_language() or "zh").startswith("en")
    rows = [
        {"fact": one, "authority": one.authority[english], "rule": one.rule[english]}
        for one in facts_of_case(case_number)
        if one.state != StoredFact.State.DELETED
    ]
    return {"rows": rows}
