"""No call to an address of our own network, however it is written or resolved."""

import socket
from typing import Any

import httpx
import pytest

from support.receiving import receiving
from tongdian.service.exchange import addresses
from tongdian.service.exchange.addresses import AddressRefused, check_and_resolve, check_url
from tongdian.service.exchange.posting import new_client, post

PUBLIC = "93.184.215.14"


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Make every name resolve to `answers`, one after the other."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "url",
    [
        "http://example.cn/hook",
        "ftp://example.cn/hook",
        "//example.cn/hook",
        "example.cn/hook",
        "https:///hook",
        "https://user:secret@example.cn/hook",
        "https://user@example.cn/hook",
        "https://example.cn:22/hook",
        "https://example.cn:99999/hook",
        "https://example.cn/hook#part",
        "https://example.cn/ho ok",
        "https://example.cn/hook\n",
        "https://example.cn\\@127.0.0.1/",
        "http://127.0.0.1:8000/",
        "http://localhost/",
        "",
    ],
)
def test_addresses_that_are_never_called(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    assert refused.value.rule_zh
    assert refused.value.rule_en


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.100.100.200/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://255.255.255.255/",
        "https://localhost/",
        "https://a-name-that-does-not-exist.invalid/",
    ],
)
def test_addresses_of_our_own_network(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_and_resolve(url)


def test_one_private_answer_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, [PUBLIC, "10.0.0.1"])
    with pytest.raises(AddressRefused):
        check_and_resolve("https://example.cn/hook")


@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_a_public_address_is_fine(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    resolving(monkeypatch, [PUBLIC])
    check_and_resolve(f"https://example.cn{port}/hook?tenant=1")


def test_a_name_that_changes_its_mind_is_looked_at_again_when_connecting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: public when it was typed, loopback when it is called."""
    asked = resolving(monkeypatch, [PUBLIC], ["127.0.0.1"])
    check_and_resolve("https://example.cn/hook")
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: connected.append(a))
    answer = post(new_client(1), "https://example.cn/hook", b"{}", {})
    assert answer.status is None
    assert "internal network" in answer.error
    assert (len(asked), connected) == (2, [])


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = resolving(monkeypatch, [PUBLIC], ["127.0.0.1"])
    connected: list[Any] = []

    def create_connection(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    answer = post(new_client(1), "https://example.cn/hook", b"{}", {})
    assert connected == [(PUBLIC, 443)]
    assert asked == ["example.cn"], "resolved once"
    assert "Not reached" in answer.error


def test_loopback_only_where_the_settings_say_so(settings: Any) -> None:
    with receiving() as receiver:
        assert post(new_client(1), receiver.url, b"{}", {}).status is None
        settings.EXCHANGE_LOOPBACK = True
        assert post(new_client(1), receiver.url, b"{}", {}).status == 200
        assert post(new_client(1), "http://10.0.0.1/", b"{}", {}).status is None
    assert len(receiver.seen) == 1


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EXCHANGE_LOOPBACK = True
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with receiving() as receiver:
        client = new_client(1)
        assert isinstance(client, httpx.Client)
        assert post(client, receiver.url, b"{}", {}).status == 200


def test_a_receiver_that_drips_for_ever_is_left(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXCHANGE_LOOPBACK = True
    monkeypatch.setattr("tongdian.service.exchange.posting.TOTAL_SECONDS", -1.0)
    with receiving(lambda _: (200, {}, b"x" * 5000)) as receiver:
        answer = post(new_client(1), receiver.url, b"{}", {})
    assert answer.status == 200
    assert len(answer.text) <= 2048
