"""Webhooks out: endpoints, their secrets, and what is to be delivered to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdian.service.identity.models import Organisation
from tongdian.service.sealing import EncryptedText


class Endpoint(models.Model):
    """An address that wants to be told. `kinds` empty means all; `match` has to be in the payload.

    `failures` counts attempts that failed since the last success. `failing` is set when a delivery
    has used up its schedule, `disabled` when the receiver answered 410 or somebody said so.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("正常")
        PAUSED = "paused", _("已暂停")
        FAILING = "failing", _("多次失败，已停发")
        DISABLED = "disabled", _("已停用")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="endpoints"
    )
    name = models.CharField(_("名称"), max_length=80)
    url = models.CharField(_("地址"), max_length=300)
    contact = models.EmailField(_("联系邮箱"), blank=True)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    match = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(max_length=200, blank=True)
    failures = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=32)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("organisation__code", "id")

    def __str__(self) -> str:
        return self.name


class Secret(models.Model):
    """A signing secret of an endpoint, sealed. After a rotation the old one lives on for a day."""

    class Scheme(models.TextChoices):
        HMAC = "v1", "HMAC-SHA256"
        ED25519 = "v1a", "Ed25519"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    scheme = models.CharField(max_length=4, choices=Scheme.choices)
    sealed = EncryptedText(max_length=200)
    public_key = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.scheme}"


class Delivery(models.Model):
    """One event for one endpoint. The body is made from the event when it is sent.

    `index` is null for a test event. `leased_until` keeps two senders apart; it lapses by itself.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("待发送")
        DELIVERED = "delivered", _("已送达")
        GAVE_UP = "gave_up", _("已放弃")
        DROPPED = "dropped", _("不再发送")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    index = models.BigIntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    case_number = models.CharField(max_length=24, blank=True)
    seq = models.IntegerField(default=0)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)
    milliseconds = models.IntegerField(null=True)
    response = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "index"], name="delivered_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at", "id"],
                name="delivery_due",
                condition=Q(state="pending"),
            ),
            models.Index(
                fields=["endpoint", "case_number", "seq"],
                name="delivery_in_order",
                condition=Q(state__in=["pending", "gave_up"]),
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_latest"),
            models.Index(fields=["done_at"], name="delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.index}"


class EndpointHour(models.Model):
    """How many attempts succeeded and failed in one hour: what the picture of health shows."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    delivered = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "hour"], name="endpoint_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.hour:%m-%d %H}"
