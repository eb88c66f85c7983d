"""What identity refuses: a stable code, the rule and the remedy in both languages."""

from django.utils.translation import get_language


class IdentityError(Exception):
    """Refused; nothing was written."""

    code = "refused"

    def __init__(self, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> None:
        super().__init__(en)
        self.zh, self.en = zh, en
        self.remedy_zh, self.remedy_en = remedy_zh, remedy_en

    @property
    def text(self) -> str:
        """Rule and remedy in the language of the request."""
        if (get_language() or "").startswith("en"):
            return " ".join(part for part in (self.en, self.remedy_en) if part)
        return "".join(part for part in (self.zh, self.remedy_zh) if part)


class NotPermitted(IdentityError):
    """The actor's role does not allow it."""

    code = "not_permitted"


class SeparationOfDuties(IdentityError):
    """Two duties that one person must not combine."""

    code = "separation_of_duties"


class InvalidRequest(IdentityError):
    """The request itself cannot be carried out."""

    code = "invalid"


class AccessRefused(IdentityError):
    """Case number and query code do not open anything; the same whether or not the case exists."""

    code = "access_refused"

    def __init__(self) -> None:
        super().__init__(
            "办件编号或查询码不正确。",
            "The case number or the query code is not correct.",
            "请对照回执上的编号和查询码重新填写。",
            "Compare both with the receipt and enter them again.",
        )


class TooManyAttempts(AccessRefused):
    """Locked for a while, known case or not."""

    code = "too_many_attempts"

    def __init__(self, minutes: int) -> None:
        IdentityError.__init__(
            self,
            "尝试次数过多，已暂时锁定。",
            "Too many attempts; locked for a while.",
            f"请 {minutes} 分钟后再试，或拨打 95598。",
            f"Try again in {minutes} minutes, or call 95598.",
        )
        self.minutes = minutes


class StaffSession(AccessRefused):
    """Staff do not open cases as a party in the session they work in."""

    code = "staff_session"

    def __init__(self) -> None:
        IdentityError.__init__(
            self,
            "您正以工作人员身份登录，不能同时作为申请人打开办件。",
            "You are signed in as staff and cannot open a case as its applicant at the same time.",
            "请退出登录后再用查询码查看自己的办件。",
            "Sign out first, then use the query code of your own case.",
        )
