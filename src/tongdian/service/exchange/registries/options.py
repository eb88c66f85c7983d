"""The options of a registry, checked when they are read."""

import base64
import binascii
import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "https" and parts.hostname:
        return text.rstrip("/")
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return text.rstrip("/")
    raise ValueError("an https address is needed, or http on this machine / 须为 https 地址")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32:
        raise ValueError("32 bytes of an Ed25519 public key, Base64 / 须为 Ed25519 公钥")
    return text


class Options(BaseModel):
    """Where a signed service is, whose signature it has, and how patient we are.

    `url` is the service's own address: `{url}/query` and `{url}/health`. `token` is sent as Bearer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(_address)]
    public_key: Annotated[str, AfterValidator(_key)]
    token: str = ""
    connect_seconds: Annotated[float, Field(gt=0, le=30)] = 1.0
    read_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 2
    pause_seconds: Annotated[float, Field(ge=0, le=30)] = 0.2
    breaker_failures: Annotated[int, Field(ge=1, le=100)] = 5
    breaker_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 30.0
    max_bytes: Annotated[int, Field(ge=1024, le=10_000_000)] = 262_144
    max_age_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
