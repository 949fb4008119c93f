"""A language model over a real socket: what arrives, what fails, and how it is told."""

from __future__ import annotations

import json
import math
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import llm
from assistant.answer.llm import CUT, FAILURES, LanguageModel, Message
from assistant.answer.model_errors import ModelError
from assistant.config import LlmSettings
from tests.llm_server import (
    Script,
    certificate,
    chunk,
    error_body,
    event,
    faults,
    refusing,
    scripted,
    split_every,
    words,
)

TEXT = "Sustainment keeps\nthe force going [1][12]. Zażółć."
ASKED = [Message("system", "Be brief."), Message("user", "Why?")]
GOOD = Script(words(TEXT))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "FIRST_PAUSE", 0.02)


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """The first request of a process loads libraries, which no timeout here allows for."""
    with scripted(lambda _: GOOD) as server:
        assert "".join(model_at(server.address, timeout=60).stream(ASKED)) == TEXT


def model_at(address: str, most: int = 50, **other: Any) -> LanguageModel:
    settings = {"model": "scripted", "timeout": 5.0, "retries": 0, **other}
    return LanguageModel(LlmSettings(base_url=address, **settings), most)


def in_turn(*scripts: Script) -> Callable[[dict[str, Any]], Script]:
    """Each request gets the next script, and those after the last one the last."""
    left = list(scripts)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def heard(model: LanguageModel, stop: threading.Event | None = None) -> str:
    return "".join(model.stream(ASKED, stop))


def sentence(ask: Callable[[], object]) -> str:
    """What the user reads when ``ask`` fails: one line, without a class or a traceback."""
    with pytest.raises(ModelError) as failed:
        ask()
    told = str(failed.value)
    assert told and "\n" not in told and "Traceback" not in told
    assert not re.search(r"\w(?:Error|Exception)\b|\bError\(|<class|https?://", told)
    return told


# --- A reply -----------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [words(TEXT), split_every(TEXT, 1), (TEXT,)])
def test_a_reply_arrives_as_it_was_sent(pieces: Sequence[str]) -> None:
    with scripted(lambda _: Script(pieces)) as server:
        assert "".join(model_at(server.address).stream(ASKED)) == TEXT
    asked = server.asked[0]
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [
        ("system", "Be brief."),
        ("user", "Why?"),
    ]
    assert asked["stream"] is True and asked["temperature"] == 0
    assert asked["max_tokens"] == 50 and asked["model"] == "scripted"


def test_another_wording_is_asked_for_at_another_temperature() -> None:
    with scripted(lambda _: GOOD) as server:
        list(model_at(server.address).stream(ASKED, temperature=0.7))
    assert server.asked[0]["temperature"] == 0.7


def test_pieces_arrive_while_later_ones_are_unsent() -> None:
    with scripted(lambda _: Script(("one ", "two ", "three"), between=0.4)) as server:
        for number, piece in enumerate(filter(None, model_at(server.address).stream(ASKED))):
            assert time.perf_counter() - server.sent[0][number] < 0.3
            assert len(server.sent[0]) == number + 1, piece
    assert len(server.sent[0]) == 3


def test_two_streams_neither_mix_nor_wait_for_each_other() -> None:
    def echo(body: dict[str, Any]) -> Script:
        return Script((body["messages"][-1]["content"] + " ",) * 5, between=0.15)

    with scripted(echo) as server, ThreadPoolExecutor(4) as threads:
        model = model_at(server.address)

        def asked(name: str) -> str:
            return "".join(model.stream([Message("user", name)]))

        began = time.perf_counter()
        replies = list(threads.map(asked, "abcd"))
        took = time.perf_counter() - began
    assert replies == [f"{name} " * 5 for name in "abcd"]
    assert took < 2 * 4 * 0.15


def test_a_reply_at_its_limit_ends_with_cut() -> None:
    with scripted(lambda _: Script(words(TEXT), finish="length")) as server:
        *pieces, last = model_at(server.address).stream(ASKED)
    assert "".join(pieces) == TEXT and last == CUT


def test_a_server_cannot_say_cut() -> None:
    with scripted(lambda _: Script(("a", CUT, f"b{CUT}c"))) as server:
        assert heard(model_at(server.address)) == "abc"


def test_a_model_that_thinks_is_waited_for() -> None:
    thoughts = [event(chunk({"reasoning_content": "hm"}))] * 5
    with scripted(lambda _: Script((*thoughts, "Yes."), between=0.2)) as server:
        assert heard(model_at(server.address, timeout=0.6)) == "Yes."


def test_a_model_that_only_thought_is_told_as_such() -> None:
    thoughts = [event(chunk({"reasoning_content": "hm"}))] * 5
    with scripted(lambda _: Script(thoughts, finish="length")) as server:
        told = sentence(lambda: heard(model_at(server.address)))
    assert "before it wrote anything" in told and "[llm] max_tokens" in told


# --- What goes wrong ---------------------------------------------------------------------

TOLD = {
    "status_401": ("refused the key", "status 401", "[llm] api_key_env"),
    "status_404_model": ("has no model scripted", "[llm] model"),
    "status_429": ("has too much to do", "status 429"),
    "status_500": ("refused with status 500",),
    "status_503": ("refused with status 503",),
    "context_length_400": ("longer than the model reads", "[llm] context_window"),
    "html_200": ("sent no text", "[llm] base_url"),
    "json_garbage": ("sent no text", "[llm] base_url"),
    "empty_200": ("sent no text", "[llm] base_url"),
    "only_role": ("sent no text", "[llm] base_url"),
    "cut_mid_stream": ("broke off in the middle of its reply",),
    "cut_before_any": ("broke off",),
    "silent": ("did not reply within 0.3 s",),
    "slow_first": ("did not reply within 0.3 s",),
    "invalid_utf8": ("sent no completion",),
    "broken_sse": ("sent no completion",),
    "error_event": ("broke off", "EngineCore encountered an issue"),
}
WELL = {"null_content", "never_ending"}


def test_every_fault_is_tried() -> None:
    assert faults().keys() == TOLD.keys() | WELL


@pytest.mark.parametrize("name", TOLD)
def test_a_fault_is_told_and_the_next_request_answered(name: str) -> None:
    with scripted(in_turn(faults()[name], GOOD)) as server:
        model = model_at(server.address, timeout=0.3)
        told = sentence(lambda: heard(model))
        assert all(words_ in told for words_ in TOLD[name]), told
        assert heard(model) == TEXT
        assert len(server.asked) == 2


def test_what_arrived_before_a_fault_was_given() -> None:
    with scripted(lambda _: faults()["cut_mid_stream"]) as server:
        stream = model_at(server.address).stream(ASKED)
        assert [next(stream), next(stream)] == ["The first ", "half of "]
        with pytest.raises(ModelError, match="broke off"):
            next(stream)


def test_deltas_without_text_do_no_harm() -> None:
    with scripted(lambda _: faults()["null_content"]) as server:
        assert heard(model_at(server.address)) == "The first half of a sentence that ends."


def test_a_reply_without_an_end_is_cut_and_left() -> None:
    with scripted(in_turn(faults()["never_ending"], GOOD)) as server:
        model = model_at(server.address)
        *pieces, last = model.stream(ASKED)
        assert last == CUT and 400 <= len("".join(pieces)) < 450
        assert server.wait_for_disconnect(0, 1)
        assert heard(model) == TEXT


def test_a_server_that_is_not_there_is_told() -> None:
    model = model_at(refusing(), retries=1)
    assert "cannot be reached" in sentence(lambda: heard(model))


def test_a_server_that_falls_silent_in_its_reply_is_left() -> None:
    with scripted(lambda _: Script(("one ",), hang=True)) as server:
        model = model_at(server.address, timeout=0.3)
        assert "within 0.3 s" in sentence(lambda: heard(model))
        assert server.wait_for_disconnect(0, 1)


def test_what_a_server_says_of_itself_is_shown_on_one_short_line() -> None:
    said = {"error": {"message": f"Out\nof\x1b[31m memory\u202e. {'x' * 5000}", "code": 500}}
    with scripted(lambda _: Script(("one ", event(said)))) as server:
        told = sentence(lambda: heard(model_at(server.address)))
    assert "Out of[31m memory. xxx" in told and len(told) < 400


def test_a_prompt_that_does_not_fit_is_not_sent() -> None:
    with scripted(lambda _: GOOD) as server:
        model = model_at(server.address, most=100, context_window=512)
        fits = "x" * model.room
        told = sentence(lambda: list(model.stream([Message("user", fits + "x")])))
        assert "does not fit into [llm] context_window" in told
        assert not server.asked
        assert "".join(model.stream([Message("user", fits)])) == TEXT


def test_a_redirect_is_not_followed() -> None:
    with scripted(lambda _: GOOD) as other:
        away = Script(status=307, headers={"Location": f"{other.address}/chat/completions"})
        with scripted(lambda _: away) as server:
            assert "status 307" in sentence(lambda: heard(model_at(server.address)))
    assert not other.asked


# --- Again -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_refusal_is_asked_again(status: int) -> None:
    with scripted(in_turn(Script(status=status), Script(status=status), GOOD)) as server:
        assert heard(model_at(server.address, retries=2)) == TEXT
        assert len(server.asked) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_it_is_asked_again_when_the_server_says(status: int) -> None:
    busy = Script(status=status, headers={"Retry-After": "0.3"})
    with scripted(in_turn(busy, busy, GOOD)) as server:
        began = time.perf_counter()
        assert heard(model_at(server.address, retries=2)) == TEXT
        assert 0.6 <= time.perf_counter() - began < 1.5
        assert len(server.asked) == 3


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_it_is_given_up_after_so_many_times(retries: int) -> None:
    with scripted(lambda _: Script(status=503)) as server:
        assert "status 503" in sentence(lambda: heard(model_at(server.address, retries=retries)))
        assert len(server.asked) == 1 + retries


def test_pauses_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "FIRST_PAUSE", 0.1)
    with scripted(lambda _: Script(status=503)) as server:
        began = time.perf_counter()
        sentence(lambda: heard(model_at(server.address, retries=2)))
        assert 0.3 <= time.perf_counter() - began < 1


@pytest.mark.parametrize("after", ["60", "5.1", "inf", "1e999"])
def test_a_long_wait_is_not_waited(after: str) -> None:
    busy = Script(status=429, headers={"Retry-After": after})
    with scripted(in_turn(busy, GOOD)) as server:
        began = time.perf_counter()
        assert "status 429" in sentence(lambda: heard(model_at(server.address, retries=2)))
        assert time.perf_counter() - began < 1
        assert len(server.asked) == 1


@pytest.mark.parametrize("after", ["-3", "nan", "soon", "Wed, 21 Oct 2065 07:28:00 GMT", ""])
def test_an_odd_wait_is_none(after: str) -> None:
    with scripted(in_turn(Script(status=429, headers={"Retry-After": after}), GOOD)) as server:
        began = time.perf_counter()
        assert heard(model_at(server.address, retries=1)) == TEXT
        assert time.perf_counter() - began < 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_wrong_request_is_not_sent_again(status: int) -> None:
    with scripted(lambda _: Script(status=status)) as server:
        told = sentence(lambda: heard(model_at(server.address, retries=2)))
        assert f"status {status}" in told
        assert len(server.asked) == 1


def test_a_reply_that_began_is_not_asked_for_again() -> None:
    with scripted(lambda _: faults()["cut_mid_stream"]) as server:
        sentence(lambda: heard(model_at(server.address, retries=2)))
        assert len(server.asked) == 1


# --- A server that is down ---------------------------------------------------------------


def fail(model: LanguageModel, times: int) -> None:
    for _ in range(times):
        sentence(lambda: heard(model))


def test_a_server_that_keeps_failing_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(llm, "REST", 0.5)
    down = [Script(status=503)] * FAILURES
    with scripted(in_turn(*down, GOOD)) as server:
        model = model_at(server.address)
        fail(model, FAILURES)
        told = sentence(lambda: heard(model))
        assert f"failed {FAILURES} times in a row" in told and "within 0.5 s" in told
        assert len(server.asked) == FAILURES
        time.sleep(0.5)
        assert heard(model) == heard(model) == TEXT
        assert len(server.asked) == FAILURES + 2


def test_a_server_that_still_fails_is_left_alone_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "REST", 0.4)
    with scripted(lambda _: Script(status=500)) as server:
        model = model_at(server.address)
        fail(model, FAILURES)
        time.sleep(0.4)
        assert "status 500" in sentence(lambda: heard(model))
        assert "times in a row" in sentence(lambda: heard(model))
        assert len(server.asked) == FAILURES + 1


def test_a_reply_between_failures_shows_that_the_server_is_well() -> None:
    down = Script(status=503)
    with scripted(
        in_turn(*[down] * (FAILURES - 1), GOOD, *[down] * (FAILURES - 1), GOOD)
    ) as server:
        model = model_at(server.address)
        for _ in range(2):
            fail(model, FAILURES - 1)
            assert heard(model) == TEXT


@pytest.mark.parametrize("status", [400, 401, 404])
def test_wrong_requests_are_no_outage(status: int) -> None:
    with scripted(in_turn(*[Script(status=status)] * (FAILURES + 1), GOOD)) as server:
        model = model_at(server.address)
        fail(model, FAILURES + 1)
        assert heard(model) == TEXT


def test_readers_that_leave_are_no_outage() -> None:
    with scripted(lambda _: Script(("a ",) * 50, between=0.05)) as server:
        model = model_at(server.address)
        for _ in range(FAILURES + 1):
            stream = model.stream(ASKED)
            next(stream)
            stream.close()
        assert next(iter(model.stream(ASKED))) == "a "


def test_unreachable_and_silent_servers_are_outages() -> None:
    model = model_at(refusing())
    fail(model, FAILURES)
    assert "times in a row" in sentence(lambda: heard(model))
    with scripted(lambda _: faults()["silent"]) as server:
        model = model_at(server.address, timeout=0.1)
        fail(model, FAILURES)
        assert "times in a row" in sentence(lambda: heard(model))


# --- Leaving -----------------------------------------------------------------------------

SILENT = {
    "before the headers": Script(before=math.inf),
    "before the first piece": Script(hang=True),
    "after the first piece": Script(("one ",), hang=True),
    "between pieces": Script(("one ", "two "), between=60),
    "while pieces come": Script(lambda: ("a " for _ in range(10**6)), between=0.01),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_stop_ends_the_request(name: str) -> None:
    with scripted(lambda _: SILENT[name]) as server:
        stop = threading.Event()
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        began = time.perf_counter()
        text = heard(model_at(server.address, most=10_000, context_window=20_000), stop)
        assert time.perf_counter() - began < 1
        assert CUT not in text and "two" not in text
        assert server.wait_for_disconnect(0, 1)
        assert time.perf_counter() - began < 1.2


def test_a_stop_ends_the_wait_for_another_try() -> None:
    busy = Script(status=429, headers={"Retry-After": "4"})
    with scripted(lambda _: busy) as server:
        stop = threading.Event()
        threading.Timer(0.2, stop.set).start()
        began = time.perf_counter()
        assert heard(model_at(server.address, retries=2), stop) == ""
        assert time.perf_counter() - began < 1
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "script",
    [SILENT["after the first piece"], SILENT["between pieces"], SILENT["while pieces come"]],
)
def test_closing_the_iterator_ends_the_request(script: Script) -> None:
    with scripted(lambda _: script) as server:
        stream = model_at(server.address).stream(ASKED)
        assert next(iter(stream)) in ("one ", "a ")
        began = time.perf_counter()
        stream.close()  # type: ignore[attr-defined]
        assert server.wait_for_disconnect(0, 1)
        assert time.perf_counter() - began < 1


def test_a_stream_that_nobody_reads_asks_nothing() -> None:
    with scripted(lambda _: GOOD) as server:
        model_at(server.address).stream(ASKED)
        assert not server.asked


# --- Who is asked, and with what ---------------------------------------------------------


def test_headers_and_the_key_come_from_where_the_settings_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of another service")
    monkeypatch.setenv("MODEL_KEY", "the right one")
    monkeypatch.setenv("GATEWAY_KEY", "of the gateway")
    headers = {"X-Team": "plans", "X-Gateway-Key": "$GATEWAY_KEY"}
    with scripted(lambda _: GOOD) as server:
        assert heard(model_at(server.address, api_key_env="MODEL_KEY", headers=headers)) == TEXT
        assert heard(model_at(server.address)) == TEXT
    first, second = server.headers
    assert first["authorization"] == "Bearer the right one"
    assert (first["x-team"], first["x-gateway-key"]) == ("plans", "of the gateway")
    assert second["authorization"] == "Bearer none" and second["x-team"] is None


def test_an_own_authority_is_trusted_where_it_is_named(tmp_path: Path) -> None:
    authority, own, key = certificate(tmp_path)
    with scripted(lambda _: GOOD, tls=(own, key)) as server:
        trusting = model_at(server.address, ca_bundle=str(authority))
        assert heard(trusting) == TEXT
        trusting.check()
        wary = model_at(server.address, retries=2)
        for ask in (lambda: heard(wary), wary.check):
            told = sentence(ask)
            assert "certificate" in told and "[llm] ca_bundle" in told
        assert len(server.asked) == 2


# --- A check -----------------------------------------------------------------------------


def test_a_good_server_passes_its_check_with_one_word() -> None:
    with scripted(lambda _: Script(("Yes",))) as server:
        model_at(server.address).check()
    assert [body["max_tokens"] for body in server.asked] == [1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("status_401", "[llm] api_key_env"),
        ("status_429", "has too much to do"),
        ("status_500", "status 500"),
        ("context_length_400", "[llm] context_window"),
        ("html_200", "sent no completion"),
        ("json_garbage", "sent no completion"),
        ("empty_200", "sent no completion"),
        ("cut_mid_stream", "cannot be reached"),
        ("silent", "did not reply within 0.3 s"),
    ],
)
def test_a_bad_server_fails_its_check(
    name: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm, "CHECK_SECONDS", 0.3)
    with scripted(lambda _: faults()[name]) as server:
        assert told in sentence(model_at(server.address).check)


def test_a_model_that_begins_to_think_passes_its_check() -> None:
    message = {"role": "assistant", "content": None, "reasoning_content": "Well"}
    choice = {"index": 0, "message": message, "finish_reason": "length"}
    reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted"}
    body = json.dumps({**reply, "choices": [choice]}).encode()
    with scripted(lambda _: Script(body=body)) as server:
        model_at(server.address).check()


def test_a_server_that_is_not_there_fails_its_check() -> None:
    assert "cannot be reached" in sentence(model_at(refusing()).check)


@pytest.mark.parametrize(
    "refusal",
    [faults()["status_404_model"], Script(status=400, body=error_body("Invalid model name."))],
)
def test_a_wrong_name_is_told_with_those_that_there_are(refusal: Script) -> None:
    with scripted(lambda _: refusal, models=("small", "large")) as server:
        assert sentence(model_at(server.address).check).endswith("; it has large, small")


def test_no_more_names_are_told_than_one_reads() -> None:
    names = [f"m{number:03}" for number in range(40)]
    with scripted(lambda _: faults()["status_404_model"], models=names) as server:
        told = sentence(model_at(server.address).check)
    assert told.endswith("; it has " + ", ".join(names[: llm.MOST_NAMED]))


def test_a_server_with_odd_names_is_told_as_others_are() -> None:
    odd: list[Any] = [None, 7, "a\nb", "x" * 5000]
    with scripted(lambda _: faults()["status_404_model"], models=odd) as server:
        told = sentence(model_at(server.address).check)
    assert "has no model scripted" in told and len(told) < 500


@pytest.mark.parametrize("models", [(), ("other", "scripted")])
def test_names_that_do_not_help_are_not_told(models: Sequence[str]) -> None:
    with scripted(lambda _: faults()["status_404_model"], models=models) as server:
        assert "it has" not in sentence(model_at(server.address).check)
