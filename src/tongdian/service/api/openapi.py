"""The OpenAPI document as it is true: problems, headers and examples that no view has to repeat."""

from typing import Any

from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from tongdian.service.api import examples
from tongdian.service.api.auth import ApiKey
from tongdian.service.api.problems import CONTENT_TYPE, PROBLEMS
from tongdian.service.api.schemas import Problem

Json = dict[str, Any]
BODY_NAMES = ("application", "command")
ALWAYS = ("bad-request", "database-unavailable", "internal-error")
OF_KEY = ("not-signed-in", "scope-not-granted")
OF_WRITE = ("idempotency-key-needed", "in-progress", "too-large", "media-type",
            "invalid-input", "idempotency-key-reused")  # fmt: skip
OF_ACTION = ("role-not-allowed", "case-not-found", "not-allowed-now", "superseded")
OF_OPERATION = {
    "submit_application": ("role-not-allowed",),
    "read_receipt": ("not-yet-sequenced",),
    "export_case": ("not-yet-sequenced",),
    "tree_head": ("no-tree-head",),
    "inclusion_proof": ("outside-the-log",),
    "consistency_proof": ("outside-the-log",),
}

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "每次写入一个新的键；重试用同一个键，七天内回放同一个回答。"
    " A new key for each write; a retry sends the same and gets the same answer for seven days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "6f1c2d3e-0b7a-4c58-9a51-2f6d1f0e9b7c",
}
RETRY_AFTER = {"description": "秒 / seconds", "schema": {"type": "integer", "minimum": 1}}
REPLAYED = {
    "description": "true：这是此前同一个键的回答 / the kept answer of an earlier request",
    "schema": {"const": "true"},
}
LOCATION = {"description": "新案件的地址 / where the new case is", "schema": {"type": "string"}}
ETAG = {"description": '"seq"', "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
DECIMAL = r"^[0-9]{1,10}(\.[0-9]{1,8})?$"


class TongdianAPI(NinjaAPI):
    """NinjaAPI whose document also tells what guards, middleware and handlers do, and whose
    validation errors keep their cause, such as a wrong check digit."""

    def _scopes(self) -> dict[str, list[Json]]:
        """The security of each operation with a key: one of the scopes is enough."""
        return {
            str(operation.operation_id): [{"ApiKey": [scope]} for scope in guard.scopes]
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
            for guard in operation.auth_callbacks
            if isinstance(guard, ApiKey)
        }

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        return ValidationError(
            [
                {**error, "loc": _field(context.model, error["loc"])}
                for context in error_contexts
                for error in context.pydantic_validation_error.errors(include_url=False)
            ]
        )

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        scopes = self._scopes()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _complete(path, method, operation)
                if operation["operationId"] in scopes:
                    operation["security"] = scopes[operation["operationId"]]
        schemas = document["components"]["schemas"]
        schemas["Problem"] = _problem_schema(schemas)
        for schema in (*schemas.values(), document["paths"]):
            _say_decimals(schema)
        return document


def _field(model: Any, location: tuple[int | str, ...]) -> list[int | str]:
    """Where an error is, without the name under which the view takes the whole body."""
    found = list(model.__ninja_flatten_map_reverse__.get(location, location))
    return found[1:] if found[0] in BODY_NAMES and len(found) > 1 else found


def problems_of(operation: Json, *, write: bool) -> list[str]:
    """The slugs that an operation may answer with, in the order of the table."""
    found = set(ALWAYS) | set(OF_OPERATION.get(operation["operationId"], ()))
    if operation.get("security"):
        found |= set(OF_KEY)
    if write:
        found |= set(OF_WRITE)
    if "/actions/" in operation["path"]:
        found |= set(OF_ACTION)
    if "{number}" in operation["path"]:
        found.add("case-not-found")
    if operation["parameters"]:
        found.add("invalid-input")
    return [slug for slug in PROBLEMS if slug in found]


def _complete(path: str, method: str, operation: Json) -> None:
    write = method == "post"
    slugs = problems_of({**operation, "path": path}, write=write)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] |= {"pattern": "^GY[0-9]{13}[0-9A-Z]$"}
            parameter["example"] = examples.NUMBER
    success = next(iter(operation["responses"].values()))
    headers = success.setdefault("headers", {})
    if write:
        operation["parameters"].append(dict(KEY))
        headers["Idempotency-Replayed"] = REPLAYED
    if operation["operationId"] == "submit_application":
        headers["Location"] = LOCATION
    if operation["operationId"] == "read_case":
        headers["ETag"] = ETAG
    for status in sorted({PROBLEMS[slug].status for slug in slugs}):
        kinds = [slug for slug in slugs if PROBLEMS[slug].status == status]
        operation["responses"][status] = _refusal(kinds)
    examples.add_to(operation)


def _refusal(slugs: list[str]) -> Json:
    """One status with all the problem types it may carry."""
    kinds = [PROBLEMS[slug] for slug in slugs]
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"properties": {"type": {"enum": [kind.uri for kind in kinds]}}},
        ]
    }
    response: Json = {
        "description": "; ".join(f"{kind.title_zh} / {kind.title_en}" for kind in kinds),
        "content": {CONTENT_TYPE: {"schema": schema}},
    }
    if {"in-progress", "database-unavailable", "not-yet-sequenced"} & set(slugs):
        response["headers"] = {"Retry-After": RETRY_AFTER}
    return response


def _problem_schema(schemas: Json) -> Json:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs"))
    schema["properties"]["type"]["enum"] = [kind.uri for kind in PROBLEMS.values()]
    return schema


def _say_decimals(schema: Any) -> None:
    """Decimals may be sent as text too: say that only digits are meant, not any text."""
    if isinstance(schema, list):
        for part in schema:
            _say_decimals(part)
    elif isinstance(schema, dict):
        choices = schema.get("anyOf")
        if isinstance(choices, list) and any(c.get("type") == "number" for c in choices):
            for choice in choices:
                if choice == {"type": "string"}:
                    choice["pattern"] = DECIMAL
        for part in schema.values():
            _say_decimals(part)
