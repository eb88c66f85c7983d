"""Calling a signed service: time limits, retries with growing pauses, a circuit breaker, and the
checks that every answer has to pass."""

import base64
import binascii
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pybreaker
import stamina
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tongdian.proof.canonical import canonical
from tongdian.service.casework import clock
from tongdian.service.exchange.registries.errors import (
    AnotherSubject,
    CircuitOpen,
    Malformed,
    NotSigned,
    Refused,
    RegistryError,
    Stale,
    Unreachable,
)
from tongdian.service.exchange.registries.options import Options

MEMBERS = frozenset({"registry", "subject", "data", "issued_at", "serial", "signature"})
LONGEST_PAUSE_SECONDS = 5.0
PASSING = (408, 425, 429)


@dataclass(frozen=True)
class SignedAnswer:
    """A verified answer. `data` is None where there is no record; `whole` is what was signed."""

    serial: str
    issued_at: datetime
    data: Mapping[str, Any] | None
    whole: Mapping[str, Any]


def _is_retried(error: Exception) -> bool:
    return isinstance(error, RegistryError) and error.retry_now


class SignedService:
    """One service whose answers are signed. Safe to use from several threads."""

    def __init__(self, name: str, options: Options) -> None:
        self.name, self.options = name, options
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(options.public_key))
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=options.breaker_failures,
            reset_timeout=options.breaker_seconds,
            exclude=[lambda error: isinstance(error, Refused)],
            throw_new_error_on_trip=False,
        )
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    @property
    def is_open(self) -> bool:
        """Whether the breaker keeps everybody away at present."""
        return bool(self._breaker.current_state == pybreaker.STATE_OPEN)

    def ask(self, path: str, question: Mapping[str, Any]) -> SignedAnswer:
        """Ask about `question["subject"]`. Raises RegistryError."""
        subject = str(question["subject"])

        def attempt() -> SignedAnswer:
            raw = self._read("POST", path, question)
            return self._verified(raw, subject)

        return self._patiently(attempt)

    def health(self) -> None:
        """Raises RegistryError unless the service says that it is well. One attempt; the breaker
        does not count it."""
        self._read("GET", "/health", None)

    def _patiently(self, attempt: Callable[[], SignedAnswer]) -> SignedAnswer:
        for trial in stamina.retry_context(
            on=_is_retried,
            attempts=self.options.attempts,
            timeout=None,
            wait_initial=self.options.pause_seconds,
            wait_max=LONGEST_PAUSE_SECONDS,
            wait_jitter=self.options.pause_seconds,
        ):
            with trial:
                return self._guarded(attempt)
        raise AssertionError("not reached")

    def _guarded(self, attempt: Callable[[], SignedAnswer]) -> SignedAnswer:
        """Through the breaker. pybreaker holds its lock during a call, so only the one trial of an
        open circuit is made inside it; otherwise many ask at once and it hears how they fared."""
        try:
            if self.is_open:
                return self._breaker.call(attempt)
            try:
                answer = attempt()
            except RegistryError as error:
                self._breaker.call(_raise, error)
                raise
            self._breaker.call(lambda: None)
            return answer
        except pybreaker.CircuitBreakerError:
            raise CircuitOpen(self.name) from None

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                seconds = httpx.Timeout(
                    self.options.read_seconds, connect=self.options.connect_seconds
                )
                token = self.options.token
                headers = {"authorization": f"Bearer {token}"} if token else {}
                self._client = httpx.Client(timeout=seconds, headers=headers, trust_env=False)
            return self._client

    def _read(self, method: str, path: str, question: Mapping[str, Any] | None) -> bytes:
        """The body of a good answer. Raises Unreachable, Refused, Malformed."""
        url = self.options.url + path
        found = bytearray()
        try:
            with self._http().stream(method, url, json=question) as response:
                status = response.status_code
                for part in response.iter_bytes():
                    found += part
                    if len(found) > self.options.max_bytes:
                        raise Malformed(self.name, f"more than {self.options.max_bytes} bytes")
        except httpx.RemoteProtocolError as error:
            raise Malformed(self.name, type(error).__name__) from None
        except (httpx.HTTPError, OSError) as error:
            raise Unreachable(self.name, type(error).__name__) from None
        if status >= 500 or status in PASSING:
            raise Unreachable(self.name, f"HTTP {status}")
        if not 200 <= status < 300:
            raise Refused(self.name, f"HTTP {status}")
        return bytes(found)

    def _verified(self, raw: bytes, subject: str) -> SignedAnswer:
        """Signature first: what is not signed is not looked into. Then whose, then when."""
        answer = self._parsed(raw)
        signed = {name: answer[name] for name in MEMBERS - {"signature"}}
        try:
            signature = base64.b64decode(str(answer["signature"]), validate=True)
            self._key.verify(signature, canonical(signed))
        except (InvalidSignature, binascii.Error, TypeError, ValueError):
            raise NotSigned(self.name) from None
        if answer["registry"] != self.name or answer["subject"] != subject:
            raise AnotherSubject(self.name)
        issued = self._issued(answer["issued_at"])
        if abs(clock.now() - issued) > timedelta(seconds=self.options.max_age_seconds):
            raise Stale(self.name, issued.isoformat())
        return SignedAnswer(str(answer["serial"]), issued, answer["data"], answer)

    def _parsed(self, raw: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            raise Malformed(self.name, "no JSON") from None
        if not isinstance(answer, dict) or set(answer) != MEMBERS:
            raise Malformed(self.name, "other members than agreed")
        serial, data = answer["serial"], answer["data"]
        if not isinstance(serial, str) or not 1 <= len(serial) <= 64:
            raise Malformed(self.name, "serial")
        if data is not None and not isinstance(data, dict):
            raise Malformed(self.name, "data")
        return answer

    def _issued(self, value: Any) -> datetime:
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            raise Malformed(self.name, "issued_at") from None
        if found.tzinfo is None:
            raise Malformed(self.name, "issued_at")
        return found


def _raise(error: RegistryError) -> None:
    raise error
