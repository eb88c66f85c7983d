"""Drafts of applications: what somebody has typed so far, kept until submitted or expired."""

from django.db import models

from tongdian.service.sealing import EncryptedJSON


class Draft(models.Model):
    """An unfinished application, held by a random key in the session and by a return code.

    Only keyed digests of key and code are stored. `answers` holds what was typed, right or wrong,
    and is emptied on submission; `case_number` makes a repeated submission give the same case.
    """

    key_digest = models.CharField(max_length=64, unique=True)
    return_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answers = EncryptedJSON(default=dict)
    case_number = models.CharField(max_length=24, blank=True)
    submitted_at = models.DateTimeField(null=True)
    sealed_codes = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.case_number or f"draft {self.pk}"
