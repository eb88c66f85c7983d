"""The papers of an application: what nobody asks for, what to upload, what may come later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tongdian.law.tracks import RequestError
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.portal.case_forms import ACCEPT
from tongdian.service.portal.forms import PartForm
from tongdian.service.portal.prechecks import found_answer, registry_name, request_of
from tongdian.service.portal.words import pick

AGENT_ONLY = frozenset({"agent_identity"})


@dataclass(frozen=True)
class Paper:
    """One paper. `handling`: shared (nobody asks), proved (a registry has said so), waiting (it is
    being asked, a paper is welcome), ask, form (a sheet to write), later."""

    id: str
    name: str
    handling: str
    source: str
    clause: str

    @property
    def shared(self) -> bool:
        return self.handling in ("shared", "proved")

    @property
    def is_waiting(self) -> bool:
        return self.handling == "waiting"


def papers_for(answers: Mapping[str, Any]) -> list[Paper]:
    """The papers of the track that the answers lead to; of an agent only where there is one."""
    try:
        found = found_answer(request_of(answers))
    except (InvalidInput, RequestError):
        return []
    papers = []
    for document in (*found.shared, *found.asked):
        if document.id in AGENT_ONLY and answers.get("filer") not in ("agent", "contractor"):
            continue
        source = ""
        if document.handling == "shared" and document.registry and document.id not in AGENT_ONLY:
            source = _("由%(registry)s共享") % {"registry": registry_name(document.registry)}
        name = pick(document.zh, document.en)
        handling = _handling(document.id, document.handling, answers)
        if handling == "proved":
            source = _("%(registry)s已证实") % {"registry": registry_name(document.registry or "")}
        papers.append(Paper(document.id, name, handling, source, document.clause))
    return papers


# What becomes of a paper by what its registry has said (`shared_facts`).
BY_FACT = {"obtained": "proved", "pending": "waiting", "unavailable": "ask"}


def _handling(document: str, planned: str, answers: Mapping[str, Any]) -> str:
    """As the plan has it, unless a registry was asked for this paper, or must not be."""
    choice = answers.get("facts_choice")
    if choice == "consent":
        return BY_FACT.get(answers.get("facts", {}).get(document, ""), planned)
    own = choice == "own" and planned == "shared" and document not in AGENT_ONLY
    return "ask" if own else planned


@dataclass(frozen=True)
class PaperRow:
    """A paper to upload: its file field, what is kept already, and the way to do it later."""

    paper: Paper
    file: Any
    kept: Mapping[str, Any] | None
    remove: Any
    later: Any


class DocumentsForm(PartForm):
    """A file for each paper that is asked for; 容缺受理: it may also come later."""

    def __init__(
        self, *args: Any, papers: Sequence[Paper], answers: Mapping[str, Any], **kwargs: Any
    ) -> None:
        self.wanted = [paper for paper in papers if not paper.shared]
        self.kept = dict(answers.get("uploads", {}))
        self.postponed_before = list(answers.get("later", []))
        super().__init__(*args, **kwargs)
        for paper in self.wanted:
            self._add(paper)

    def _add(self, paper: Paper) -> None:
        self.fields[f"file-{paper.id}"] = forms.FileField(
            label=paper.name,
            help_text=_("我们还在查，可以不交") if paper.is_waiting else "",
            required=False,
            widget=forms.ClearableFileInput({"accept": ACCEPT}),
        )
        self.fields[f"remove-{paper.id}"] = forms.BooleanField(
            label=_("不要这个文件"), required=False
        )
        if paper.is_waiting:
            return
        self.fields[f"later-{paper.id}"] = forms.BooleanField(
            label=_("现在没有，办理中再补（容缺受理）"),
            required=False,
            initial=paper.id in self.postponed_before,
        )

    @property
    def rows(self) -> list[PaperRow]:
        return [
            PaperRow(
                paper,
                self[f"file-{paper.id}"],
                self.kept.get(paper.id),
                self[f"remove-{paper.id}"],
                None if paper.is_waiting else self[f"later-{paper.id}"],
            )
            for paper in self.wanted
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for paper in self.wanted:
            name = f"file-{paper.id}"
            has = cleaned.get(name) or (paper.id in self.kept and paper.id not in self.removed())
            settled = has or paper.is_waiting or cleaned.get(f"later-{paper.id}")
            if not settled and name not in self.errors:
                self.add_error(name, _("请上传%(paper)s，或选择以后再补") % {"paper": paper.name})
        return cleaned

    def removed(self) -> list[str]:
        return [p.id for p in self.wanted if self.cleaned_data.get(f"remove-{p.id}")]

    def postponed(self) -> list[str]:
        return [p.id for p in self.wanted if self.cleaned_data.get(f"later-{p.id}")]

    def files_sent(self) -> list[tuple[str, Any]]:
        sent = [(p.id, self.cleaned_data.get(f"file-{p.id}")) for p in self.wanted]
        return [(paper_id, file) for paper_id, file in sent if file]


def documents_complete(answers: Mapping[str, Any]) -> bool:
    """Whether every paper asked for is uploaded or postponed."""
    settled = {*answers.get("uploads", {}), *answers.get("later", [])}
    return bool(answers.get("documents_seen")) and all(
        paper.shared or paper.is_waiting or paper.id in settled for paper in papers_for(answers)
    )


def documents_of(answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The documents of an Application: shared, uploaded with digest, or promised for later."""
    uploads = answers.get("uploads", {})
    documents: list[dict[str, Any]] = []
    for paper in papers_for(answers):
        if paper.shared:
            documents.append({"kind": paper.id, "source": "shared"})
        elif paper.id in uploads:
            digest = uploads[paper.id]["digest"]
            documents.append({"kind": paper.id, "source": "upload", "digest": digest})
        elif paper.is_waiting:
            documents.append({"kind": paper.id, "source": "shared"})
        else:
            documents.append({"kind": paper.id, "source": "promise"})
    return documents


def document_rows(answers: Mapping[str, Any], change: str) -> list[dict[str, str]]:
    """The papers on the check page."""
    uploads = answers.get("uploads", {})
    rows = []
    for paper in papers_for(answers):
        row = {"question": paper.name, "answer": _("以后再补"), "url": change}
        if paper.shared:
            row = {"question": paper.name, "answer": _("无需提交"), "source": paper.source}
        elif paper.id in uploads:
            row["answer"] = uploads[paper.id]["name"]
        elif paper.is_waiting:
            row["answer"] = _("无需提交，我们继续查")
        rows.append(row)
    return rows
