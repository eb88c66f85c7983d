"""What every process shares: the case row (a cache), its events (the truth), and the Merkle log."""

from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from tongdian.law.process import CaseState
from tongdian.service.casework.processes import CONNECTION
from tongdian.service.sealing import EncryptedJSON, blind_index

# Of those who apply: the inbox lists these alone.
APPLIED_FOR = models.Q(process=CONNECTION, outcome="")


class Case(models.Model):
    """A case as cached from its events. Only `perform` and the bulk path write it."""

    number = models.CharField(max_length=24, unique=True)
    process = models.CharField(max_length=32)
    plan = models.CharField(max_length=64)
    track = models.CharField(max_length=32)
    stage = models.CharField(max_length=32)
    lane = models.CharField(max_length=16, blank=True)
    pause_ground = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=32, blank=True)

    district = models.CharField(max_length=16)
    office = models.CharField(max_length=32)
    zone = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    load_kw = models.DecimalField(max_digits=12, decimal_places=2)
    applicant_masked = models.CharField(max_length=64)
    address_masked = models.CharField(max_length=200)
    applicant_pseudonym = models.CharField(max_length=64)
    applicant_digest = models.CharField(max_length=64, blank=True, db_default="")
    assignee = models.CharField(max_length=64, blank=True)

    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    statutory_due_on = models.DateField(null=True)
    calendar_version = models.CharField(max_length=64)

    whole_process_days = models.IntegerField(null=True)
    utility_days = models.IntegerField(null=True)
    government_days = models.IntegerField(null=True)
    calendar_days = models.IntegerField(null=True)
    steps = models.IntegerField(default=0)
    late = models.BooleanField(null=True)
    breached = models.BooleanField(null=True)

    seq = models.IntegerField()
    head_hash = models.BinaryField(max_length=32)
    state = models.JSONField()

    class Meta:
        # The inbox: each view reads an index in the order of the page. The columns after `id` only
        # sift, inside the index. `case_words` (migration 0003) answers the search for an address.
        indexes = [
            models.Index(
                fields=["due_on", "id", "stage", "track", "lane"],
                name="case_inbox",
                condition=APPLIED_FOR,
            ),
            models.Index(
                fields=["office", "due_on", "id", "stage", "track", "lane"],
                name="case_inbox_office",
                condition=APPLIED_FOR,
            ),
            models.Index(
                fields=["stage", "due_on", "id", "track", "office"],
                name="case_inbox_stage",
                condition=APPLIED_FOR,
            ),
            models.Index(
                fields=["assignee", "due_on", "id"],
                name="case_inbox_assignee",
                condition=APPLIED_FOR,
            ),
            models.Index(
                fields=["due_on", "id", "office"],
                name="case_inbox_paused",
                condition=APPLIED_FOR & ~models.Q(pause_ground=""),
            ),
            models.Index(
                fields=["due_on", "id", "stage", "track", "lane"],
                name="case_inbox_permits",
                condition=APPLIED_FOR & models.Q(state__has_key="branches"),
            ),
            models.Index(fields=["applicant_pseudonym"], name="case_applicant"),
            models.Index(
                fields=["applicant_digest"],
                name="case_applicant_digest",
                condition=~models.Q(applicant_digest=""),
            ),
            models.Index(fields=["submitted_at"], name="case_submitted"),
            models.Index(
                fields=["process", "due_on", "id"],
                name="case_other_process",
                condition=~models.Q(process=CONNECTION),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def folded(self) -> CaseState:
        return CaseState.from_json(self.state)


class CaseBranch(models.Model):
    """One branch of a case, such as one permit of several, as cached from its events; written with
    the case and by nothing else. `organisation` is whose it is to move."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="branches")
    name = models.CharField(max_length=32)
    organisation = models.CharField(max_length=32)
    stage = models.CharField(max_length=32)
    lane = models.CharField(max_length=16, blank=True)
    ground = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="case_branch")]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "id", "stage"],
                name="branch_inbox",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["organisation", "stage", "closed_at"], name="branch_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.stage}"


def applicant_digest(id_type: str, id_number: str) -> str:
    """What finds the cases of one identifier (`Case.applicant_digest`); empty without one."""
    return blind_index("casework_case.applicant_digest", id_type, id_number.strip().upper())


class Event(models.Model):
    """One event. The database refuses UPDATE and DELETE; one audited door erases `personal`."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    kind = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    actor = models.JSONField()
    payload = models.JSONField()
    personal = EncryptedJSON(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    sealed_digest = models.BinaryField(max_length=32, null=True)
    payload_digest = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    transaction = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text)::bigint", []), editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_case_seq"),
        ]
        indexes = [models.Index(fields=["transaction", "id"], name="event_transaction")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.seq}"


class LogLeaf(models.Model):
    """The place of an event in the Merkle log."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True)
    index = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return str(self.index)


class LogTile(models.Model):
    """Up to 256 hashes of one level of the Merkle tree, concatenated."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="log_tile")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """A signed tree head. Published; never changed."""

    tree_size = models.BigIntegerField(unique=True)
    root_hash = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()
    log_id = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)
    settled_transaction = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.log_id}@{self.tree_size}"


def _evidence_path(instance: "Evidence", filename: str) -> str:
    return f"{instance.digest[:2]}/{instance.digest}"


class Evidence(models.Model):
    """A file, named by the SHA-256 of its content, which the event that mentions it carries.

    The database refuses another digest or case; an erased one keeps only its digest.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence", null=True)
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=_evidence_path, max_length=120)

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """The audit of the one door that erases personal data; written by the database itself."""

    event_id = models.BigIntegerField()
    erased_at = models.DateTimeField()
    erased_by = models.CharField(max_length=64)
    reason = models.TextField()

    def __str__(self) -> str:
        return f"event {self.event_id}"


def row_of(instance: models.Model) -> dict[str, Any]:
    """The stored columns of a row, for comparing a refold with what is stored."""
    return {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
        if not field.primary_key
    }
