"""The demo city from nothing: grants, people, a year of cases by the bulk path, log, findings."""

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection

from tongdian.city import generate, simulate
from tongdian.city.objects import demo_objects
from tongdian.law.calendar import SHANGHAI, default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.sandbox.keys import shared_secret
from tongdian.sandbox.pushes import SOURCE, TYPES
from tongdian.service import demo_leads, demo_permits
from tongdian.service.approval.route_objects import store_objects
from tongdian.service.casework.bulk import write_histories
from tongdian.service.casework.grants import grant_web_role
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.process import CONNECTION
from tongdian.service.demo_cases import give_to_demo_people
from tongdian.service.demo_leads import lead_histories
from tongdian.service.exchange.models import Source
from tongdian.service.exchange.sources import create_source
from tongdian.service.identity.actions import seed_demo_users, seed_organisations
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import Organisation
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.supervision.inspection import inspect

CUSTOMERS = 20_000
SEED = 20_211
RATE = 0.2
Progress = Callable[[str, float], None]


def prepare() -> None:
    """Migrations, the cache table, and the web role's rights. Run as the owner; idempotent."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    grant_web_role()


def is_built() -> bool:
    """Whether there is a city already."""
    return bool(Case.objects.exists())


def build(
    customers: int = CUSTOMERS,
    seed: int = SEED,
    until: date | None = None,
    progress: Progress = lambda words, share: None,
) -> dict[str, Any]:
    """Fill an empty database with a city and a year of its life up to `until` (today).

    Returns counts and seconds. Raises RuntimeError when there are cases already: a demo city never
    mixes with anything.
    """
    if is_built():
        raise RuntimeError("the database already holds cases; the demo city needs an empty one")
    started = time.monotonic()
    end = _end_of(until)
    seed_organisations()
    seed_demo_users()
    progress("城市与人口 city and people", 0.05)
    city = generate(customers, seed)
    histories = simulate(
        city,
        load_plan(),
        default_calendar(),
        seed=seed,
        start=end - timedelta(days=365),
        until=end,
        rate=RATE,
        progress=lambda share: progress("办件 cases", 0.1 + 0.75 * share),
    )
    store_objects(demo_objects(city, local_date(end)), source="演示城市 demo city")
    theirs = give_to_demo_people(histories, end)
    written = write_histories(CONNECTION.id, theirs, salts=_salts(seed))
    progress("施工许可 construction permits", 0.88)
    leads = write_histories(LEAD_PROCESS.id, lead_histories(city, end), salts=_salts(seed + 1))
    demo_leads.write_rows()
    demo_leads.tie_some(city)
    progress("并联审批 permits", 0.89)
    demo_permits.file_some(end)
    progress("日志 log", 0.9)
    events = sequence_all()
    inspect()
    with connection.cursor() as cursor:
        # Vacuumed, the board reads from its indexes alone.
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
    progress("完成 done", 1.0)
    return {
        "customers": customers,
        "cases": written,
        "leads": leads,
        "events": events,
        "seconds": round(time.monotonic() - started, 1),
    }


def seed_sandbox(seed: int) -> None:
    """Let the sandbox's approval system send what it sends, under the key of this seed."""
    if not Source.objects.filter(pk=SOURCE).exists():
        department = Organisation.objects.get(code="GY-ZJJ")
        create_source(
            source_id=SOURCE,
            organisation=department,
            name="模拟政府：工程建设项目审批系统",
            kinds=TYPES.values(),
            actor=Actor(frozenset({"administrator"}), "GY-DSJ", "demo-set-up"),
            key=shared_secret(seed, "approvals"),
        )


def _end_of(until: date | None) -> datetime:
    if until is None:
        return datetime.now(UTC)
    return datetime(until.year, until.month, until.day, 17, 30, tzinfo=SHANGHAI).astimezone(UTC)


def _salts(seed: int) -> Callable[[], bytes]:
    """Salts of a synthetic city may be predictable: its people do not exist."""
    source = random.Random(seed)
    return lambda: source.randbytes(16)
