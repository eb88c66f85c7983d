"""A file that comes with an action: kept as soon as it is received, on the case with the action."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Evidence
from tongdian.service.casework.perform import Performed
from tongdian.service.connection import commands
from tongdian.service.connection.actions import act, add_evidence
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

# What is done on the spot or needs a proof. The file is an event of its own before the action.
WITH_FILE = frozenset(
    {
        "track_reclassified",
        "survey_completed",
        "scheme_replied",
        "permits_filed",
        "permits_decided",
        "external_works_completed",
        "inspection_passed",
        "inspection_failed",
        "contract_recorded",
        "meter_installed",
        "energised",
        "clock_paused",
        "clock_resumed",
        "application_not_accepted",
        "deficiency_listed",
    }
)


def takes_file(kind: str) -> bool:
    return kind in WITH_FILE


def keep(upload: "UploadedFile[Any] | None", digest: str, actor: Actor) -> Evidence | None:
    """The file received now, or the one received with an earlier try of the same form.

    Raises InvalidInput for a file that is refused.
    """
    if upload is not None:
        return store_evidence(upload, actor=actor)
    if not digest:
        return None
    mine = Evidence.objects.filter(digest=digest[:64], uploaded_by=actor.pseudonym)
    return mine.filter(case__isnull=True).first()


def mention(data: Mapping[str, Any], kind: str, kept: Evidence | None) -> dict[str, Any]:
    """The answers of a form, naming the file as (part of) the evidence where one is asked for."""
    answers = dict(data)
    if kept is not None and "evidence" in commands.COMMANDS[kind].model_fields:
        said = str(answers.get("evidence", "")).strip()
        coded = kind == "track_reclassified"
        answers["evidence"] = kept.digest if coded or not said else f"{said} {kept.digest}"
    return answers


def act_with_file(
    number: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    kept: Evidence | None,
    expected_seq: int | None = None,
) -> Performed:
    """Do what `kind` names, the file first; both or neither."""
    assert kind in CONNECTION.rules
    if kept is None:
        return act(number, kind, data, actor=actor, expected_seq=expected_seq)
    with transaction.atomic():
        added = add_evidence(
            number, evidence_command(kept, kind), actor=actor, expected_seq=expected_seq
        )
        answers = mention(data, kind, kept)
        return act(number, kind, answers, actor=actor, expected_seq=added.case.seq)


def evidence_command(kept: Evidence, about: str = "") -> commands.Command:
    """The command that puts a kept file on a case; `about` names the action it belongs to."""
    return commands.parse(
        commands.AddEvidence,
        {
            "digest": kept.digest,
            "media_type": kept.media_type,
            "size_bytes": kept.size_bytes,
            "name": kept.name[-80:],
            "about": about,
        },
    )
