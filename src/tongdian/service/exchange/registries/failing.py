"""A registry that fails as it is told to: for tests of everything that stands behind one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tongdian.service.casework import clock
from tongdian.service.exchange.registries.errors import RegistryError, Unreachable
from tongdian.service.exchange.registries.plugin import Fact, Health
from tongdian.service.exchange.registries.records import DOCUMENTS


@dataclass
class FailingRegistry:
    """Raises `failures` one after the other, the last one for ever; remembers who asked why."""

    name: str
    failures: Sequence[type[RegistryError]] = (Unreachable,)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def document(self) -> str:
        return DOCUMENTS[self.name]

    def check(self) -> Health:
        return Health(self.name, False, "故意出错", "fails on purpose", clock.now())

    def fetch(self, subject: str, *, purpose: str, consent: str) -> Fact:
        self.asked.append((subject, purpose, consent))
        kind = self.failures[min(len(self.asked), len(self.failures)) - 1]
        raise kind(self.name)
