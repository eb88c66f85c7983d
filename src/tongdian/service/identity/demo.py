"""The fictitious people of the demo city. Their passwords and authenticator secrets are public, so
these accounts open nothing unless the service runs as a demo (settings.TONGDIAN_DEMO)."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.identity.units import HEADQUARTERS

DEMO_PASSWORD = "tongdian-demo-2021"
DEMO_API_KEY = "td_demo-key-for-the-example-integrator"
DEMO_API_CLIENT = "示例·一网通办接入"
DESK = ("clerk", "engineer", "fieldworker", "lead")
SURNAMES = "林陈周吴郑黄徐孙马李赵钱王冯褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("小丽", "建国", "晓东", "婷", "志强", "敏", "海燕", "文博", "雪梅", "俊", "春兰", "明")
FEATURED_DISTRICT = "520102"
SLUGS = {
    "520102": "nanming",
    "520103": "yunyan",
    "520111": "huaxi",
    "520112": "wudang",
    "520113": "baiyun",
    "520115": "guanshanhu",
    "520121": "kaiyang",
    "520122": "xifeng",
    "520123": "xiuwen",
    "520181": "qingzhen",
    "5201GX": "gaoxin",
    "5201JK": "jingkai",
    "5201ZB": "zongbao",
    "5201SL": "shuanglong",
    "5201GA": "guian",
}
OTHER_OFFICERS = ("GY-GAJG", "GY-LYJ", "GY-ZRZY", "GY-ZJJ")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One fictitious person; `role` is empty for an applicant without a staff role. Featured
    accounts stand first on the sign-in page: one of each role."""

    username: str
    role: str
    name: str
    organisation: str = ""
    district: str | None = None
    is_featured: bool = False

    @property
    def pseudonym(self) -> str:
        """As the synthetic city names the first person of each role in an organisation, so that
        its history is this person's. At most 32 characters."""
        if self.role:
            return f"{self.organisation}-{self.role}-1"
        return f"demo-{self.username}"

    @property
    def secret(self) -> str:
        """Authenticator secret, base 32."""
        seed = hashlib.sha256(f"tongdian-demo-totp:{self.username}".encode()).digest()
        return base64.b32encode(seed[:20]).decode()


def demo_accounts() -> list[DemoAccount]:
    """Every demo account: first one of each role, in the order of a case, then the others."""
    rows = [*_featured(), *_others()]
    return [
        DemoAccount(
            username,
            role,
            f"示例·{SURNAMES[index % len(SURNAMES)]}{GIVEN[index * 5 % len(GIVEN)]}",
            organisation,
            district,
            featured,
        )
        for index, (username, role, organisation, district, featured) in enumerate(rows)
    ]


Row = tuple[str, str, str, str | None, bool]


def _featured() -> Iterator[Row]:
    office = f"{HEADQUARTERS}-{FEATURED_DISTRICT}"
    yield "resident", "", "", None, True
    yield "company", "", "", None, True
    for role in DESK:
        yield role, role, office, FEATURED_DISTRICT, True
    yield "lead-city", "lead", HEADQUARTERS, None, True
    yield "officer", "officer", "GY-ZHZF", None, True
    yield "window", "officer", "GY-ZWZX", None, True
    yield "supervisor", "supervisor", "GY-FGW", None, True
    yield "auditor", "auditor", "GY-DSJ", None, True
    yield "administrator", "administrator", "GY-DSJ", None, True


def _others() -> Iterator[Row]:
    for code in GUIYANG_DIVISIONS:
        if code != FEATURED_DISTRICT:
            for role in DESK:
                yield f"{SLUGS[code]}-{role}", role, f"{HEADQUARTERS}-{code}", code, False
    for code in OTHER_OFFICERS:
        yield f"{code[3:].lower()}-officer", "officer", code, None, False
    yield "gxj-supervisor", "supervisor", "GY-GXJ", None, False
    yield "fgw-administrator", "administrator", "GY-FGW", None, False
