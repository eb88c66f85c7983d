"""Everything that the played systems remember: in memory, gone when the process ends."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongdian.city import generate
from tongdian.sandbox import keys
from tongdian.sandbox.faults import Faults
from tongdian.sandbox.moving_clock import MovingClock
from tongdian.sandbox.residents import Directory
from tongdian.sandbox.signing import sign_answer

REMEMBERED = 2_000


@dataclass(frozen=True)
class Noted:
    """One thing that came in, for the control page."""

    at: datetime
    service: str
    what: str
    words: str


@dataclass
class Situation:
    """The city, the keys, the clock, the faults, and what came in."""

    seed: int
    customers: int
    clock: MovingClock = field(default_factory=MovingClock)
    faults: Faults = field(default_factory=Faults)
    noted: deque[Noted] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.directory = Directory(generate(self.customers, self.seed))
        self.lock = threading.RLock()

    def note(self, service: str, what: str, words: str) -> None:
        """Keep it for the control page; identifiers come masked."""
        self.noted.appendleft(Noted(self.clock.now(), service, what, words))

    def key(self, service: str) -> Ed25519PrivateKey:
        return keys.private_key(self.seed, service)

    def signed(self, key: Ed25519PrivateKey, answer: Mapping[str, Any]) -> dict[str, Any]:
        return sign_answer(key, answer)
