"""Organisations of the plan, and fictitious demo accounts for each role."""

from datetime import UTC, datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.identity.actors import SYSTEM, Role
from tongdian.service.identity.models import ApiClient, Organisation, User

U, D, C, X = (kind.value for kind in Organisation.Kind)

# The units that the plan names (DOMAIN §1.2).
UNITS = (
    ("GYPS", "贵阳供电局", "Guiyang Power Supply Bureau", U),
    ("GY-FGW", "市发展改革委", "Development and Reform Commission", C),
    ("GY-GXJ", "市工业和信息化局", "Industry and Information Technology Bureau", C),
    ("GY-ZJJ", "市住房和城乡建设局", "Housing and Urban-Rural Development Bureau", D),
    ("GY-ZHZF", "市综合行政执法局", "Integrated Law Enforcement Bureau", D),
    ("GY-GAJG", "市公安交通管理局", "Traffic Police", D),
    ("GY-LYJ", "市林业局", "Forestry Bureau", D),
    ("GY-ZRZY", "市自然资源和规划局", "Natural Resources and Planning Bureau", D),
    ("GY-ZWZX", "市政务服务中心", "Government Service Centre", D),
    ("GY-DSJ", "市大数据发展管理局", "Big Data Bureau", D),
    ("GY-SCJG", "市市场监督管理局", "Market Regulation Bureau", D),
    ("GY-GAJ", "市公安局", "Public Security Bureau", D),
    ("GY-TZCJ", "市投资促进局", "Investment Promotion Bureau", D),
    ("GY-JTW", "市交通委员会", "Transport Commission", D),
    ("GY-YJJ", "市应急管理局", "Emergency Management Bureau", D),
    ("SHILI-PT", "示例接入平台公司", "Example Integrator Ltd", X),
)
DEMO_PASSWORD = "tongdian-demo-2021"
DEMO_API_KEY = "demo-key-for-the-example-integrator"
# A fixed secret for demo accounts alone: they exist only in a demo city.
DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

OFFICE = "GYPS-520102"
DEMO_USERS = (
    ("clerk", "示例·窗口小林", OFFICE, (Role.CLERK,)),
    ("engineer", "示例·工程师小陈", OFFICE, (Role.ENGINEER,)),
    ("fieldworker", "示例·外勤小周", OFFICE, (Role.FIELDWORKER,)),
    ("lead", "示例·班长老吴", OFFICE, (Role.LEAD,)),
    ("lead-city", "示例·调度老郑", "GYPS", (Role.LEAD,)),
    ("officer", "示例·审批小黄", "GY-ZHZF", (Role.OFFICER,)),
    ("supervisor", "示例·督查小徐", "GY-FGW", (Role.SUPERVISOR,)),
    ("auditor", "示例·审计小孙", "GY-FGW", (Role.AUDITOR,)),
    ("administrator", "示例·管理员小马", "GYPS", (Role.ADMINISTRATOR,)),
    ("resident", "示例·居民老李", None, ()),
    ("company", "示例·企业经办小赵", None, ()),
)


def seed_organisations() -> None:
    """The units of the plan and an office of the utility for each district. Idempotent."""
    rows = [Organisation(code=c, name_zh=zh, name_en=en, kind=kind) for c, zh, en, kind in UNITS]
    rows += [
        Organisation(
            code=f"GYPS-{code}",
            name_zh=f"贵阳供电局{division.zh}供电所",
            name_en=f"Power Supply Office, {division.en}",
            kind=U,
            district=code,
        )
        for code, division in GUIYANG_DIVISIONS.items()
    ]
    Organisation.objects.bulk_create(rows, ignore_conflicts=True)


def seed_demo_users() -> None:
    """Accounts for each role, with a second factor for staff, and an integrator. Idempotent."""
    from tongdian.service.identity.actions import grant_role, key_digest

    with transaction.atomic():
        for username, name, organisation, roles in DEMO_USERS:
            if User.objects.filter(username=username).exists():
                continue
            user = User(username=username, display_name=name, pseudonym=f"demo-{username}")
            user.set_password(DEMO_PASSWORD)
            if organisation:
                user.organisation = Organisation.objects.get(code=organisation)
            user.save()
            for role in roles:
                grant_role(user, role, actor=SYSTEM)
            if roles:
                _second_factor(user)
        ApiClient.objects.get_or_create(
            digest=key_digest(DEMO_API_KEY),
            defaults={
                "name": "示例接入平台",
                "organisation": Organisation.objects.get(code="SHILI-PT"),
                "pseudonym": "demo-integrator",
                "created_at": datetime.now(UTC),
            },
        )


def _second_factor(user: User) -> None:
    secret = get_adapter().encrypt(DEMO_TOTP_SECRET)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    RecoveryCodes.activate(user)
