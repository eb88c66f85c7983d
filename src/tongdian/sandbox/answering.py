"""An answer with the fault that a tester has switched on for its service."""

import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongdian.sandbox import keys
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Answer, as_json

GARBAGE = b"\x00\xff<<not json at all \xfe>>" * 8


def faulty(
    situation: Situation, service: str, make: Callable[[Ed25519PrivateKey, str], Answer]
) -> Answer:
    """What `make` gives when called with the key and the fault's name, unless the fault changes
    it."""
    fault = situation.faults.take(service)
    kind = fault.kind if fault else ""
    if fault is not None and kind == "slow":
        time.sleep(min(fault.seconds, 60.0))
    if kind == "down":
        return Answer(503, b"")
    if kind == "error_500":
        return as_json({"error": {"rule_zh": "内部错误", "rule_en": "internal error"}}, 500)
    # The key of another seed: well made, and not this system's.
    seed = situation.seed + 1 if kind == "wrong_signature" else situation.seed
    answer = make(keys.private_key(seed, service), kind)
    if kind == "truncated":
        answer.body = answer.body[: len(answer.body) // 2]
    if kind == "garbage":
        answer.body = GARBAGE
    return answer
