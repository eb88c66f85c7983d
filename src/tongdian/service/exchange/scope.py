"""Which cases an organisation is told about, by webhook and by catch-up alike."""

from django.db.models import QuerySet

from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import ApiClient, Organisation

_READS_AS = {
    Organisation.Kind.UTILITY: "clerk",
    Organisation.Kind.DEPARTMENT: "officer",
    Organisation.Kind.CITY: "supervisor",
}


def cases_of(organisation: Organisation) -> QuerySet[Case]:
    """What the organisation's own people may read; of a company, the cases that one of its API
    clients has submitted."""
    role = _READS_AS.get(Organisation.Kind(organisation.kind))
    if role is not None:
        return visible_to(Actor(frozenset({role}), organisation.code, ""))
    clients = ApiClient.objects.filter(organisation=organisation)
    return Case.objects.filter(applicant_pseudonym__in=clients.values("pseudonym"))
