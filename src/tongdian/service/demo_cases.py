"""Some of the city's applications belong to the demo's applicants, so that whoever signs in as one
has something to follow: finished, under way, and waiting for a decision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tongdian.city.histories import CaseHistory, Step
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.demo import FEATURED_DISTRICT, demo_accounts

RECENT = timedelta(days=60)
COMPANY_TRACKS = frozenset({"zero_lv", "zero_lv_external", "low_voltage", "high_voltage_single"})


@dataclass(frozen=True, slots=True)
class Wish:
    """A case that an account should have: its tracks, and what happened last."""

    username: str
    tracks: frozenset[str]
    last: frozenset[str]

    def fits(self, history: CaseHistory) -> bool:
        opening = history.steps[0].payload
        return opening["track"] in self.tracks and history.steps[-1].kind in self.last


ENDED = frozenset({"energised", "withdrawn", "application_not_accepted", "step_rated"})
UNDER_WAY = frozenset(CONNECTION.rules) - ENDED
RESIDENT = frozenset({"resident"})
WISHES = (
    Wish("resident", RESIDENT, frozenset({"energised"})),
    Wish("resident", RESIDENT, UNDER_WAY),
    Wish("company", COMPANY_TRACKS, frozenset({"scheme_replied"})),
    Wish("company", COMPANY_TRACKS, UNDER_WAY),
    Wish("company", COMPANY_TRACKS, frozenset({"energised"})),
)


def give_to_demo_people(histories: Iterable[CaseHistory], until: datetime) -> Iterator[CaseHistory]:
    """The same histories; the first recent one of the featured district that fits each wish is
    filed by the account that wishes it."""
    wishes = list(WISHES)
    for history in histories:
        opening = history.steps[0]
        if not _is_own(opening) or until - opening.at > RECENT:
            yield history
            continue
        wish = next((wish for wish in wishes if wish.fits(history)), None)
        if wish is not None:
            wishes.remove(wish)
        yield _filed_by(wish.username, history) if wish else history


def _is_own(opening: Step) -> bool:
    """Filed by the applicant or the company's agent, not by a contractor."""
    return (
        opening.kind == "application_submitted"
        and opening.role == "applicant"
        and opening.payload["district"] == FEATURED_DISTRICT
    )


def _filed_by(username: str, history: CaseHistory) -> CaseHistory:
    account = next(account for account in demo_accounts() if account.username == username)
    former = history.steps[0].pseudonym
    steps = [
        replace(step, pseudonym=account.pseudonym) if step.pseudonym == former else step
        for step in history.steps
    ]
    personal = dict(steps[0].personal or {})
    if agent := personal.get("agent"):
        personal["agent"] = {**agent, "name": account.name}
    else:
        personal["name"] = account.name
    steps[0] = replace(steps[0], personal=personal)
    return replace(history, steps=steps)
