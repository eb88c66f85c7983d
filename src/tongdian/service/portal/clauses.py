"""From a clause as data to what a page shows: its name, its quotation, its place in the plan."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.law.plan import Plan


@dataclass(frozen=True)
class ClauseLink:
    """For `{% clause %}`: an article of law has no address here."""

    reference: str
    quotation: str = ""
    url: str = ""


def anchor(clause_id: str) -> str:
    """The id of a paragraph on the plan page: `一-1` is `c-一-1`, `二(一)2` is `c-二-一-2`."""
    return "c-" + clause_id.replace("(", "-").replace(")", "-").strip("-")


def clause_link(clause_id: str, plan: Plan, quotation: str = "") -> ClauseLink:
    """The link of a clause; paragraphs of the plan can be opened in its text."""
    if clause_id not in plan.clauses:
        return ClauseLink(clause_id, quotation)
    url = f"{reverse('portal:plan')}#{anchor(clause_id)}"
    return ClauseLink(_("方案 %(clause)s") % {"clause": clause_id}, quotation, url)
