"""`{% load identity_tags %}`: names of roles, units, audit kinds; instants; devices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdian.service.identity import words
from tongdian.service.identity.units import all_units
from tongdian.service.look.dates import instant_in_full

register = template.Library()
register.filter("role_name", words.role_name)
register.filter("audit_name", words.audit_name)

UNITS = {unit.code: unit for unit in all_units()}
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def unit_name(code: str) -> str:
    """The name of a unit of the plan in the language of the request."""
    unit = UNITS.get(code)
    if unit is None:
        return code
    return unit.en if (get_language() or "").startswith("en") else unit.zh


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in full, Asia/Shanghai."""
    return instant_in_full(value) if value is not None else "—"


@register.filter
def device(agent: str) -> str:
    """Browser and system of a user agent in two words."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or _("未知设备")


@register.filter
def plain_details(details: Mapping[str, Any]) -> str:
    """The details of an audit entry as `name: value`, empty ones left out."""
    shown = [f"{name}: {value}" for name, value in details.items() if value not in (None, "", [])]
    return " · ".join(shown)
