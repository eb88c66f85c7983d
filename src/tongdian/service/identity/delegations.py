"""One person lets another act in its name."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.errors import InvalidRequest, NotPermitted
from tongdian.service.identity.models import Delegation, Organisation, User
from tongdian.service.identity.rules import require_administrator


def delegate(
    *,
    agent: User,
    principal_user: User | None = None,
    principal_organisation: Organisation | None = None,
    case_number: str = "",
    until: datetime | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> Delegation:
    """Let `agent` act for a person or an organisation, on all its cases or on one.

    A person delegates for itself and only what it may act on; for an organisation an administrator
    does. Raises NotPermitted and InvalidRequest.
    """
    if (principal_user is None) == (principal_organisation is None):
        raise InvalidRequest("委托方须是一个人或一个单位。", "Name one person or one organisation.")
    own = principal_user is not None and principal_user.pk == actor.user_id
    if not own:
        require_administrator(actor)
    elif case_number and case_number not in actor.cases:
        raise NotPermitted(
            "只能委托自己打开的办件。",
            "Only a case that you have opened can be delegated.",
            "请先用办件编号和查询码打开该办件。",
            "Open it with its number and query code first.",
        )
    if principal_user == agent or (until is not None and until <= (at or timezone.now())):
        raise InvalidRequest(
            "不能委托给自己，期限须在将来。",
            "A delegation needs somebody else and an end in the future.",
        )
    with transaction.atomic():
        made = Delegation.objects.create(
            principal_user=principal_user,
            principal_organisation=principal_organisation,
            agent=agent,
            scope=Delegation.Scope.CASE if case_number else Delegation.Scope.ALL,
            case_number=case_number,
            created_by=actor.pseudonym,
            created_at=at or timezone.now(),
            until=until,
        )
        audit.record("delegated", actor=actor, subject=agent.pseudonym, at=at, delegation=made.pk)
    return made


def revoke_delegation(*, delegation: Delegation, actor: Actor, at: datetime | None = None) -> None:
    """End a delegation: by its principal, its agent or an administrator."""
    if actor.user_id not in (delegation.principal_user_id, delegation.agent_id):
        require_administrator(actor)
    with transaction.atomic():
        open_one = Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True)
        if not open_one.update(revoked_at=at or timezone.now()):
            raise InvalidRequest("委托已经结束。", "The delegation has ended before.")
        audit.record(
            "delegation_revoked",
            actor=actor,
            subject=delegation.agent.pseudonym,
            at=at,
            delegation=delegation.pk,
        )
