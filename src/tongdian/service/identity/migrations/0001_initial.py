"""Organisations, people, roles, access, API clients, sessions, audit."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tongdian.service.identity.actors
import tongdian.service.identity.codes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessAttempt",
            fields=[
                ("subject", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("window_started_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("kind", models.CharField(max_length=32)),
                ("role", models.CharField(blank=True, max_length=16)),
                ("organisation", models.CharField(blank=True, max_length=32)),
                ("pseudonym", models.CharField(blank=True, max_length=32)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=64)),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="编码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("utility", "供电企业"),
                            ("department", "政府部门"),
                            ("city", "市、区政府"),
                            ("company", "企业单位"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="中文名称")),
                ("name_en", models.CharField(max_length=160, verbose_name="英文名称")),
                (
                    "uscc",
                    models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
                ),
                ("district", models.CharField(blank=True, max_length=16, verbose_name="区县")),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "pseudonym",
                    models.CharField(
                        default=tongdian.service.identity.codes.new_pseudonym,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=80, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="手机号码")),
                ("must_change_password", models.BooleanField(default=False, editable=False)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="identity.organisation",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "pseudonym",
                    models.CharField(
                        default=tongdian.service.identity.codes.new_pseudonym,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("key_start", models.CharField(max_length=12)),
                ("key_digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "读取办件"),
                                ("submit", "提交新申请"),
                                ("act", "办理事项"),
                            ],
                            max_length=8,
                        ),
                        size=None,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField()),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_clients",
                        to="identity.organisation",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="PartyAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=32)),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("applicant", "申请人"),
                            ("agent", "代理人"),
                            ("contractor", "施工单位"),
                            ("owner", "业主"),
                        ],
                        max_length=16,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("issued_by", models.CharField(blank=True, max_length=32)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("party__in", ["applicant", "agent", "contractor", "owner"])
                        ),
                        name="access_of_a_known_party",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("case_number", "party"),
                        name="one_active_access",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("all", "全部办件"), ("case", "一个办件")], max_length=8
                    ),
                ),
                ("case_number", models.CharField(blank=True, max_length=32)),
                ("created_by", models.CharField(max_length=32)),
                ("created_at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principal_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principal_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("principal_user__isnull", True),
                            ("principal_organisation__isnull", True),
                            _connector="XOR",
                        ),
                        name="one_principal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case_number", ""), ("scope", "all")),
                            models.Q(
                                ("scope", "case"), models.Q(("case_number", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="scope_and_case_agree",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gt", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="delegation_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=16)),
                ("district", models.CharField(blank=True, max_length=16, null=True)),
                ("granted_by", models.CharField(max_length=32)),
                ("granted_at", models.DateTimeField()),
                ("revoked_by", models.CharField(blank=True, max_length=32)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("user_id", "role"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    tongdian.service.identity.actors.Role["ADMINISTRATOR"],
                                    tongdian.service.identity.actors.Role["AUDITOR"],
                                    tongdian.service.identity.actors.Role["CLERK"],
                                    tongdian.service.identity.actors.Role["ENGINEER"],
                                    tongdian.service.identity.actors.Role["FIELDWORKER"],
                                    tongdian.service.identity.actors.Role["LEAD"],
                                    tongdian.service.identity.actors.Role["OFFICER"],
                                    tongdian.service.identity.actors.Role["SUPERVISOR"],
                                ],
                            )
                        ),
                        name="grant_of_a_staff_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user", "role", "district"),
                        name="one_active_grant",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UserSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32, unique=True)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_out", "已退出"),
                            ("idle", "长时间未操作"),
                            ("expired", "超过最长时限"),
                            ("replaced", "在其他设备登录"),
                            ("ended", "被结束"),
                        ],
                        max_length=16,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=45)),
                ("agent", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["user", "started_at"],
                        name="open_sessions",
                    )
                ],
            },
        ),
    ]
