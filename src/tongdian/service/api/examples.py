"""Examples of the OpenAPI document and the integrators' page. All names are fictitious."""

from typing import Any

NUMBER = "GY2611250000001B"
APPLICATION = {
    "applicant_kind": "resident",
    "purpose": "residential",
    "load_kw": "8",
    "district": "520102",
    "zone": "central_urban",
    "name": "示例·王小丽",
    "id_type": "resident_id",
    "id_number": "529900198808080070",
    "phone": "19900000001",
    "address": "贵阳市南明区示例路 12 号 3 栋 501",
}
BODIES: dict[str, Any] = {
    "submit_application": APPLICATION,
    "act_step_rated": {"step": "application", "stars": 5},
    "act_withdrawn": {"reason_code": "plans_changed"},
    "act_scheme_accepted": {},
    "act_scheme_disputed": {"reason_code": "route", "reason": "路径绕远"},
    "act_completion_reported": {"completed_on": "2026-11-20"},
    "act_deficiency_answered": {"answers": [{"field": "licence", "answer": "已重拍"}]},
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "precheck": {
        "load_kw": "80",
        "purpose": "commercial",
        "applicant_kind": "small_micro",
        "external_works": "unknown",
    },
    "deadline": {"from": "2026-09-17", "working_days": 5},
    "inclusion_proof": {"leaf_index": 0, "tree_size": 1},
    "consistency_proof": {"first": 1, "second": 1},
}


def add_to(operation: dict[str, Any]) -> None:
    """Put the examples of an operation into its document."""
    name = operation["operationId"]
    if name in BODIES:
        operation["requestBody"]["content"]["application/json"]["example"] = BODIES[name]
    for parameter in operation["parameters"]:
        if parameter["name"] in PARAMETERS.get(name, {}):
            parameter["example"] = PARAMETERS[name][parameter["name"]]
