"""Passages and excerpts over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer.assistant import Assistant
from assistant.answer.record import hit_json
from assistant.api.record import excerpt_json
from assistant.excerpts.query import ExcerptQuery
from assistant.types import Filters
from tests.api.conftest import DIGEST, QUESTION

WORDS = "security cooperation"


def test_hits_are_those_of_the_assistant(client: TestClient, assistant: Assistant) -> None:
    told = client.get("/api/search", params={"q": QUESTION, "limit": 5}).json()
    assert told["hits"] == [hit_json(hit) for hit in assistant.search(QUESTION, limit=5)]


def test_hits_come_in_pages(client: TestClient, assistant: Assistant) -> None:
    address: str | None = "/api/search?q=levels+of+warfare&limit=4&status=current"
    ranks: list[int] = []
    for _ in range(3):
        assert address
        page = client.get(address).json()
        ranks += [hit["rank"] for hit in page["hits"]]
        address = page["next"]
    assert ranks == list(range(1, 13))


def test_filters_of_a_search(client: TestClient) -> None:
    query = {"q": QUESTION, "file": [DIGEST, "rra641-1_digest.pdf"], "since": "2026-01-01"}
    files = {hit["file"] for hit in client.get("/api/search", params=query).json()["hits"]}
    assert files and files <= {DIGEST, "rra641-1_digest.pdf"}
    reply = client.get("/api/search", params={"q": QUESTION, "file": "nowhere.pdf"})
    assert reply.status_code == 422 and "nowhere.pdf" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({}, ExcerptQuery(WORDS)),
        ({"mode": "phrase", "order": "document"}, ExcerptQuery(WORDS, "phrase", order="document")),
        (
            {"mode": "words", "status": "superseded", "grouped": "false"},
            ExcerptQuery(WORDS, "words", Filters(statuses=("superseded",)), grouped=False),
        ),
        (
            {"mode": "words", "first_page": 3, "last_page": 6, "before": 1, "after": 2},
            ExcerptQuery(WORDS, "words", pages=(3, 6), before=1, after=2),
        ),
        (
            {"mode": "words", "first_paragraph": "1-1", "last_paragraph": "1-9", "file": DIGEST},
            ExcerptQuery(WORDS, "words", Filters((DIGEST,)), paragraphs=("1-1", "1-9")),
        ),
    ],
)
def test_excerpts_are_those_of_the_assistant(
    client: TestClient, assistant: Assistant, params: dict[str, Any], query: ExcerptQuery
) -> None:
    told = client.get("/api/excerpts", params={"q": WORDS, "limit": 20, **params}).json()
    direct = assistant.excerpts(query, 20, 0)
    assert told["excerpts"] == [excerpt_json(excerpt) for excerpt in direct.excerpts]
    assert (told["total"], told["mode"], told["index"]) == (direct.total, direct.mode, direct.index)


def test_excerpts_come_in_pages_without_gap_or_repeat(
    client: TestClient, assistant: Assistant
) -> None:
    address: str | None = "/api/excerpts?q=security+cooperation&mode=words&limit=7"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        seen += [excerpt["id"] for excerpt in page["excerpts"]]
        address = page["next"]
    assert len(seen) == page["total"] == len(set(seen)) > 20
    whole = assistant.excerpts(ExcerptQuery(WORDS, "words"), page["total"], 0)
    assert seen == [excerpt.id for excerpt in whole.excerpts]


@pytest.mark.parametrize("route", ["search", "excerpts"])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": ""},
        {"q": "?!"},
        {"q": "w " * 3000},
        {"q": "x", "limit": "0"},
        {"q": "x", "limit": "201"},
        {"q": "x", "offset": "-1"},
        {"q": "x", "status": "new"},
        {"q": "x", "since": "soon"},
        {"q": "x", "file": "\x00"},
    ],
)
def test_a_senseless_search_is_one_sentence(
    client: TestClient, route: str, params: dict[str, str]
) -> None:
    reply = client.get(f"/api/{route}", params=params)
    assert reply.status_code == 422 and reply.json()["detail"]


@pytest.mark.parametrize(
    "params",
    [
        {"mode": "magic"},
        {"first_page": "0"},
        {"before": "21"},
        {"order": "x"},
        {"first_paragraph": "1"},
    ],
)
def test_a_senseless_excerpt_is_one_sentence(client: TestClient, params: dict[str, str]) -> None:
    reply = client.get("/api/excerpts", params={"q": WORDS, **params})
    assert reply.status_code == 422 and reply.json()["detail"]
