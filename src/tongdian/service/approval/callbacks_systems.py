"""Departments that work in systems of their own: where their items are handed over, with which
secret we sign, and which registered source speaks for them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import httpx
import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from tongdian.problem import Problem
from tongdian.service.approval.process import AUTHORITIES

SANDBOX_SECONDS: Final = 2.0
SANDBOX_SOURCE: Final = "spgl"
# In a demo these two have systems of their own; the third works at the desk.
SANDBOX_DEPARTMENTS: Final = ("GY-GAJG", "GY-LYJ")
LOCAL: Final = ("127.0.0.1", "localhost", "::1")


class OwnSystem(BaseModel):
    """`url` takes items by POST, `secret` (`whsec_…`) signs them after Standard Webhooks, `source`
    is the registered source whose messages speak for the department."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=300)]
    secret: Annotated[str, StringConstraints(pattern=r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}$")]
    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]


class BadSystems(Problem):
    """The departments are not written as they should be."""


def own_systems() -> Mapping[str, OwnSystem]:
    """By the code of the department; empty where all work at the desk. From the settings, else the
    member `departments` of the exchange's file, else those that a demo's sandbox plays. Raises
    BadSystems."""
    if given := getattr(settings, "EXCHANGE_DEPARTMENTS", None):
        return build(given)
    if path := getattr(settings, "EXCHANGE_FILE", ""):
        return _of_file(path)
    url = _sandbox_url()
    return _of_sandbox(url) if url else {}


def is_configured() -> bool:
    """Whether any department might have a system of its own, without asking anybody."""
    return bool(
        getattr(settings, "EXCHANGE_DEPARTMENTS", None)
        or getattr(settings, "EXCHANGE_FILE", "")
        or _sandbox_url()
    )


def forget_systems() -> None:
    """Read them anew next time."""
    _of_file.cache_clear()
    _sandbox_secret.cache_clear()


def build(written: Mapping[str, Any]) -> dict[str, OwnSystem]:
    """Checked. Raises BadSystems naming department, field and rule."""
    known = sorted(set(AUTHORITIES.values()))
    found = {}
    for code, values in written.items():
        if code not in known:
            raise _bad(str(code), f"不是审批部门，可用：{known}", f"no authority; one of {known}")
        try:
            found[code] = OwnSystem.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in (code, *first["loc"]))
            raise _bad(field, f"不对：{first['msg']}", str(first["msg"])) from None
        parts = urlsplit(found[code].url)
        if parts.scheme == "http" and parts.hostname not in LOCAL:
            words = "必须用 https，只有本机可以用 http", "https is needed but on this machine"
            raise _bad(f"{code}.url", *words)
    return found


@cache
def _of_file(path: str) -> Mapping[str, OwnSystem]:
    try:
        found = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())[:200]
        raise _bad(path, f"读不出来：{words}", f"cannot be read: {words}") from None
    departments = found.get("departments", {}) if isinstance(found, dict) else {}
    if not isinstance(departments, dict):
        raise _bad("departments", "应为部门编码到系统的映射", "has to map codes to systems")
    return build(departments)


def _sandbox_url() -> str:
    """Of a demo alone, and on this machine: its keys come over plain HTTP."""
    url = str(getattr(settings, "SANDBOX_URL", ""))
    local = urlsplit(url).hostname in LOCAL
    return url.rstrip("/") if url and local and settings.TONGDIAN_DEMO else ""


def _of_sandbox(url: str) -> dict[str, OwnSystem]:
    try:
        secret = _sandbox_secret(url)
    except (httpx.HTTPError, ValueError, KeyError):
        raise _bad(url, "沙盒没有应答", "the sandbox does not answer") from None
    system = {"url": f"{url}/approvals/packets", "secret": secret, "source": SANDBOX_SOURCE}
    return build(dict.fromkeys(SANDBOX_DEPARTMENTS, system))


@cache
def _sandbox_secret(url: str) -> str:
    answer = httpx.get(f"{url}/keys", timeout=SANDBOX_SECONDS, trust_env=False)
    return str(answer.json()["keys"]["approvals"]["secret"])


def _bad(where: str, zh: str, en: str) -> BadSystems:
    return BadSystems(
        f"部门自有系统配置 {where} {zh}",
        f"configuration of departments' systems, {where}: {en}.",
        remedy_zh="写法见运维手册“部门自有系统”。",
        remedy_en="The operations manual shows how to write it.",
    )
