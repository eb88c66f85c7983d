"""The credit platform (信用信息共享平台): queries by USCC or digest of an identity number, and
records of false commitments."""

import hashlib
import re
from typing import Any

from tongdian.sandbox.answering import faulty
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.registries import serial
from tongdian.sandbox.residents import example_of, examples
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json

SUBJECT = re.compile(r"[0-9A-Z]{18}|sha256:[0-9a-f]{64}")
DISHONEST = "贵阳示例失信商贸有限公司"


def subject_of(identifier: str) -> str:
    """As the platform names somebody: a credit code itself, of a person only a digest."""
    if identifier[:1] == "9" or identifier[:2] == "12":
        return identifier
    return "sha256:" + hashlib.sha256(identifier.encode()).hexdigest()


class CreditPlatform:
    """`POST /credit/query` and `POST /credit/records`, both signed answers."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.records: dict[str, dict[str, Any]] = {}

    def routes(self, router: Router) -> None:
        router.add("POST", "/credit/query", self.query)
        router.add("POST", "/credit/records", self.record)
        router.add("GET", "/credit/records", self.listed)
        router.add("GET", "/credit/health", self.health)

    def health(self, request: Request) -> Answer:
        return faulty(self.situation, "credit", lambda key, fault: as_json({"ok": True}))

    def query(self, request: Request) -> Answer:
        subject = _subject(request.data)
        self.situation.note("credit", subject[:14] + "…", "query")
        return faulty(
            self.situation,
            "credit",
            lambda key, fault: as_json(
                self.situation.signed(key, self._standing(subject, fault == "another_person"))
            ),
        )

    def _standing(self, subject: str, other: bool) -> dict[str, Any]:
        if other:
            others = (subject_of(one.person.id_number) for one in examples())
            subject = next(one for one in others if one != subject)
        found = [one for one in self.records.values() if one["subject"] == subject]
        example = example_of(subject)
        bad = bool(found) or (example is not None and example.person.name == DISHONEST)
        return self._answer(subject, {
            "ok": not bad,
            "reason_zh": "有虚假承诺或失信记录" if bad else "",
            "reason_en": "A false commitment or default is on record" if bad else "",
            "records": [one["number"] for one in found],
        })  # fmt: skip

    def _answer(self, subject: str, data: dict[str, Any]) -> dict[str, Any]:
        now = instant_text(self.situation.clock.now())
        return {
            "registry": "credit",
            "subject": subject,
            "data": data,
            "issued_at": now,
            "serial": serial("CREDIT", now[:10]),
        }

    def record(self, request: Request) -> Answer:
        """A false commitment. The same `number` again is the same record."""
        data = request.data
        subject = _subject(data)
        number, reason = data.get("number"), data.get("reason")
        if not isinstance(number, str) or not 1 <= len(number) <= 80:
            raise Refused(422, "number", "必填，不超过 80 字", "Needed, at most 80 characters")
        if not isinstance(reason, str) or not 1 <= len(reason) <= 500:
            raise Refused(422, "reason", "必填，不超过 500 字", "Needed, at most 500 characters")

        def keep(key: Any, fault: str) -> Answer:
            with self.situation.lock:
                known = self.records.setdefault(
                    number, {"number": number, "subject": subject, "reason": reason}
                )
                if known["subject"] != subject:
                    words = ("编号已用于他人", "The number is another's")
                    raise Refused(409, "number", *words)
                self.situation.note("credit", number, "false commitment")
            return as_json(
                self.situation.signed(key, self._answer(subject, {"number": number, "kept": True}))
            )

        return faulty(self.situation, "credit", keep)

    def listed(self, request: Request) -> Answer:
        return as_json({"records": list(self.records.values())})


def _subject(data: dict[str, Any]) -> str:
    subject = data.get("subject")
    if not isinstance(subject, str) or not SUBJECT.fullmatch(subject):
        raise Refused(
            422,
            "subject",
            "统一社会信用代码，或 sha256: 加摘要",
            "A credit code, or sha256: and a digest",
        )
    return subject
