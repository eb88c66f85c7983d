"""What a department sees of one item: its fields, what the route touches for it, its papers, its
clocks, draft words, and what was decided in like cases."""

from typing import Any, Final

from tongdian.service.approval.desk_clocks import bars_of, standing
from tongdian.service.approval.drafting import draft
from tongdian.service.approval.filings import FILINGS, form_in
from tongdian.service.approval.process import AUTHORITIES, BY_COMMITMENT, ITEM_TABLE, OPEN_ITEM
from tongdian.service.approval.route_answer import bans
from tongdian.service.approval.route_answer import items as items_found
from tongdian.service.approval.route_filing import filed_route
from tongdian.service.approval.route_materials import FORM, PAPERS, ROUTE
from tongdian.service.approval.route_words import chinese
from tongdian.service.approval.similar import Works, most_alike
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, CaseBranch

PAST: Final = 300


def filed_data(case: Case, item: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The form and the materials of the latest filing that has the item."""
    state = case.folded
    filings = [
        (state.instants[kind], state.facts[kind])
        for kind in FILINGS
        if kind in state.facts and item in state.facts[kind]["items"]
    ]
    filing: dict[str, Any] = max(filings, key=lambda pair: pair[0])[1] if filings else {}
    return form_in(case, filing), list(filing.get("materials", ()))


def papers_for_item(item: str, materials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The papers that this item asks for, each with its file or that it follows later; those of
    other departments stay theirs."""
    known = {paper.kind: paper for paper in PAPERS}
    rows = []
    for material in materials:
        paper = known.get(material["kind"])
        if material["kind"] in (FORM, ROUTE) or paper is None:
            continue
        if any(wanted.split(".")[0] == item for wanted in paper.wanted):
            rows.append({"name": paper.name, "digest": material.get("digest") or ""})
    return rows


def similar_past(case: Case, item: str) -> list[dict[str, Any]]:
    """Decided items of the same kind in other cases, the likest first; one query."""
    closed = [s.id for s in ITEM_TABLE.values() if s.terminal and s.id not in ("withdrawn",)]
    past = (
        CaseBranch.objects.filter(organisation=AUTHORITIES[item], name=item, stage__in=closed)
        .exclude(case=case)
        .select_related("case")
        .order_by("-closed_at")[:PAST]
    )
    wanted = Works.of(case.folded.facts.get("scheme_replied", {}), case.district)
    known = [
        (branch, Works.of(branch.case.state["facts"].get("scheme_replied", {}),
                          branch.case.district))
        for branch in past
    ]  # fmt: skip
    return [
        {
            "number": found.key.case.number,
            "stage": found.key.stage,
            "closed_at": found.key.closed_at,
            "percent": round(found.likeness * 100),
            "decided": (found.key.case.state["branches"].get(item, {}).get("facts", {})
                        .get("item_decided", {})),
            "works": Works.of(found.key.case.state["facts"].get("scheme_replied", {}), ""),
        }
        for found in most_alike(wanted, known)
    ]  # fmt: skip


def answered(case: Case, item: str) -> list[dict[str, Any]]:
    """How the department's list was answered, with the files that came, the latest first."""
    found = case.events.filter(kind="item_corrected", payload__item=item).order_by("-seq")
    return [
        {
            "at": event.recorded_at,
            "answer": (event.personal or {}).get("answer", ""),
            "files": list(
                case.evidence.filter(
                    digest__in=[m.get("digest") for m in event.payload.get("materials", ())]
                )
            ),
        }
        for event in found
    ]


def context_of(case: Case, item: str) -> dict[str, Any]:
    """Everything the page of an item shows."""
    state, now = case.folded, clock.now()
    form, materials = filed_data(case, item)
    found = filed_route(case)
    touching = [one for one in items_found(found) if one["code"] == item] if found else []
    reasons = touching[0]["reasons"] if touching else []
    facts = dict(form)
    if found:
        facts["length_m"] = found.assessment.length_m
        facts["voltage_kv"] = f"{found.assessment.voltage_kv.normalize():f}"
    branch = state.branches[item]
    return {
        "case": case,
        "item": item,
        "stage": branch.stage,
        "open": branch.stage in OPEN_ITEM,
        "bars": bars_of(state, item, now),
        "standing": standing(state, item),
        "form_rows": form,
        "facts": facts,
        "touching": touching,
        "bans": bans(found) if found and item == "municipal" else [],
        "by_commitment": branch.stage in BY_COMMITMENT or "commitment_revoked" in branch.facts,
        "papers": papers_for_item(item, materials),
        "draft": draft(item, facts, [r["what"] for r in reasons], not chinese()),
        "similar": similar_past(case, item),
        "said": branch.facts,
        "answered": answered(case, item),
        "others": [(name, b.stage) for name, b in state.branches.items() if name != item],
    }
