"""What an event or a file says, in words: codes, people, limits and files by their names."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdian.law.plan import load_plan
from tongdian.service.approval.labels import form_name, paper_name
from tongdian.service.approval.process import ITEM_NAMES
from tongdian.service.connection.labels import DEFECTS, LABELS, SUBJECTS, label
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.selectors import organisation_names
from tongdian.service.look.districts import district_name

_DIGEST = re.compile(r"[0-9a-f]{64}")


def chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def names(thing: Any) -> str:
    """The name of a stage, rule or anything with `zh` and `en`."""
    return str(thing.zh if chinese() else thing.en)


def kind_name(kind: str) -> str:
    rule = CONNECTION.rules.get(kind)
    return names(rule) if rule else kind


def ground_name(ground_id: str) -> str:
    found = next((g for g in load_plan().pause_grounds if g.id == ground_id), None)
    return names(found) if found else ground_id


def subject_name(code: str) -> str:
    """What a deficiency is about: a paper of the plan or a field of the application."""
    paper = load_plan().documents.get(code)
    return names(paper) if paper else str(SUBJECTS.get(code) or paper_name(code))


def limit_name(limit_id: str) -> str:
    """`promise`, `statute:scheme`, … in words."""
    if limit_id == "promise":
        return _("方案承诺")
    if limit_id == "joint_approval":
        return _("并联审批总时限")
    if limit_id == "permits_issue":
        return _("统一出文时限")
    family, _colon, stage = limit_id.partition(":")
    if family in ("item", "item_statute"):
        item = ITEM_NAMES.get(stage, (stage, stage))[0 if chinese() else 1]
        words = _("审批时限：%(item)s") if family == "item" else _("法定审批时限：%(item)s")
        return words % {"item": item}
    if family == "promise":
        return _("变更前的承诺：%(track)s") % {"track": label(stage)}
    known = CONNECTION.stages.get(stage)
    stage_words = names(known) if known else stage
    if family == "statute":
        return _("法定：%(stage)s") % {"stage": stage_words}
    return _("内部目标：%(stage)s") % {"stage": stage_words}


def number_words(text: str) -> str:
    """`55.0` as `55`."""
    try:
        return f"{Decimal(text).normalize():,f}"
    except InvalidOperation:
        return text


NUMBERS = ("load_kw", "capacity_kva", "route_length_m", "length_m", "initial_reading")
_BY_KEY: dict[str, Callable[[str], str]] = {
    "ground": ground_name,
    "limits": limit_name,
    "escalated_to": lambda code: organisation_names().get(code, code),
    "department": lambda code: organisation_names().get(code, code),
    "about": kind_name,
    "district": district_name,
    "field": subject_name,
    "fields": subject_name,
    "document": subject_name,
    "documents": subject_name,
    "code": lambda code: str(DEFECTS.get(code, code)),
    "kind": paper_name,
    "form": form_name,
    "seq": lambda seq: f"#{seq}",
    "digest": lambda digest: f"{digest[:12]}…",
    **dict.fromkeys(NUMBERS, number_words),
}
# A letter is read on its own page; its digest says nothing to people.
_HIDDEN = frozenset({"media_type", "letter"})
_VERBATIM = frozenset(
    {"clause", "reason", "evidence", "remedy", "problem", "instant", "changes", "outcome",
     "conditions", "findings", "credit", "what_was_done", "serial", "permit"}
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """`people` are names by pseudonym, `files` names by digest."""

    people: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def rows(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Label and words of each entry, in the order in which a form asks for them."""
        return list(self._rows(payload))

    def _rows(self, payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        order = {name: place for place, name in enumerate(LABELS)}
        for key in sorted(payload, key=lambda name: order.get(name, len(order))):
            value = payload[key]
            if value in ("", None, []) or key in _HIDDEN:
                continue
            if isinstance(value, list) and all(isinstance(part, dict) for part in value):
                yield from self._listed(value)
            else:
                known = LABELS.get(key)
                yield (str(known[0]) if known else key), self.words(key, value)

    def _listed(self, items: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        """One line for each thing of a list: what it is about, then what is said of it."""
        for item in items:
            about = self.words(*next(iter(_about(item).items())))
            said = [self.words(k, v) for k, v in item.items() if k not in _about(item) and v]
            yield about, _("；").join(said)

    def words(self, key: str, value: Any) -> str:
        """A value in words."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, list):
            return _("、").join(self.words(key, part) for part in value)
        if isinstance(value, dict):
            return " ".join(self.words(name, part) for name, part in value.items())
        text = str(value)
        if key == "assignee":
            return self.people.get(text, text)
        if key == "digest" and text in self.files:
            return self.files[text]
        if key in _BY_KEY:
            return _BY_KEY[key](text)
        if key in _VERBATIM:
            return _DIGEST.sub(lambda match: self._file(match.group()), text)
        return label(text)

    def _file(self, digest: str) -> str:
        return self.files.get(digest, f"SHA-256 {digest[:12]}…")


def _about(item: Mapping[str, Any]) -> dict[str, Any]:
    name = next((name for name in ("field", "code", "kind") if name in item), next(iter(item)))
    return {name: item[name]}
