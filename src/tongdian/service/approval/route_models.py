"""What people prepare and keep about the permits of a case, beside its events.

An event carries only digests: of the route, of the form, of the commitment letter. What they are
digests of stands here as it was handed in, sealed, so that anybody entitled can check them.
"""

from django.db import models

from tongdian.service.casework.models import Case
from tongdian.service.sealing import EncryptedJSON


class WorksPlan(models.Model):
    """The works of a case while they are prepared: the route as drawn, the form as typed.

    `route` is the canonical GeoJSON (EPSG:4490) of `works.Route`, None before one was accepted;
    `typed` is what stands in the form, right or wrong.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="works_plan")
    route = EncryptedJSON(null=True)
    typed = EncryptedJSON(default=dict)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"works of {self.case_id}"


class PermitDocument(models.Model):
    """A document of the case, never changed: `digest` is the SHA-256 of the canonical JSON (RFC
    8785) of `content`, and is what an event carries."""

    class Kind(models.TextChoices):
        ROUTE = "route"
        FORM = "form"
        LETTER = "letter"
        INSPECTION = "inspection"

    case = models.ForeignKey(Case, models.PROTECT, related_name="permit_documents")
    kind = models.CharField(max_length=16, choices=Kind)
    digest = models.CharField(max_length=64)
    content = EncryptedJSON()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "digest"], name="permit_document")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class InspectionDraw(models.Model):
    """双随机: which commitments are inspected, and by whom, drawn by lot. Never changed.

    `pool` are the items that were drawn from, `inspectors` who could be drawn, `drawn` the result;
    all three and `seed` are kept so that anybody can draw again and compare.
    """

    organisation = models.CharField(max_length=32)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    percent = models.IntegerField()
    pool = models.JSONField()
    inspectors = models.JSONField()
    drawn = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "drawn_at"], name="inspection_draw")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.drawn_at:%Y-%m-%d}"


class CityObjectSet(models.Model):
    """The roads, bridges, green land, forest and trees of the city, as imported at once: the file
    that `works.CityObjects.save` writes. The latest is in force; earlier ones are kept."""

    imported_at = models.DateTimeField()
    source = models.CharField(max_length=200)
    count = models.IntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.count} objects of {self.imported_at:%Y-%m-%d}"
