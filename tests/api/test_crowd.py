"""Many clients at once: each gets the answer to its own question, and health is never starved."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from benchmarks.api import compared, same
from tests.conftest import ROOT

CLIENTS = 32


@pytest.fixture(scope="module")
def questions() -> list[str]:
    lines = (ROOT / "eval" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["question"] for line in lines))[:CLIENTS]


def test_thirty_two_clients_get_their_own_answers(
    url: str, assistant: Assistant, questions: list[str]
) -> None:
    assert len(questions) == CLIENTS
    expected = {text: compared(answer_json(assistant.ask(text))) for text in questions}
    assert len({json.dumps(answer["citations"]) for answer in expected.values()}) > CLIENTS // 2
    begin = threading.Barrier(CLIENTS + 1)

    def ask(text: str) -> dict[str, Any]:
        with httpx.Client(timeout=120) as client:
            begin.wait()
            reply = client.post(f"{url}/api/ask", json={"question": text})
            assert reply.status_code == 200, reply.text
            return compared(reply.json())

    with ThreadPoolExecutor(CLIENTS) as pool:
        waiting = [pool.submit(ask, text) for text in questions]
        begin.wait()
        slowest = _slowest_health(url, lambda: all(future.done() for future in waiting))
        got = [future.result() for future in waiting]
    mixed_up = [
        t for t, answer in zip(questions, got, strict=True) if not same(answer, expected[t])
    ]
    assert not mixed_up
    assert slowest < 3, f"a health check took {slowest:.1f} s"


def _slowest_health(url: str, over: Callable[[], bool]) -> float:
    slowest = 0.0
    while not over():
        began = time.perf_counter()
        assert httpx.get(f"{url}/healthz", timeout=30).status_code == 200
        slowest = max(slowest, time.perf_counter() - began)
        time.sleep(0.1)
    return slowest


def test_another_answer_is_seen_and_rounding_is_not(assistant: Assistant) -> None:
    one = compared(answer_json(assistant.ask("How many levels of warfare are there?")))
    other = compared(answer_json(assistant.ask("What are the purposes of security cooperation?")))
    assert same(one, one) and not same(one, other)
    assert same(one, {**one, "confidence": one["confidence"] + 1e-6})
    assert not same(one, {**one, "confidence": one["confidence"] + 0.01})
    assert not same(one, {**one, "citations": other["citations"]})
    (first, *rest) = one["hits"]
    assert not same(one, {**one, "hits": [{**first, "pdf_page": 99}, *rest]})
