"""Consent withdrawn: what was fetched is gone, and both sides see which papers are missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from tongdian.service.connection.selectors import lost_papers, paper_names


def event(kind: str, **payload: Any) -> Any:
    return SimpleNamespace(kind=kind, payload=payload)


LICENCE = paper_names("licence")[0]
FILED = event(
    "application_submitted",
    documents=[
        {"kind": "licence", "source": "shared"},
        {"kind": "premises", "source": "shared"},
        {"kind": "equipment", "source": "upload"},
    ],
)
GIVEN = event("consent_given", documents=["licence", "premises", "identity"])
TAKEN_BACK = event("consent_withdrawn")


@pytest.mark.parametrize(
    ("events", "lost"),
    [
        ([FILED], []),
        ([FILED, GIVEN], []),
        ([FILED, GIVEN, TAKEN_BACK], ["licence", "premises"]),
        ([FILED, GIVEN, TAKEN_BACK, GIVEN], []),
        ([FILED, GIVEN, TAKEN_BACK, event("evidence_added", about=LICENCE)], ["premises"]),
        ([FILED, GIVEN, TAKEN_BACK, event("evidence_added", about="premises")], ["licence"]),
        ([FILED, GIVEN, event("evidence_added", about=LICENCE), TAKEN_BACK],
         ["licence", "premises"]),
    ],
)  # fmt: skip
def test_what_is_lost(events: list[Any], lost: list[str]) -> None:
    assert lost_papers(events) == lost
