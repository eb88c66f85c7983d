"""Consent to fetch facts about somebody, and the facts: sealed, with an expiry."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tongdian.service.sealing import EncryptedJSON


class Consent(models.Model):
    """The applicant's word that registries may be asked. `holder` is the draft it was given for,
    `case_number` the case that came of it; `sealed` has identifier, name and address to ask about,
    and is destroyed with the last need of it. `number` is what registries are told."""

    number = models.CharField(max_length=32, unique=True)
    holder = models.CharField(max_length=40, db_index=True)
    case_number = models.CharField(max_length=24, blank=True, db_index=True)
    subject = models.CharField(max_length=64)
    pseudonym = models.CharField(max_length=64, blank=True)
    documents = ArrayField(models.CharField(max_length=40))
    notice = models.CharField(max_length=20)
    sealed = EncryptedJSON(null=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.number


class StoredFact(models.Model):
    """One paper under a consent: what became of asking for it. `sealed` has the record's values and
    the signed answer that proves them; `proof_digest` is the SHA-256 of its RFC 8785 form."""

    class State(models.TextChoices):
        PENDING = "pending"
        OBTAINED = "obtained"
        UNAVAILABLE = "unavailable"
        DELETED = "deleted"

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="facts")
    document = models.CharField(max_length=40)
    registry = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    sealed = EncryptedJSON(null=True)
    proof_digest = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    obtained_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=20, blank=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "document"], name="fact_once_a_consent")
        ]
        indexes = [
            models.Index(fields=["next_at"], name="fact_due", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.document}"
