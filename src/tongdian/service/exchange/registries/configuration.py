"""Which registries this installation has: settings, else a YAML file, else those of the sandbox."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml
from django.conf import settings
from pydantic import ValidationError

from tongdian.problem import Problem
from tongdian.service.exchange.registries.calling import SignedService
from tongdian.service.exchange.registries.options import Options
from tongdian.service.exchange.registries.plugin import Registry, SignedRegistry
from tongdian.service.exchange.registries.records import SHAPES

CREDIT = "credit"
SANDBOX_SECONDS = 2.0
_lock = threading.Lock()
_kept: "Configuration | None" = None


class Configuration:
    """The registries by name, and the credit platform if there is one."""

    def __init__(
        self, registries: Mapping[str, Registry], credit: SignedService | None = None
    ) -> None:
        self.registries = dict(registries)
        self.credit = credit


class BadConfiguration(Problem):
    """The registries are not written as they should be."""


def configuration() -> Configuration:
    """That of this process, read when first asked for. Raises BadConfiguration."""
    global _kept
    with _lock:
        if _kept is None:
            found = build(_written())
            if found is None:
                # The sandbox does not answer yet: asked again next time.
                return Configuration({})
            _kept = found
        return _kept


def configured() -> dict[str, Registry]:
    """The registries by name; empty without any."""
    return configuration().registries


def is_configured() -> bool:
    """Whether registries are named, without asking anybody."""
    return bool(_kept and _kept.registries) or bool(_named())


def forget_configuration() -> None:
    """Read it anew next time."""
    global _kept
    with _lock:
        _kept = None


@contextmanager
def use(found: Configuration) -> Iterator[None]:
    """Have these for a while, whatever the settings say: for tests."""
    global _kept
    former, _kept = _kept, found
    try:
        yield
    finally:
        _kept = former


def _named() -> Any:
    return (
        getattr(settings, "EXCHANGE_REGISTRIES", None)
        or getattr(settings, "EXCHANGE_FILE", "")
        or _sandbox_url()
    )


def _sandbox_url() -> str:
    """Of a demo alone, and on this machine: its keys come over plain HTTP."""
    url = str(getattr(settings, "SANDBOX_URL", ""))
    local = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    return url.rstrip("/") if url and local and settings.TONGDIAN_DEMO else ""


def _written() -> Mapping[str, Any] | None:
    """Options by name; None while the sandbox cannot be asked for its keys."""
    if given := getattr(settings, "EXCHANGE_REGISTRIES", None):
        return dict(given)
    if path := getattr(settings, "EXCHANGE_FILE", ""):
        return _of_file(Path(path))
    url = _sandbox_url()
    return of_sandbox(url) if url else {}


def _of_file(path: Path) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())[:200]
        raise _bad(str(path), f"读不出来：{words}", f"cannot be read: {words}") from None
    registries = found.get("registries") if isinstance(found, dict) else None
    if not isinstance(registries, dict):
        raise _bad(str(path), "缺少 registries", "has no registries")
    return registries


def of_sandbox(url: str) -> Mapping[str, Any] | None:
    """Options for the sandbox at `url`; None when it does not answer."""
    try:
        keys = httpx.get(f"{url}/keys", timeout=SANDBOX_SECONDS, trust_env=False).json()["keys"]
    except (httpx.HTTPError, ValueError, KeyError):
        return None
    options = {
        name: {"url": f"{url}/registries/{name}", "public_key": keys[name]["public_key"]}
        for name in SHAPES
    }
    credit = {"url": f"{url}/credit", "public_key": keys[CREDIT]["public_key"]}
    return {**options, CREDIT: credit}


def build(written: Mapping[str, Any] | None) -> Configuration | None:
    """The plugins of written options. Raises BadConfiguration naming entry, field and rule."""
    if written is None:
        return None
    registries: dict[str, Registry] = {}
    credit = None
    for name, values in written.items():
        if name not in SHAPES and name != CREDIT:
            known = ", ".join((*SHAPES, CREDIT))
            raise _bad(str(name), f"不认识，可用：{known}", f"is none of {known}")
        try:
            options = Options.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise _bad(f"{name}.{field}", f"不对：{first['msg']}", f"{first['msg']}") from None
        if name == CREDIT:
            credit = SignedService(CREDIT, options)
        else:
            registries[name] = SignedRegistry(name, options)
    return Configuration(registries, credit)


def _bad(where: str, zh: str, en: str) -> BadConfiguration:
    return BadConfiguration(
        f"登记系统配置 {where} {zh}",
        f"configuration of registries, {where}: {en}.",
        remedy_zh="写法见运维手册“登记系统”。",
        remedy_en="The operations manual shows how to write it.",
    )
