"""What lists and matching read of leads: a row beside the case, which follows from its events."""

from django.db import models

from tongdian.service.casework.models import Case
from tongdian.service.sealing import blind_index


class Lead(models.Model):
    """A permitted building, as of the newest message about it. Written with the case's event.

    `told_at` and `content` say which message that is; `unit_digest` and `uscc_digest` find it
    without saying whose it is; `connection` is the case it is tied to, `suggested` whether some
    application waits for somebody to say whether it belongs here. Names and addresses stay in the
    events.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="lead")
    permit = models.CharField(max_length=20, unique=True)
    project_code = models.CharField(max_length=30, db_index=True)
    unit_digest = models.CharField(max_length=64, blank=True, db_index=True)
    uscc_digest = models.CharField(max_length=64, blank=True, db_index=True)
    lon = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    lat = models.DecimalField(max_digits=10, decimal_places=8, null=True)
    use = models.CharField(max_length=16)
    area_m2 = models.DecimalField(max_digits=11, decimal_places=2)
    expected_kw = models.DecimalField(max_digits=12, decimal_places=2)
    expected_on = models.DateField()
    pushed_at = models.DateTimeField()
    told_at = models.DateTimeField()
    content = models.CharField(max_length=64)
    connection = models.CharField(max_length=24, blank=True, db_index=True)
    suggested = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["lon", "lat"], name="lead_place")]

    def __str__(self) -> str:
        return self.permit


def unit_digest(unit: str) -> str:
    """What finds the leads of a real-estate unit; empty without one."""
    return blind_index("leads_lead.unit_digest", unit.strip().upper()) if unit else ""


def uscc_digest(uscc: str) -> str:
    """What finds the leads of a builder; empty without one."""
    return blind_index("leads_lead.uscc_digest", uscc.strip().upper()) if uscc else ""
