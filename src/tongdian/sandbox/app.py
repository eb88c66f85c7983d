"""The sandbox as one WSGI application, assembled."""

import os

from tongdian.sandbox import keys
from tongdian.sandbox.approvals import Approvals
from tongdian.sandbox.control import Control
from tongdian.sandbox.credit import CreditPlatform
from tongdian.sandbox.gateway import Gateway
from tongdian.sandbox.pages import Pages
from tongdian.sandbox.pushes import Pusher
from tongdian.sandbox.registries import Registries
from tongdian.sandbox.situation import Situation
from tongdian.sandbox.web import Router, as_json
from tongdian.sandbox.webhooks import Webhooks

SEED, CUSTOMERS, TARGET = (
    "TONGDIAN_SANDBOX_SEED", "TONGDIAN_SANDBOX_CUSTOMERS", "TONGDIAN_SANDBOX_TARGET",
)  # fmt: skip


def assemble(seed: int, customers: int, target: str = "") -> Router:
    """All systems over one city. Raises ValueError for a target elsewhere."""
    situation = Situation(seed, customers)
    pusher = Pusher(situation)
    pusher.aim(target)
    approvals = Approvals(situation, pusher)
    control = Control(situation, approvals, pusher)
    gateway, webhooks = Gateway(situation), Webhooks(situation)
    router = Router()
    for part in (
        Pages(situation, control, approvals, pusher, gateway, webhooks),
        Registries(situation), CreditPlatform(situation), approvals, gateway, webhooks, control,
    ):  # fmt: skip
        part.routes(router)
    described = {"seed": seed, "source": "spgl", "keys": keys.described(seed)}
    router.add("GET", "/keys", lambda request: as_json(described))
    return router


def application() -> Router:
    """For the server: what the environment says."""
    return assemble(int(os.environ[SEED]), int(os.environ[CUSTOMERS]), os.environ.get(TARGET, ""))
