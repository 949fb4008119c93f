"""The official client of OpenAI talks to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient

from assistant.answer.assistant import Assistant
from assistant.answer.record import citation_json
from assistant.answer.render import answer_text
from assistant.api.chat_models import EXTRACTIVE, MODEL, MODELS
from assistant.api.chat_text import pieces
from tests.api.conftest import QUESTION

FIRST = "What is the operational level of warfare?"
SECOND = "And the tactical one?"
UNKNOWN = "Who won the chess championship of 1972?"


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as made:
        yield made


def asked(question: str) -> list[Any]:
    return [{"role": "user", "content": question}]


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert {model.id for model in client.models.list()} == set(MODELS)
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-9")
    assert caught.value.code == "model_not_found"


def test_a_conversation_of_two_turns(client: openai.OpenAI, assistant: Assistant) -> None:
    messages: list[Any] = [{"role": "system", "content": "Answer as a pirate."}, *asked(FIRST)]
    first = client.chat.completions.create(model=MODEL, messages=messages, temperature=1.5)
    assert first.choices[0].message.content == answer_text(assistant.ask(FIRST))
    messages += [{"role": "assistant", "content": first.choices[0].message.content}]
    messages += [{"role": "user", "content": [{"type": "text", "text": SECOND}]}]
    second = client.chat.completions.create(model=MODEL, messages=messages, max_tokens=5)
    direct = assistant.ask(SECOND, None, assistant.in_context([FIRST]))
    assert direct.standalone is not None
    assert second.choices[0].message.content == answer_text(direct)
    assert second.system_fingerprint == direct.index
    usage: Any = second.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0
    assert usage.estimated is True


def test_the_marks_are_annotated(client: openai.OpenAI, assistant: Assistant, url: str) -> None:
    reply = client.chat.completions.create(model=MODEL, messages=asked(QUESTION))
    message: Any = reply.choices[0].message
    direct = {c.number: c for c in assistant.ask(QUESTION).citations}
    assert message.annotations and message.abstained is False and message.refusal is None
    for annotation in message.annotations:
        place, citation = annotation.url_citation, annotation.citation
        mark = message.content[place.start_index : place.end_index]
        assert annotation.type == "url_citation" and mark == f"[{citation['n']}]"
        assert citation == citation_json(direct[citation["n"]])
        assert f"{mark} {place.title}" in message.content.splitlines()
        assert place.url.startswith(f"{url}/api/documents/")
        assert place.url.endswith(f"highlight={citation['start']}-{citation['end']}")


def test_what_is_streamed_is_the_same(client: openai.OpenAI, assistant: Assistant) -> None:
    options: Any = {"include_usage": True}
    chunks: list[Any] = list(
        client.chat.completions.create(
            model=EXTRACTIVE, messages=asked(QUESTION), stream=True, stream_options=options
        )
    )
    assert len({chunk.id for chunk in chunks}) == 1
    *said, last = chunks
    deltas = [chunk.choices[0].delta for chunk in said]
    assert deltas[0].role == "assistant"
    text = "".join(delta.content or "" for delta in deltas)
    assert text == answer_text(assistant.ask(QUESTION))
    (marked,) = [delta for delta in deltas if hasattr(delta, "annotations")]
    assert marked.annotations and marked.abstained is False
    assert [c.choices[0].finish_reason for c in said] == [None] * (len(said) - 1) + ["stop"]
    assert last.choices == [] and last.usage.estimated is True


def test_an_abstention_is_a_message(client: openai.OpenAI, assistant: Assistant) -> None:
    message: Any = (
        client.chat.completions.create(model=MODEL, messages=asked(UNKNOWN)).choices[0].message
    )
    assert message.content == assistant.ask(UNKNOWN).reason
    assert message.abstained is True and message.annotations == []


@pytest.mark.parametrize(
    ("changes", "kind", "param"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "model"),
        ({"n": 2}, openai.BadRequestError, "n"),
        ({"logprobs": True}, openai.BadRequestError, "logprobs"),
        ({"response_format": {"type": "json_object"}}, openai.BadRequestError, "response_format"),
        ({"modalities": ["text", "audio"]}, openai.BadRequestError, "modalities"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]},
            openai.BadRequestError,
            "tools",
        ),
        ({"messages": asked("")}, openai.BadRequestError, None),
        ({"messages": asked("w" * 5000)}, openai.BadRequestError, None),
        ({"messages": []}, openai.BadRequestError, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, openai.BadRequestError, "messages"),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "data:,"}}],
                    }
                ]
            },
            openai.BadRequestError,
            "messages",
        ),
    ],
)
def test_errors_are_those_that_the_client_knows(
    client: openai.OpenAI, changes: dict[str, Any], kind: type[openai.APIStatusError], param: Any
) -> None:
    for stream in (False, True):
        body = {"model": MODEL, "messages": asked(QUESTION), "stream": stream, **changes}
        with pytest.raises(kind) as caught:
            client.chat.completions.create(**body)
        assert caught.value.param == param and caught.value.type == "invalid_request_error"
        assert isinstance(caught.value.body, dict) and caught.value.body["message"]


def test_what_asks_for_nothing_is_let_through(client: openai.OpenAI) -> None:
    harmless: Any = {
        "n": 1,
        "tools": [],
        "tool_choice": "none",
        "top_p": 0.1,
        "seed": 1,
        "user": "x",
    }
    reply = client.chat.completions.create(
        model=MODEL, messages=asked(QUESTION), response_format={"type": "text"}, **harmless
    )
    assert reply.choices[0].message.content


def test_an_unknown_address_is_told_in_openais_shape(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.embeddings.create(model=MODEL, input="x")
    assert caught.value.type == "invalid_request_error"


def test_a_missing_key_is_told_in_openais_shape(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_OF_A_TEST", "s3cret")
    client: TestClient = api(key_env="KEY_OF_A_TEST")
    reply = client.get("/v1/models")
    assert reply.status_code == 401 and reply.json()["error"]["code"] == "invalid_api_key"
    assert client.get("/v1/models", headers={"Authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.parametrize("text", ["", "one", "word " * 100, "x" * 400, " " * 300, "a\n\n[1] b"])
def test_pieces_are_the_whole_text(text: str) -> None:
    assert "".join(pieces(text)) == text
