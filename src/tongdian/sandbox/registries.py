"""The five registries: what is asked about one person is answered, signed, or goes wrong."""

import itertools
import threading
from typing import Any, Final

from tongdian.sandbox.answering import faulty
from tongdian.sandbox.keys import REGISTRIES
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.records import RECORDS
from tongdian.sandbox.residents import examples
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json

NAMES: Final = {
    "identity": ("居民身份（市公安局）", "Identity (Public Security)"),
    "business": ("营业执照（市市场监督管理局）", "Business (Market Regulation)"),
    "real_estate": ("不动产登记（市自然资源和规划局）", "Real estate (Natural Resources)"),
    "land_planning": ("土地与规划（市自然资源和规划局）", "Land and planning (Natural Resources)"),
    "projects": ("投资项目（市发展改革委）", "Projects (Development and Reform)"),
}  # fmt: skip
_serial = itertools.count(1)
_lock = threading.Lock()


def serial(prefix: str, day: str) -> str:
    """A number that no other answer has."""
    with _lock:
        return f"{prefix}-{day.replace('-', '')}-{next(_serial):08d}"


class Registries:
    """`POST /registries/<registry>/query` with `subject`, `purpose` and `consent`."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation

    def routes(self, router: Router) -> None:
        router.add("POST", "/registries/<registry>/query", self.query)
        router.add("GET", "/registries/<registry>/health", self.health)

    def health(self, request: Request, registry: str) -> Answer:
        _require_registry(registry)
        return faulty(
            self.situation, registry, lambda key, fault: as_json({"registry": registry, "ok": True})
        )

    def query(self, request: Request, registry: str) -> Answer:
        _require_registry(registry)
        data = request.data
        for name in ("subject", "purpose", "consent"):
            if not isinstance(data.get(name), str) or not 1 <= len(data[name]) <= 80:
                raise Refused(422, name, "必填，不超过 80 字", "Needed, at most 80 characters")
        subject = data["subject"]
        self.situation.note(registry, f"{subject[:6]}…{subject[-4:]}", data["purpose"][:60])
        return faulty(
            self.situation,
            registry,
            lambda key, fault: as_json(
                self.situation.signed(key, self._answer(registry, subject, fault))
            ),
        )

    def _answer(self, registry: str, subject: str, fault: str) -> dict[str, Any]:
        if fault == "another_person":
            others = [one.person.id_number for one in examples()]
            subject = next(other for other in others if other != subject)
        holder = self.situation.directory.find(subject)
        now = instant_text(self.situation.clock.now())
        return {
            "registry": registry,
            "subject": subject,
            "data": None if holder is None else RECORDS[registry](holder),
            "issued_at": now,
            "serial": serial(registry.replace("_", "-").upper(), now[:10]),
        }


def _require_registry(registry: str) -> None:
    if registry not in REGISTRIES:
        raise Refused(404, "registry", "没有这个登记系统", "There is no such registry")
