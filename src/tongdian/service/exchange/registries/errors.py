"""What can be wrong with a registry or its answer: each names registry, rule and remedy."""

from dataclasses import dataclass
from typing import ClassVar

WAIT = (
    "我们会继续查；您也可以先上传",
    "We keep asking; you may upload the paper meanwhile",
)
OPERATOR = (
    "不用您做什么，可以先上传；请运维人员联系该系统",
    "Nothing for you to do but upload; the operator has to talk to that system",
)


@dataclass
class RegistryError(Exception):
    """Base of all. `detail` is for the log of the operator: it never holds personal data.

    `retry_now`: the next attempt may do better at once; `retry_later`: it may in a while.
    """

    registry: str
    detail: str = ""

    code: ClassVar[str] = "registry"
    rule: ClassVar[tuple[str, str]] = ("登记系统出错", "The registry failed")
    remedy: ClassVar[tuple[str, str]] = WAIT
    retry_now: ClassVar[bool] = False
    retry_later: ClassVar[bool] = True

    def __str__(self) -> str:
        words = f"{self.registry}: {self.rule[1]}"
        return f"{words} ({self.detail})" if self.detail else words


class Unreachable(RegistryError):
    """It does not answer in time, or says that it cannot."""

    code = "unreachable"
    rule = ("系统暂时没有回应", "The system does not answer at present")
    retry_now = True


class CircuitOpen(RegistryError):
    """It has failed so often that nobody asks for a while."""

    code = "circuit_open"
    rule = ("系统连续出错，暂停查询片刻", "It kept failing and is left alone for a moment")


class Refused(RegistryError):
    """It refuses our question (4xx): a matter of our set-up, not of the person."""

    code = "refused"
    rule = ("系统拒绝了查询", "The system refused the query")
    remedy = OPERATOR


class Malformed(RegistryError):
    """Not JSON, cut off, too large, or not of the agreed shape."""

    code = "malformed"
    rule = ("系统的回答不完整或格式不对", "The answer is cut off or not of the agreed form")
    remedy = OPERATOR


class NotSigned(RegistryError):
    """The signature is not that registry's."""

    code = "not_signed"
    rule = ("回答的签名不是该系统的，不予采信", "The answer is not signed by that system")
    remedy = OPERATOR


class AnotherSubject(RegistryError):
    """The answer is about somebody else, or from another registry: nothing of it is kept."""

    code = "another_subject"
    rule = ("回答的不是所查的人，已全部丢弃", "The answer is about somebody else and was discarded")
    remedy = OPERATOR


class Stale(RegistryError):
    """Issued too long ago, or in the future."""

    code = "stale"
    rule = ("回答的出具时间与现在相差太大", "The answer was issued too far from now")
    remedy = OPERATOR


class NoRecord(RegistryError):
    """The registry knows nothing of this person or company."""

    code = "no_record"
    rule = ("登记系统里没有查到", "The registry has no such record")
    remedy = (
        "请核对填写的内容；没有错的话请上传证照",
        "Check what you typed; if it is right, upload the paper",
    )
    retry_later = False


class Different(RegistryError):
    """What the registry says does not agree with what was typed; what it says is not shown."""

    code = "different"
    rule = ("与登记的内容不一致", "It does not agree with what is registered")
    remedy = (
        "请核对姓名（名称）、证号和地址；没有错的话请上传证照",
        "Check name, number and address; if they are right, upload the paper",
    )
    retry_later = False


ERRORS: dict[str, type[RegistryError]] = {
    kind.code: kind
    for kind in (
        Unreachable, CircuitOpen, Refused, Malformed, NotSigned, AnotherSubject, Stale, NoRecord,
        Different,
    )
}  # fmt: skip
