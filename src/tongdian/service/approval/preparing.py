"""A route handed in by a program: kept as one that was drawn, with what follows from it."""

import json
from decimal import Decimal
from typing import Any

from django.db import transaction

from tongdian.service.approval.process import FILERS
from tongdian.service.approval.route_documents import keep
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.approval.route_plans import assessed, save_works
from tongdian.service.casework.errors import FieldError, Forbidden, InvalidInput
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.actions import record_read_of
from tongdian.works.geojson import from_geojson
from tongdian.works.permits import Assessment
from tongdian.works.refusals import WorksError


def prepare_route(
    case: Case, *, route: dict[str, Any], voltage_kv: Decimal, actor: Actor
) -> dict[str, Any]:
    """Keep a route (GeoJSON, EPSG:4490) on the case and say what it needs: `route_digest` for the
    filing's materials, `items`, `moratoria`, `commitment` with its conditions.

    Raises Forbidden for who does not file, InvalidInput naming the field of the route."""
    if not roles_for_rules(actor) & FILERS:
        raise Forbidden("permits_filed", sorted(FILERS))
    try:
        read = from_geojson(json.dumps(route))
        found = assessed(case, read, voltage_kv)
    except WorksError as error:
        raise InvalidInput([_field(error)]) from None
    with transaction.atomic():
        save_works(case, actor, route=read, typed={"voltage_kv": f"{voltage_kv.normalize():f}"})
        digest = keep(case, PermitDocument.Kind.ROUTE, read.to_geojson())
    record_read_of(case, actor=actor, what="permit")
    return _told(found.assessment, digest)


def _field(error: WorksError) -> FieldError:
    name = error.field if error.field == "voltage_kv" else f"route.{error.field}"
    return FieldError(
        name, error.rule_zh, error.rule_en, str(error.remedy_zh), str(error.remedy_en)
    )


def _told(assessment: Assessment, digest: str) -> dict[str, Any]:
    told = assessment.to_json()
    names = ("id", "zh", "en", "passed", "value", "limit", "unit", "clause")
    return {
        "route_digest": digest,
        "length_m": told["length_m"],
        "voltage_kv": told["voltage_kv"],
        "items": [
            {
                "code": item.code,
                "sub_items": [sub for sub in item.sub_items if sub],
                "clauses": list(dict.fromkeys(reason.clause for reason in item.reasons)),
            }
            for item in assessment.items
        ],
        "moratoria": [
            {
                name: str(ban[name])
                for name in ("rule_zh", "rule_en", "remedy_zh", "remedy_en", "clause")
            }
            for ban in told["moratoria"]
        ],
        "commitment": told["commitment"],
        "conditions": [{name: one[name] for name in names} for one in told["conditions"]],
    }
