"""One HTTP POST to somebody else's address: bounded in time and size, never redirected."""

import time
from dataclasses import dataclass

import httpx

from tongdian.service.exchange.addresses import AddressRefused, GuardedTransport, check_url

USER_AGENT = "Tongdian-Webhooks/1"
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 20.0
KEPT_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the start of the body, or an error and no status."""

    status: int | None
    text: str = ""
    error: str = ""
    retry_after: str | None = None
    milliseconds: int = 0

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def new_client(connections: int) -> httpx.Client:
    """A client that calls public addresses alone; safe to share between threads."""
    return httpx.Client(
        transport=GuardedTransport(connections),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": USER_AGENT},
    )


def post(client: httpx.Client, url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send, and never raise."""
    started = time.monotonic()
    try:
        check_url(url)
        with client.stream("POST", url, content=body, headers=headers) as response:
            kept = _start_of(response, started)
            answer = Answer(
                response.status_code,
                _printable(kept),
                _words_for(response.status_code),
                response.headers.get("Retry-After"),
            )
    except AddressRefused as error:
        answer = Answer(None, error=f"{error.rule_zh} / {error.rule_en}")
    except httpx.TimeoutException:
        answer = Answer(None, error="超时没有应答 / Timed out")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        answer = Answer(None, error=f"没有连上 / Not reached: {type(error).__name__}")
    elapsed = int((time.monotonic() - started) * 1000)
    return Answer(answer.status, answer.text, answer.error, answer.retry_after, elapsed)


def _words_for(status: int) -> str:
    return "不跟随跳转 / Redirects are not followed" if 300 <= status < 400 else ""


def _start_of(response: httpx.Response, started: float) -> bytes:
    """The first bytes of the body. An endless or dripping one is left."""
    kept = bytearray()
    for chunk in response.iter_raw(KEPT_BYTES):
        kept += chunk
        if len(kept) > KEPT_BYTES or time.monotonic() - started > TOTAL_SECONDS:
            break
    return bytes(kept[:KEPT_BYTES])


def _printable(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
