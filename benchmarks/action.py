"""One action on a case: against a bare insert of the same rows, and SpiffWorkflow in a row."""

import json
from datetime import date
from itertools import pairwise

from benchmarks.support import database, latencies, line, middle, percentile

ROUNDS = 400


def main() -> None:
    with database():
        _measure()


def _measure() -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from tongdian.law.identifiers import make_resident_id
    from tongdian.service.casework.models import Case, Event
    from tongdian.service.connection import commands
    from tongdian.service.connection.actions import act, submit_application
    from tongdian.service.identity.actors import Actor

    person = Actor(frozenset({"applicant"}), "", "bench-person")
    clerk = Actor(frozenset({"clerk"}), "GYPS-520102", "bench-clerk")
    data = {
        "applicant_kind": "resident", "purpose": "residential", "load_kw": "8",
        "district": "520102", "name": "示例·甲", "id_type": "resident_id",
        "id_number": make_resident_id(date(1980, 1, 1), 9), "phone": "19900000009",
        "address": "贵阳市南明区示例路 9 号",
    }  # fmt: skip
    application = commands.parse(commands.Application, data)
    assert isinstance(application, commands.Application)
    numbers = [
        submit_application(application, actor=person).performed.case.number
        for _ in range(ROUNDS + 20)
    ]
    for number in numbers[:20]:
        act(number, "application_accepted", {}, actor=clerk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act(numbers[20], "application_accepted", {}, actor=clerk)
    ours = latencies(
        lambda i: act(numbers[i + 21], "application_accepted", {}, actor=clerk), ROUNDS - 1
    )
    columns = [f.attname for f in Event._meta.concrete_fields if not f.primary_key]
    columns.remove("transaction")
    template = Event.objects.order_by("-id").values(*columns)[0]
    states = dict(Case.objects.values_list("id", "state")[:ROUNDS])
    rows = [(json.dumps(s), s["seq"]) for s in states.values()]

    def bare(index: int) -> None:
        """The same two rows, inserted with no rule, lock, hash or clock."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_event (case_id, seq, kind, recorded_at, occurred_at, actor,"
                " payload, personal, salt, sealed_digest, payload_digest, previous_hash, hash)"
                " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
                [
                    json.dumps(v) if isinstance(v, dict) else v
                    for v in (template[c] for c in columns)
                ],
            )
            cursor.execute("INSERT INTO bench_case (state, seq) VALUES (%s, %s)", rows[index])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_event (LIKE casework_event INCLUDING DEFAULTS)")
        cursor.execute("CREATE SEQUENCE bench_event_id")
        cursor.execute(
            "ALTER TABLE bench_event ALTER id SET DEFAULT nextval('bench_event_id'),"
            " ADD PRIMARY KEY (id)"
        )
        cursor.execute("CREATE TABLE bench_case (id bigserial PRIMARY KEY, state jsonb, seq int)")
    floor = latencies(bare, ROUNDS - 1)
    peer = _spiff(ROUNDS // 4)
    line(
        "one action, in process, p50 / p95",
        f"{middle(ours) * 1e3:.1f} / {percentile(ours, 0.95) * 1e3:.1f} ms",
        f"bare insert p50 {middle(floor) * 1e3:.1f} ms ({middle(ours) / middle(floor):.2f} ×)",
        "p95 ≤ 15 ms, ≤ 1.5 ×",
    )
    line("SQL statements of one action, savepoints included", str(len(queries)), "", "≤ 10")
    line(
        "",
        "",
        f"SpiffWorkflow p50 {middle(peer) * 1e3:.1f} ms ({middle(peer) / middle(ours):.2f} ×)",
    )


STEPS = ("intake", "survey", "scheme", "works", "inspection", "metering")


def _bpmn() -> bytes:
    """The same journey as BPMN 2.0: manual tasks one after another."""
    nodes = ["start", *STEPS, "end"]
    flows = [
        f'<sequenceFlow id="f{i}" sourceRef="{a}" targetRef="{b}"/>'
        for i, (a, b) in enumerate(pairwise(nodes))
    ]
    tasks = [f'<manualTask id="{name}" name="{name}"/>' for name in STEPS]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">'
        '<process id="connection" isExecutable="true"><startEvent id="start"/>'
        + "".join(tasks + flows)
        + '<endEvent id="end"/></process></definitions>'
    ).encode()


def _spiff(rounds: int) -> list[float]:
    """A SpiffWorkflow step with its state restored from a row and saved to it."""
    from django.db import connection, transaction
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_str(_bpmn())
    spec = parser.get_spec("connection")
    serializer = BpmnWorkflowSerializer()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_spiff (id bigserial PRIMARY KEY, state text)")
        for _ in range(rounds):
            workflow = BpmnWorkflow(spec)
            workflow.do_engine_steps()
            text = serializer.serialize_json(workflow)
            cursor.execute("INSERT INTO bench_spiff (state) VALUES (%s)", [text])

    def step(index: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT state FROM bench_spiff WHERE id = %s FOR UPDATE", [index + 1])
            workflow = serializer.deserialize_json(cursor.fetchone()[0])
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            task.run()
            workflow.do_engine_steps()
            cursor.execute(
                "UPDATE bench_spiff SET state = %s WHERE id = %s",
                [serializer.serialize_json(workflow), index + 1],
            )

    return latencies(step, rounds)
