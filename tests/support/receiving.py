"""A receiver of webhooks over real HTTP: verifies, remembers in order, answers as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """`answer(received)` gives status, headers and body; what came is in `seen`, in order."""

    answer: Callable[[Received], tuple[int, dict[str, str], bytes]] = lambda _: (200, {}, b"ok")
    seen: list[Received] = field(default_factory=list)
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, received: Received) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.seen.append(received)
        return self.answer(received)

    def accepted(self) -> list[dict[str, Any]]:
        """As a consumer sees them that takes each id once."""
        events: dict[str, dict[str, Any]] = {}
        for received in self.seen:
            if self.answer(received)[0] < 300:
                events.setdefault(received.event["id"], received.event)
        return list(events.values())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, extra, answer = self.server.receiver.note(  # type: ignore[attr-defined]
            Received(self.path, headers, body)
        )
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def receiving(
    answer: Callable[[Received], tuple[int, dict[str, str], bytes]] | None = None,
) -> Iterator[Receiver]:
    """A receiver on a free port of the loopback address, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(**({"answer": answer} if answer else {}))
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/test"
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
