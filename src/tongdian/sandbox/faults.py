"""Faults that a tester switches on, for each service: all answers, or the next few."""

import threading
from dataclasses import dataclass
from typing import Final

from tongdian.sandbox.keys import REGISTRIES, SERVICES

KINDS: Final = {
    "slow": ("很慢", "Slow"),
    "error_500": ("报错 500", "Error 500"),
    "wrong_signature": ("签名不对", "Wrong signature"),
    "duplicate": ("重复发送", "Sent twice"),
    "out_of_order": ("次序颠倒", "Out of order"),
    "truncated": ("正文不全", "Truncated body"),
    "garbage": ("乱码", "Garbage"),
    "another_person": ("别人的记录", "Another person's record"),
    "down": ("停机", "Down"),
}
OF_PUSHES: Final = frozenset({"duplicate", "out_of_order", "wrong_signature", "truncated",
                              "garbage", "slow", "down"})  # fmt: skip
OF_ANSWERS: Final = frozenset(KINDS) - {"duplicate", "out_of_order", "another_person"}
SLOW_SECONDS: Final = 3.0


def kinds_for(service: str) -> list[str]:
    """What can go wrong with a service; what makes no sense for it is not offered."""
    if service in REGISTRIES:
        return [kind for kind in KINDS if kind in OF_ANSWERS or kind == "another_person"]
    if service == "approvals":
        return [kind for kind in KINDS if kind in OF_PUSHES or kind == "error_500"]
    if service == "credit":
        return [kind for kind in KINDS if kind in OF_ANSWERS or kind == "another_person"]
    return ["slow", "error_500", "down"]


@dataclass
class Fault:
    """`left` is how often it still happens; None: until it is switched off."""

    kind: str
    left: int | None = None
    seconds: float = SLOW_SECONDS


class Faults:
    """At most one of each service."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}

    def set(self, service: str, fault: Fault | None) -> None:
        """Switch one on, or off. Raises ValueError for what there is not."""
        if service not in SERVICES:
            raise ValueError("service")
        if fault is not None and fault.kind not in kinds_for(service):
            raise ValueError("fault")
        with self._lock:
            if fault is None:
                self._faults.pop(service, None)
            else:
                self._faults[service] = fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def all(self) -> dict[str, Fault]:
        with self._lock:
            return dict(self._faults)

    def take(self, service: str) -> Fault | None:
        """The fault that befalls the next answer or push of a service."""
        with self._lock:
            fault = self._faults.get(service)
            if fault is not None and fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    del self._faults[service]
            return fault
