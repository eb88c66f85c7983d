"""Signed messages in: who may send, what came, and how far each subject has got."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdian.service.identity.models import Organisation
from tongdian.service.sealing import EncryptedJSON, EncryptedText


class Source(models.Model):
    """A system that sends us messages; `kinds` are the event types that it may send."""

    id = models.SlugField(max_length=40, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(_("名称"), max_length=80)
    kinds = ArrayField(models.CharField(max_length=80), default=list)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.id


class SourceKey(models.Model):
    """A key that verifies a source: a sealed HMAC secret, or an Ed25519 public key in Base64."""

    class Scheme(models.TextChoices):
        HMAC = "v1", "HMAC-SHA256"
        ED25519 = "v1a", "Ed25519"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    scheme = models.CharField(max_length=4, choices=Scheme.choices)
    sealed = EncryptedText(max_length=200)
    public_key = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source_id} {self.scheme}"


class Subject(models.Model):
    """The order of one subject of a source: the next `sequence`, and how many early ones wait."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="subjects")
    subject = models.CharField(max_length=120)
    expected = models.BigIntegerField(default=1)
    waiting = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "subject"], name="inbound_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.subject}"


class Inbound(models.Model):
    """One message. `digest` is that of its body; `sealed` keeps the data only while it waits."""

    class State(models.TextChoices):
        HANDLED = "handled", _("已办理")
        REFUSED = "refused", _("已拒绝")
        PARKED = "parked", _("等候前一条")
        FAILED = "failed", _("处理失败，已搁置")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="messages")
    message_id = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32)
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    sequence = models.BigIntegerField(null=True)
    time = models.DateTimeField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices)
    status = models.IntegerField()
    answer = models.JSONField(default=dict)
    sealed = EncryptedJSON(null=True)
    attempts = models.IntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id"], name="inbound_once"),
            models.UniqueConstraint(
                fields=["source", "subject", "sequence"],
                condition=Q(sequence__isnull=False),
                name="inbound_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="inbound_parked", condition=Q(state="parked")
            ),
            models.Index(fields=["source", "-id"], name="inbound_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.message_id}"
