"""What happens when a question is asked, without a browser."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from assistant.eval.job import EvaluationJob
from assistant.types import Filters, Statement
from assistant.web.chat import FAILED, Chat
from assistant.web.page import build_page
from tests.web.fakes import FakeAssistant, answer, citation


def last(chat: Chat, question: str | None, turns: Any = (), **filters: Any) -> tuple[Any, ...]:
    steps = list(chat.ask(question, filters.get("files"), filters.get("statuses"), turns))
    assert len(steps) == 2 and steps[0][0][-1].pending
    return steps[-1]


def test_the_question_is_shown_at_once_and_then_its_answer(fake: FakeAssistant) -> None:
    source = fake.known[0]
    fake.replies["Who?"] = lambda q: answer(q, [Statement("They.", (1,))], [citation(1, source)])
    steps = list(Chat(fake).ask("Who?", None, None, ()))
    assert "Searching" in steps[0][1] and "Who?" in steps[0][1]
    assert "They." in steps[1][1] and "card-1-1" in steps[1][2]


def test_filters_reach_the_assistant_and_are_named(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    shown = last(chat, "Where?", files=[fake.known[0].file], statuses=["current"])
    assert fake.asked == [("Where?", Filters((fake.known[0].file,), ("current",)))]
    assert "Searched only: " in shown[1] and "current documents only" in shown[1]


@pytest.mark.parametrize("question", ["", "   ", None])
def test_no_question_is_one_sentence(fake: FakeAssistant, question: str | None) -> None:
    shown = last(Chat(fake), question)
    assert shown[0][-1].error == "Ask a question first."


def test_a_question_of_100000_characters_is_one_sentence(fake: FakeAssistant) -> None:
    shown = last(Chat(fake), "why " * 25_000)
    assert shown[0][-1].error == "A question may be 2,000 characters long."
    assert len(shown[1]) < 5_000


def test_a_failure_is_one_sentence_and_the_next_question_is_answered(
    fake: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: str) -> Any:
        raise RuntimeError("secret detail")

    fake.replies["break"] = fail
    chat = Chat(fake)
    shown = last(chat, "break")
    assert shown[0][-1].error == FAILED and "secret" not in shown[1]
    assert "secret detail" in caplog.text
    assert last(chat, "on", shown[0])[0][-1].answer is not None


def test_sessions_do_not_mix(fake: FakeAssistant) -> None:
    fake.delay = 0.05
    chat = Chat(fake)
    seen: dict[int, Any] = {}

    def visitor(number: int) -> None:
        turns: Any = ()
        for step in range(3):
            turns = last(chat, f"visitor {number} question {step}", turns)[0]
        seen[number] = turns

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, turns in seen.items():
        assert [turn.question for turn in turns] == [
            f"visitor {number} question {step}" for step in range(3)
        ]


def test_a_new_chat_is_empty(fake: FakeAssistant) -> None:
    turns, said, cards, *_ = Chat(fake).clear()
    assert turns == () and 'data-count="0"' in said and "card" not in cards


def test_the_page_calls_nobody(fake: FakeAssistant) -> None:
    blocks = build_page(fake, EvaluationJob(fake))
    assert not blocks.analytics_enabled and not blocks.share
    assert all(step["api_visibility"] == "private" for step in blocks.config["dependencies"])
