"""The description of the API, where FastAPI's own needs more said."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant.api import examples
from assistant.api.guard import for_programs
from assistant.api.problems import OpenAIProblem, Problem

_SUMMARY: Final = (
    "Answers from doctrine and policy documents in which every statement carries a citation that "
    "was checked against the page it names."
)
_REFS: Final = "#/components/schemas/{model}"
# Given here and not with the routes, because FastAPI leaves out what is null in an example.
_EXAMPLES: Final[dict[str, Any]] = {
    "ask": examples.ANSWER,
    "search": examples.SEARCH,
    "excerpts": examples.FOUND,
    "documents": examples.DOCUMENTS,
    "document": examples.DOCUMENT,
    "page": examples.PAGE,
    "readyz": examples.READY,
    "models": examples.MODELS,
    "model": examples.MODEL,
    "chat": examples.COMPLETION,
}
_UNUSED: Final = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, key: bool) -> None:
    """Have ``app`` describe its errors, too, and the key where it asks for one."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(app, key)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's manual has it


def _completed(app: FastAPI, key: bool) -> dict[str, Any]:
    found = get_openapi(
        title=app.title, version=app.version, description=_SUMMARY, routes=app.routes
    )
    schemas = found["components"]["schemas"]
    for model in (Problem, OpenAIProblem):
        schema = model.model_json_schema(ref_template=_REFS)
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _mend(path, operation)
            if key and for_programs(path):
                operation["security"] = [{"key": []}]
    for name in _UNUSED:
        schemas.pop(name, None)
    if key:
        scheme = {"type": "http", "scheme": "bearer"}
        found["components"]["securitySchemes"] = {"key": scheme}
    return found


def _mend(path: str, operation: dict[str, Any]) -> None:
    """Add the example of a reply; take out the error that FastAPI adds and that is never sent."""
    if example := _EXAMPLES.get(operation["operationId"]):
        operation["responses"]["200"]["content"]["application/json"]["example"] = example
    if path.startswith("/v1"):
        operation["responses"].pop("422", None)
