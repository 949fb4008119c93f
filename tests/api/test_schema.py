"""The description of the API is true: of examples, of routes, and of whatever is sent."""

from __future__ import annotations

from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("POST", "/api/ask"),
    ("GET", "/api/search"),
    ("GET", "/api/excerpts"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/{id}"),
    ("GET", "/api/documents/{id}/pages/{number}"),
    ("GET", "/api/documents/{id}/pages/{number}.png"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{id}"),
    ("POST", "/v1/chat/completions"),
]
LINE = 60_000  # characters of an address that uvicorn takes, and some more than that
COMMON: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
calls = {"quick": 0, "thorough": 0}


@pytest.fixture(scope="session")
def described(url: str) -> Any:
    """What a real server says of itself; the requests go to that server."""
    return schemathesis.openapi.from_url(f"{url}/api/openapi.json")


def checked(described: Any, data: st.DataObject, method: str, path: str, run: str) -> None:
    mode = data.draw(st.sampled_from(GenerationMode))
    try:
        case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    except SkipTest:  # nothing of this operation can be sent wrongly
        case = data.draw(described[path][method].as_strategy())
    calls[run] += 1
    reply = case.call()
    if reply.status_code == 400 and len(reply.request.url or "") > LINE:
        assert reply.text == "Invalid HTTP request received."  # uvicorn's; we never see it
    else:
        case.validate_response(reply, checks=CHECKS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@seed(20261101)
@settings(max_examples=25, **COMMON)
@given(data=st.data())
def test_every_reply_is_as_described(
    described: Any, data: st.DataObject, method: str, path: str
) -> None:
    checked(described, data, method, path, "quick")


def test_a_few_hundred_requests_were_made() -> None:
    assert calls["quick"] >= 200


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@seed(20261101)
@settings(max_examples=300, **COMMON)
@given(data=st.data())
def test_thousands_of_replies_are_as_described(
    described: Any, data: st.DataObject, method: str, path: str
) -> None:
    checked(described, data, method, path, "thorough")


@pytest.mark.slow
def test_thousands_of_requests_were_made() -> None:
    assert calls["thorough"] >= 2000


# --- What it says of itself -------------------------------------------------------------


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    return client.get("/api/openapi.json").json()


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def valid(document: Any, pointer: Any, value: Any) -> None:
    whole = {**pointer, "components": document["components"]}
    Draft202012Validator(whole).validate(value)


def test_every_operation_is_described(document: Any) -> None:
    found = operations(document)
    assert sorted((method.upper(), path) for path, method, _ in found) == sorted(OPERATIONS)
    for path, _, operation in found:
        assert operation["description"] and operation["tags"] and operation["operationId"], path
        assert not path.startswith(("/pages", "/evaluation", "/gradio", "/conversations"))


def test_every_reply_has_a_schema_and_an_example_that_fits_it(document: Any) -> None:
    for path, _, operation in operations(document):
        for status, reply in operation["responses"].items():
            for kind, content in reply["content"].items():
                place = f"{path} {status} {kind}"
                assert content.get("schema") is not None, place
                if kind == "image/png":
                    continue
                assert "example" in content, place
                valid(document, content["schema"], content["example"])


def test_every_request_has_an_example_that_fits_it(document: Any) -> None:
    for path, method, operation in operations(document):
        if method == "post":
            content = operation["requestBody"]["content"]["application/json"]
            model = document["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]]
            assert model["examples"], path
            valid(document, content["schema"], model["examples"][0])
        for parameter in operation.get("parameters", []):
            for example in parameter["schema"].get("examples", []):
                valid(document, parameter["schema"], example)


def test_errors_are_described_in_their_own_type(document: Any) -> None:
    for path, _, operation in operations(document):
        kinds = {
            kind
            for status, reply in operation["responses"].items()
            if int(status) >= 400
            for kind in reply["content"]
        }
        own = {"application/json"} if path.startswith("/v1") else {"application/problem+json"}
        assert kinds == own, path
    assert "HTTPValidationError" not in document["components"]["schemas"]
