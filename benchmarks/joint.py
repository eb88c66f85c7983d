"""Four departments decide at the same instant, 1,000 times, each a process of its own: no join is
lost, and nobody waits long. Against the same four processes inserting bare rows at once."""

import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.support import database, line, middle, percentile

ROUNDS = 1_000
ITEMS = ("municipal", "green", "traffic", "forest")
FORK = multiprocessing.get_context("fork")
PATIENCE_SECONDS = 120


def main() -> None:
    with database():
        _measure()


def _measure() -> None:
    from tongdian.service.casework.models import Case, CaseBranch

    numbers = _cases()
    ours = _at_once([_department(item, numbers) for item in ITEMS])
    floor = _at_once([_bare for _ in ITEMS])
    joined = Case.objects.filter(number__in=numbers, stage="permits_issue").count()
    decided = CaseBranch.objects.filter(case__number__in=numbers, stage="granted").count()
    assert joined == ROUNDS, f"{ROUNDS - joined} joins lost"
    assert decided == ROUNDS * len(ITEMS), f"{decided} items decided"
    line(
        f"{ROUNDS} rounds of four departments, p50 / p95",
        f"{middle(ours) * 1e3:.1f} / {percentile(ours, 0.95) * 1e3:.1f} ms",
        f"four bare inserts p95 {percentile(floor, 0.95) * 1e3:.1f} ms"
        f" ({percentile(ours, 0.95) / percentile(floor, 0.95):.2f} ×)",
        "p95 ≤ 50 ms",
    )
    line("joins lost", "0", f"{joined} of {ROUNDS} at the window, {decided} items decided", "0")


def _cases() -> list[str]:
    """Cases that are with all four departments."""
    from datetime import date

    from tongdian.law.calendar import local_date
    from tongdian.law.identifiers import make_uscc
    from tongdian.service.casework import clock
    from tongdian.service.connection import commands
    from tongdian.service.connection.actions import act, submit_application
    from tongdian.service.identity.actors import Actor

    office = "GYPS-520102"
    today: date = local_date(clock.now())
    who = {role: Actor(frozenset({role}), office, f"bench-{role}")
           for role in ("clerk", "engineer", "fieldworker")}  # fmt: skip
    who["window"] = Actor(frozenset({"officer"}), "GY-ZWZX", "bench-window")
    data = {
        "applicant_kind": "small_micro", "purpose": "commercial", "load_kw": "80",
        "external_works": "yes", "district": "520102", "name": "贵阳示例餐饮有限公司",
        "id_type": "uscc", "id_number": make_uscc(7), "phone": "19900000009",
        "address": "贵阳市南明区示例路 9 号",
    }  # fmt: skip
    scheme = {
        "source_point": "示例站/示例线/12 号杆", "voltage": "380V", "capacity_kva": "100",
        "route_length_m": "35", "laying": "overhead", "metering": "lv_lv",
        "ownership_boundary": "接户线末端", "valid_until": today.replace(year=today.year + 1),
    }  # fmt: skip
    application = commands.parse(commands.Application, data)
    assert isinstance(application, commands.Application)
    person = Actor(frozenset({"applicant"}), "", "bench-person")
    steps = (
        ("application_accepted", "clerk", {}),
        ("survey_completed", "fieldworker", {"surveyed_on": today, "external_works": "yes"}),
        ("scheme_replied", "engineer", scheme),
        ("permits_filed", "engineer", {"items": list(ITEMS)}),
        ("permits_received", "window", {}),
    )
    numbers = []
    for _ in range(ROUNDS):
        number = submit_application(application, actor=person).performed.case.number
        for kind, role, said in steps:
            act(number, kind, json.loads(json.dumps(said, default=str)), actor=who[role])
        numbers.append(number)
    return numbers


Gate = Callable[[], object]
Task = Callable[[Gate], list[float]]


def _department(item: str, numbers: Sequence[str]) -> Task:
    def run(gate: Gate) -> list[float]:
        from tongdian.service.approval.process import AUTHORITIES
        from tongdian.service.connection.actions import act
        from tongdian.service.identity.actors import Actor

        officer = Actor(frozenset({"officer"}), AUTHORITIES[item], f"bench-{item}")
        data = {"item": item, "result": "granted"}
        times = []
        for number in numbers:
            gate()
            started = time.perf_counter()
            act(number, "item_decided", data, actor=officer)
            times.append(time.perf_counter() - started)
        return times

    return run


def _bare(gate: Gate) -> list[float]:
    """One row inserted and one updated in a transaction, with no rule, hash or clock."""
    from django.db import connection, transaction

    times = []
    for index in range(ROUNDS):
        gate()
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM casework_case WHERE id = %s FOR UPDATE", [index + 1])
            cursor.execute(
                "INSERT INTO bench_joint (row) VALUES (%s)", [json.dumps({"index": index})]
            )
        times.append(time.perf_counter() - started)
    return times


def _at_once(tasks: Sequence[Task]) -> list[float]:
    """Each task in a process of its own, all starting every round together; their times."""
    from django.db import connection, connections

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_joint (id bigserial PRIMARY KEY, row jsonb)"
        )
    connections.close_all()
    gate = FORK.Barrier(len(tasks))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / str(place) for place in range(len(tasks))]

        def child(task: Task, file: Path) -> None:
            connection.ensure_connection()
            file.write_text(json.dumps(task(lambda: gate.wait(PATIENCE_SECONDS))))

        pairs = zip(tasks, files, strict=True)
        processes = [FORK.Process(target=child, args=pair) for pair in pairs]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert all(process.exitcode == 0 for process in processes), "a department gave up"
        return [seconds for file in files for seconds in json.loads(file.read_text())]
