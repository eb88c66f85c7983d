"""Words to people: what is to be sent by the gateway, and what is shown on pages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdian.service.sealing import EncryptedJSON


class Message(models.Model):
    """One message to one recipient.

    `sealed` holds the number or address and any secret word, and is destroyed once sent; `text` is
    without them. `to` is masked. In-app messages are shown to `audience`: the case's parties, or
    the staff of an organisation.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("短信")
        EMAIL = "email", _("电子邮件")
        IN_APP = "in_app", _("站内消息")

    class State(models.TextChoices):
        PENDING = "pending", _("待发送")
        SENT = "sent", _("已发送")
        GAVE_UP = "gave_up", _("未能发送")

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    template = models.CharField(max_length=40)
    case_number = models.CharField(max_length=24, blank=True)
    index = models.BigIntegerField(null=True)
    audience = models.CharField(max_length=40)
    to = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    sealed = EncryptedJSON(null=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="message_due", condition=Q(state="pending")),
            models.Index(fields=["case_number", "-id"], name="message_of_case"),
            models.Index(fields=["audience", "-id"], name="message_of_audience"),
        ]

    def __str__(self) -> str:
        return self.key
