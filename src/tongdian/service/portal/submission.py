"""From a complete draft to a case: once, however often and however fast it is sent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from tongdian.service.casework import clock
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Evidence
from tongdian.service.connection import commands
from tongdian.service.connection.actions import (
    Submitted,
    act,
    file_for_owner,
    submit_application,
)
from tongdian.service.exchange.facts import bind_to_case, consent_of, withdraw_consent
from tongdian.service.identity.actions import keep_access
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.portal import drafts
from tongdian.service.portal.documents import DocumentsForm, documents_of
from tongdian.service.portal.forms import words_of
from tongdian.service.portal.models import Draft
from tongdian.service.portal.questions import application_of
from tongdian.service.portal.shared_facts import CONSENT, holder_of, typed_of


def submit_draft(request: HttpRequest, draft: Draft) -> str:
    """Submit a draft and return its case number. A repeated or simultaneous call waits for the
    first and returns the same number. Raises InvalidInput; then nothing was written."""
    number = _submitted(request, draft)
    keep_access(request, number)
    return number


def _submitted(request: HttpRequest, draft: Draft) -> str:
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.case_number:
            return held.case_number
        actor = actor_of(request)
        _adopt(held.answers.get("uploads", {}), actor)
        data = application_of(held.answers, documents_of(held.answers))
        application = commands.parse(commands.Application, data)
        assert isinstance(application, commands.Application)
        action = file_for_owner if held.answers.get("filer") == "contractor" else submit_application
        submitted: Submitted = action(application, actor=actor)
        number = submitted.performed.case.number
        own = replace(actor, cases=actor.cases | {number})
        _attach(number, held.answers.get("uploads", {}), own)
        _bind_facts(number, held, own)
        held.case_number = number
        held.submitted_at = clock.now()
        held.answers = {}
        held.sealed_codes = drafts.seal_codes(request.session, submitted.codes)
        held.save()
    return number


def _bind_facts(number: str, draft: Draft, actor: Actor) -> None:
    """Consent and facts become the case's: an event for the one, and for each of the others."""
    given = consent_of(holder_of(draft), typed_of(draft.answers))
    if given is None or draft.answers.get("facts_choice") != CONSENT:
        withdraw_consent(holder_of(draft))
        return
    act(number, "consent_given", {"documents": given.documents}, actor=actor)
    bind_to_case(holder_of(draft), number)


def _adopt(uploads: Mapping[str, Mapping[str, Any]], actor: Actor) -> None:
    """A draft that was resumed on another device holds papers sent under that device's pseudonym;
    whoever holds the draft holds them."""
    for kept in uploads.values():
        Evidence.objects.filter(
            digest=kept["digest"], uploaded_by=kept["by"], case__isnull=True
        ).update(uploaded_by=actor.pseudonym)


def _attach(number: str, uploads: Mapping[str, Mapping[str, Any]], actor: Actor) -> None:
    """The uploaded papers join the case, each by its own event."""
    for paper, kept in sorted(uploads.items()):
        data = {
            "digest": kept["digest"],
            "media_type": kept["media_type"],
            "size_bytes": kept["size_bytes"],
            "name": kept["name"][:80],
            "about": paper,
        }
        act(number, "evidence_added", data, actor=actor)


def store_uploads(
    form: DocumentsForm, kept: Mapping[str, Any], actor: Actor
) -> dict[str, dict[str, Any]]:
    """Keep the good files, put the words of bad ones beside their field; removed ones go."""
    uploads = {name: dict(item) for name, item in kept.items() if name not in form.removed()}
    for paper_id, file in form.files_sent():
        try:
            stored = store_evidence(file, actor=actor)
        except InvalidInput as error:
            for item in error.errors:
                form.add_error(f"file-{paper_id}", words_of(item))
            continue
        uploads[paper_id] = {
            "digest": stored.digest,
            "name": stored.name,
            "media_type": stored.media_type,
            "size_bytes": stored.size_bytes,
            "by": actor.pseudonym,
        }
    return uploads
