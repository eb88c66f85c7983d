"""Organisations, people, roles, access without an account, API clients, sessions and the audit."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongdian.service.identity.actors import STAFF_ROLES
from tongdian.service.identity.codes import new_pseudonym
from tongdian.service.sealing import EncryptedText


class Organisation(models.Model):
    """Who people act for."""

    class Kind(models.TextChoices):
        UTILITY = "utility", _("供电企业")
        DEPARTMENT = "department", _("政府部门")
        CITY = "city", _("市、区政府")
        COMPANY = "company", _("企业单位")

    code = models.CharField(_("编码"), max_length=32, unique=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    district = models.CharField(_("区县"), max_length=16, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the request."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class User(AbstractUser):
    """A person with an account. Events know it by `pseudonym` alone."""

    pseudonym = models.CharField(max_length=32, unique=True, default=new_pseudonym, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )
    display_name = models.CharField(_("姓名"), max_length=80, blank=True)
    phone = EncryptedText(_("手机号码"), max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """A role that somebody was given. Never rewritten: revoking it is the only change there is."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16)
    district = models.CharField(max_length=16, null=True, blank=True)
    granted_by = models.CharField(max_length=32)
    granted_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=32, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("user_id", "role")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(STAFF_ROLES)), name="grant_of_a_staff_role"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "district"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="one_active_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class PartyAccess(models.Model):
    """A query code (查询码) that opens one case to one party. Only its keyed digest is kept."""

    class Party(models.TextChoices):
        APPLICANT = "applicant", _("申请人")
        AGENT = "agent", _("代理人")
        CONTRACTOR = "contractor", _("施工单位")
        OWNER = "owner", _("业主")

    case_number = models.CharField(max_length=32)
    party = models.CharField(max_length=16, choices=Party.choices)
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party__in=["applicant", "agent", "contractor", "owner"]),
                name="access_of_a_known_party",
            ),
            models.UniqueConstraint(
                fields=["case_number", "party"],
                condition=Q(revoked_at__isnull=True),
                name="one_active_access",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.party}"


class AccessAttempt(models.Model):
    """Failed query codes against one case number or from one address, known by keyed digest."""

    subject = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    window_started_at = models.DateTimeField(db_index=True)


class Delegation(models.Model):
    """A person or organisation lets a user act in its name."""

    class Scope(models.TextChoices):
        ALL = "all", _("全部办件")
        CASE = "case", _("一个办件")

    principal_user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations_given"
    )
    principal_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    agent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    case_number = models.CharField(max_length=32, blank=True)
    created_by = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(principal_user__isnull=True) ^ Q(principal_organisation__isnull=True),
                name="one_principal",
            ),
            models.CheckConstraint(
                condition=Q(scope="all", case_number="") | (Q(scope="case") & ~Q(case_number="")),
                name="scope_and_case_agree",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("created_at")),
                name="delegation_ends_after_it_starts",
            ),
        ]


class ApiClient(models.Model):
    """A program of another organisation. Its key is shown once and kept as a digest."""

    class Scope(models.TextChoices):
        READ = "read", _("读取办件")
        SUBMIT = "submit", _("提交新申请")
        ACT = "act", _("办理事项")

    name = models.CharField(_("名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="api_clients"
    )
    pseudonym = models.CharField(max_length=32, unique=True, default=new_pseudonym, editable=False)
    key_start = models.CharField(max_length=12)
    key_digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class UserSession(models.Model):
    """A signed-in session, known by a random token of its own and not by its cookie."""

    class Ended(models.TextChoices):
        SIGNED_OUT = "signed_out", _("已退出")
        IDLE = "idle", _("长时间未操作")
        EXPIRED = "expired", _("超过最长时限")
        REPLACED = "replaced", _("在其他设备登录")
        ENDED = "ended", _("被结束")

    token = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=16, choices=Ended.choices, blank=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "started_at"],
                condition=Q(ended_at__isnull=True),
                name="open_sessions",
            )
        ]


class AuditEntry(models.Model):
    """What happened to accounts, roles and keys. Append-only in the database itself."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=32)
    role = models.CharField(max_length=16, blank=True)
    organisation = models.CharField(max_length=32, blank=True)
    pseudonym = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
