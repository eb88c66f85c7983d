"""Which addresses may be called: never one of our own network, whatever a name resolves to.

An address is looked at when it is typed, and again each time a connection is made: the host is
resolved once, every answer has to be public, and the connection goes to that very address, so that
a name which changes its mind between the two (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings
from httpcore._backends.sync import SyncBackend

PORTS = frozenset({443, 8443})
RESOLVE_ERROR = "dns"


class AddressRefused(Exception):
    """An address that is not called; `rule_zh` and `rule_en` say why."""

    def __init__(self, rule_zh: str, rule_en: str) -> None:
        super().__init__(rule_en)
        self.rule_zh, self.rule_en = rule_zh, rule_en


def loopback_allowed() -> bool:
    """Whether http and this machine's own addresses may be called: for a demo with its sandbox."""
    return bool(getattr(settings, "EXCHANGE_LOOPBACK", settings.TONGDIAN_DEMO))


def check_url(url: str) -> None:
    """Raises AddressRefused for an address that could never be called, without resolving it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("地址格式不对", "This is no web address") from None
    if any(ord(c) <= 32 or ord(c) == 127 for c in url) or "\\" in url:
        raise AddressRefused("地址里不能有空格或控制字符", "It holds blanks or control characters")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback_allowed()):
        raise AddressRefused("地址必须以 https:// 开头", "It has to begin with https://")
    if not parts.hostname:
        raise AddressRefused("地址里没有主机名", "It names no host")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("地址里不能带用户名或密码", "It must not hold a user name or password")
    if parts.fragment:
        raise AddressRefused("地址里不能带 # 片段", "It must not hold a fragment")
    if port is not None and port not in PORTS and not _is_loopback_name(parts.hostname):
        raise AddressRefused("端口只能是 443 或 8443", "The port has to be 443 or 8443")
    if parts.scheme == "http" and not _is_loopback_name(parts.hostname):
        raise AddressRefused("地址必须以 https:// 开头", "It has to begin with https://")


def check_and_resolve(url: str) -> None:
    """As `check_url`, and the host has to resolve to public addresses alone at this moment."""
    check_url(url)
    parts = urlsplit(url)
    assert parts.hostname is not None
    resolve(parts.hostname, parts.port or 443)


def resolve(host: str, port: int) -> str:
    """The one address to connect to. Raises AddressRefused when the name has none, or any of its
    addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("找不到这个主机名", "This host name does not resolve") from None
    addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
    for address in addresses:
        _require_public(address)
    return addresses[0]


def _require_public(text: str) -> None:
    address = ipaddress.ip_address(text.partition("%")[0])
    embedded = _embedded(address)
    for one in (address, *embedded):
        if one.is_loopback and loopback_allowed():
            continue
        if not one.is_global or one.is_multicast or one.is_reserved or one.is_unspecified:
            raise AddressRefused(
                "主机指向内部网络地址，不能使用", "The host is an address of an internal network"
            )


def _embedded(address: Any) -> Iterable[Any]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if address.version == 4:
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in ipaddress.ip_network("64:ff9b::/96"):
        found.append(ipaddress.ip_address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _is_loopback_name(host: str) -> bool:
    if not loopback_allowed():
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class GuardedBackend(SyncBackend):
    """Connects to the address that was looked at, and to no other."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        address = resolve(host, port)
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over guarded connections; TLS still checks the host's name."""

    def __init__(self, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        super().__init__(trust_env=False, limits=limits)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=30,
            network_backend=GuardedBackend(),
        )
