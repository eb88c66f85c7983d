"""Districts and development zones to choose from, and the kind of area each mostly is."""

from django.utils.translation import gettext as _

from tongdian.law.identifiers.divisions import GUIYANG_DIVISIONS
from tongdian.service.portal.words import pick

USUAL_ZONE = {
    "520102": "central_urban",
    "520103": "central_urban",
    "520115": "central_urban",
    "520121": "town",
    "520122": "town",
    "520123": "town",
    "520181": "town",
}


def zone_of(district: str) -> str:
    """The usual kind of area of a district, for those who do not know theirs."""
    return USUAL_ZONE.get(district, "urban")


def district_choices() -> list[tuple[str, str]]:
    """Every district, county and development zone of the city."""
    places = [(code, pick(place.zh, place.en)) for code, place in GUIYANG_DIVISIONS.items()]
    return [("", _("请选择")), *places]


def district_name(code: str) -> str:
    place = GUIYANG_DIVISIONS.get(code)
    return pick(place.zh, place.en) if place else code
