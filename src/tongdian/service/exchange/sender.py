"""The sender: claims what is due, posts it concurrently, writes down what came of it.

The database is used by the calling thread alone; the pool's threads only speak HTTP. Killed at any
moment it leaves nothing but leases that lapse.
"""

import random
import threading
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from tongdian.service.casework import clock
from tongdian.service.exchange.claims import Parcel, Target, claim, targets
from tongdian.service.exchange.posting import Answer, new_client, post
from tongdian.service.exchange.results import Attempt, record

SLOTS = 32
PER_ENDPOINT = 32
AHEAD = 2
TARGETS_SECONDS = 1.0


class Sender:
    """Sends with `slots` connections at most. `per_endpoint` parcels of one endpoint are held at a
    time, so that a slow one does not hold up the others; as many again as there are connections
    wait for one, so that none idles while results are written down."""

    def __init__(self, slots: int = SLOTS, per_endpoint: int = PER_ENDPOINT) -> None:
        self.slots, self.per_endpoint = slots, per_endpoint
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="webhook")
        self._client = new_client(slots)
        self._flying: dict[Future[Answer], Parcel] = {}
        self._targets: dict[int, Target] = {}
        self._targets_at = float("-inf")

    def step(self, patience: float = 0.2) -> tuple[int, int]:
        """Claim, send, and record what has come back within `patience` seconds of real time.
        Returns how many parcels were taken and how many came back."""
        taken = self._take()
        if not self._flying:
            return taken, 0
        done, _ = wait(self._flying, timeout=patience, return_when=FIRST_COMPLETED)
        attempts = [Attempt(self._flying.pop(future), future.result()) for future in done]
        if attempts:
            record(attempts, clock.now())
        return taken, len(attempts)

    def drain(self) -> int:
        """Send until nothing is due and nothing is under way. Returns how many attempts it took."""
        self._targets_at = float("-inf")
        total = 0
        while True:
            taken, back = self.step()
            total += back
            if not (taken or back or self._flying):
                return total

    def run(self, stopping: threading.Event, work: threading.Event, idle_seconds: float) -> None:
        """Send until `stopping`; `work` says that something may be due."""
        while not stopping.is_set():
            if not any(self.step()) and not self._flying:
                work.wait(idle_seconds)
                work.clear()

    def close(self) -> None:
        """Wait for what is under way and write it down."""
        done, _ = wait(self._flying)
        attempts = [Attempt(self._flying.pop(future), future.result()) for future in done]
        if attempts:
            record(attempts, clock.now())
        self._pool.shutdown()
        self._client.close()

    def _take(self) -> int:
        free = AHEAD * self.slots - len(self._flying)
        if free <= 0:
            return 0
        now = clock.now()
        if time.monotonic() - self._targets_at > TARGETS_SECONDS:
            self._targets, self._targets_at = targets(now), time.monotonic()
        flying = Counter[int](parcel.target.id for parcel in self._flying.values())
        rooms = {pk: self.per_endpoint - flying[pk] for pk in self._targets}
        rooms = {pk: room for pk, room in rooms.items() if room > 0}
        if not rooms:
            return 0
        parcels = claim(now, self._targets, shuffled(rooms), free)
        for parcel in parcels:
            headers = parcel.headers(now)
            future = self._pool.submit(post, self._client, parcel.target.url, parcel.body, headers)
            self._flying[future] = parcel
        return len(parcels)


def shuffled(rooms: dict[int, int]) -> dict[int, int]:
    """In another order each time: nobody is always the last to be asked."""
    return dict(random.sample(list(rooms.items()), len(rooms)))
