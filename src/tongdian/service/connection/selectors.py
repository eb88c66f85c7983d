"""What can be asked about a connection case beyond its state."""

from collections.abc import Sequence

from tongdian.law.plan import load_plan
from tongdian.service.casework.models import Event


def lost_papers(events: Sequence[Event]) -> list[str]:
    """The papers of the application for which nothing stands since consent to fetch them was
    withdrawn: neither a fact nor an upload named after them. `events` in the order of the case."""
    given: list[str] = []
    lost: list[str] = []
    for event in events:
        if event.kind == "consent_given":
            given, lost = [str(code) for code in event.payload.get("documents", ())], []
        elif event.kind == "consent_withdrawn":
            lost = list(given)
        elif event.kind == "evidence_added":
            about = str(event.payload.get("about", ""))
            lost = [code for code in lost if about not in (code, *paper_names(code))]
    filed = _shared(events)
    return [code for code in lost if code in filed]


def _shared(events: Sequence[Event]) -> set[str]:
    """The papers that the application relied on registries for."""
    opening = events[0].payload if events else {}
    papers = opening.get("documents", ())
    return {str(paper["kind"]) for paper in papers if paper["source"] == "shared"}


def paper_names(code: str) -> tuple[str, str]:
    """A paper of the plan in Chinese and English; the code for any other."""
    paper = load_plan().documents.get(code)
    return (paper.zh, paper.en) if paper else (code, code)
