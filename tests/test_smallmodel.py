"""The real small language model that other tests talk to."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import smallmodel

if TYPE_CHECKING:
    from openai import OpenAI

pytestmark = pytest.mark.llm

ESSAY = "Write a long essay on the rivers of Europe."


@pytest.fixture(scope="module")
def model(small_model: Path) -> Iterator[smallmodel.Served]:
    with smallmodel.served(small_model) as model:
        yield model


@pytest.fixture(scope="module")
def client(model: smallmodel.Served) -> Iterator[OpenAI]:
    from openai import DefaultHttpxClient, OpenAI

    with (
        DefaultHttpxClient(trust_env=False) as http,
        OpenAI(base_url=model.address, api_key="none", max_retries=0, http_client=http) as client,
    ):
        yield client


def asking(question: str, model: smallmodel.Served, most: int) -> dict[str, object]:
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": question},
    ]
    return {"model": model.model, "messages": messages, "max_tokens": most, "temperature": 0}


def test_the_model_answers(client: OpenAI, model: smallmodel.Served) -> None:
    reply = client.chat.completions.create(
        **asking("What is the capital of France?", model, most=20)
    )
    assert "Paris" in (reply.choices[0].message.content or "")


def test_a_completion_arrives_piece_by_piece(client: OpenAI, model: smallmodel.Served) -> None:
    started = time.monotonic()
    pieces, arrived, ended = [], [], None
    for chunk in client.chat.completions.create(**asking(ESSAY, model, most=40), stream=True):
        if text := chunk.choices[0].delta.content:
            pieces.append(text)
            arrived.append(time.monotonic() - started)
        ended = chunk.choices[0].finish_reason
    assert ended == "length"
    assert len(pieces) > 20
    assert max(map(len, pieces)) < len("".join(pieces)) / 4
    assert arrived[0] < arrived[-1] / 2


def test_stopping_early_frees_the_server(client: OpenAI, model: smallmodel.Served) -> None:
    started = time.monotonic()
    with client.chat.completions.create(**asking(ESSAY, model, most=4000), stream=True) as stream:
        pieces = [chunk for chunk, _ in zip(stream, range(10), strict=False)]
    for_ten = time.monotonic() - started
    assert len(pieces) == 10

    started = time.monotonic()
    reply = client.chat.completions.create(**asking("What is a river?", model, most=5))
    assert reply.choices[0].message.content
    # What was left of the essay would have taken some hundred times as long as its beginning.
    assert time.monotonic() - started < 5 + 10 * for_ten


def test_the_served_model_is_the_one_listed(client: OpenAI, model: smallmodel.Served) -> None:
    assert [listed.id for listed in client.models.list()] == [model.model]


def test_another_model_is_refused_at_once(client: OpenAI, model: smallmodel.Served) -> None:
    from openai import BadRequestError

    question = {**asking("Hello", model, most=5), "model": "someone/another"}
    with pytest.raises(BadRequestError, match="someone/another"):
        client.with_options(timeout=10).chat.completions.create(**question)


def test_a_folder_is_made_once(small_model: Path) -> None:
    weights = small_model / "model.safetensors"
    made = weights.stat().st_mtime_ns
    assert smallmodel.model_folder() == small_model
    assert weights.stat().st_mtime_ns == made


def test_a_server_that_does_not_come_up_says_why(small_model: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with (
        pytest.raises(RuntimeError, match=r"(?s)ended with status 1.*\n.*Error"),
        smallmodel.served(tmp_path / "empty"),
    ):
        pass


def test_a_command_finds_the_model_and_its_status_is_kept(small_model: Path) -> None:
    code = "import os; print(os.environ['SMALL_LLM_URL'], os.environ['SMALL_LLM_MODEL']); exit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.smallmodel", "--", sys.executable, "-c", code],
        cwd=smallmodel.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    address, name = done.stdout.split()
    assert address.startswith("http://127.0.0.1:")
    assert name == small_model.name
