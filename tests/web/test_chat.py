"""What happens when a question is asked, without a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.eval.job import EvaluationJob
from assistant.types import Answer, Filters, Progress, Statement
from assistant.web import asking
from assistant.web.chat import FAILED, MOST_CONTEXT, Chat
from assistant.web.page import build_page
from assistant.web.shown import SAME, Shown
from assistant.web.talks import STOPPED
from tests.web.fakes import FakeAssistant, answer, citation
from tests.web.visitors import ONE, request


def steps(chat: Chat, question: str | None, before: Shown | None = None, **more: Any) -> list[Any]:
    """What the page is sent for a question after those that ``before`` shows."""
    turns, talk = (before.turns, before.talk) if before else ((), None)
    editing, visitor = more.get("editing"), more.get("visitor") or request()
    files, statuses = more.get("files"), more.get("statuses")
    return list(chat.ask(question, files, statuses, turns, talk, editing, visitor))


def last(chat: Chat, question: str | None, before: Shown | None = None, **more: Any) -> Shown:
    shown = steps(chat, question, before, **more)
    assert shown[0].turns[-1].pending
    return shown[-1]


def test_the_question_is_shown_at_once_and_then_its_answer(fake: FakeAssistant) -> None:
    source = fake.known[0]
    fake.replies["Who?"] = lambda q: answer(q, [Statement("They.", (1,))], [citation(1, source)])
    first, final = steps(Chat(fake), "Who?")
    assert "Searching" in first.now and "Who?" in first.now
    assert 'data-count="1"' in first.said and first.stop["visible"] and not first.send["visible"]
    assert "They." in final.said and "card-1-1" in final.cards and final.now == ""
    assert final.send["visible"] and not final.stop["visible"]


def test_filters_reach_the_assistant_and_are_named(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    shown = last(chat, "Where?", files=[fake.known[0].file], statuses=["current"])
    assert fake.asked == [("Where?", Filters((fake.known[0].file,), ("current",)))]
    assert "Searched only: " in shown.said and "current documents only" in shown.said


@pytest.mark.parametrize("question", ["", "   ", None])
def test_no_question_is_one_sentence(fake: FakeAssistant, question: str | None) -> None:
    shown = last(Chat(fake), question)
    assert shown.turns[-1].error == "Ask a question first."


def test_a_question_of_100000_characters_is_one_sentence(fake: FakeAssistant) -> None:
    shown = last(Chat(fake), "why " * 25_000)
    assert shown.turns[-1].error == "A question may be 2,000 characters long."
    assert len(shown.said) < 5_000


def test_a_failure_is_one_sentence_and_the_next_question_is_answered(
    fake: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: str) -> Any:
        raise RuntimeError("secret detail")

    fake.replies["break"] = fail
    chat = Chat(fake)
    shown = last(chat, "break")
    assert shown.turns[-1].error == FAILED and "secret" not in shown.said
    assert "secret detail" in caplog.text
    assert last(chat, "on", shown).turns[-1].answer is not None


def test_sessions_do_not_mix(fake: FakeAssistant) -> None:
    fake.delay = 0.05
    chat = Chat(fake)
    seen: dict[int, Any] = {}

    def visitor(number: int) -> None:
        shown = None
        for step in range(3):
            question = f"visitor {number} question {step}"
            shown = last(chat, question, shown, visitor=request(session=f"page {number}"))
        assert shown
        seen[number] = shown.turns

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
    shown = Chat(fake).talks.clear(request())
    assert shown.turns == () and 'data-count="0"' in shown.said and "card" not in shown.cards


def test_pieces_become_the_answer(fake: FakeAssistant) -> None:
    cited = citation(1, fake.known[0])
    checked = Progress("Who, then?", (Statement("They.", (1,)),), (cited,), "And <b>others")
    fake.pieces["Who?"] = lambda: iter([Progress("Who, then?", draft="They"), checked])
    fake.replies["Who?"] = lambda q: answer(
        q, [Statement("They.", (1,))], [cited], standalone="Who, then?"
    )
    fake.delay = 0.3
    shown = steps(Chat(fake), "Who?")
    assert shown[-2].turns[-1].progress == checked
    assert "Searched for: Who, then?" in shown[-2].now and "others" not in shown[-2].now
    assert "And &lt;b&gt;others" in shown[-2].draft and "button" not in shown[-2].draft
    assert "card-1-1" in shown[-2].now and "Evidence so far: 1 citation" in shown[-2].now_cards
    assert shown[-2].cards is SAME and shown[-2].said is SAME, "only what changes is sent"
    assert shown[-1].turns[-1].progress is None and "others" not in shown[-1].said


def test_pieces_are_shown_a_few_times_a_second_and_the_last_always(fake: FakeAssistant) -> None:
    def pieces() -> Iterator[Progress]:
        for number in range(60):
            time.sleep(0.01)
            yield Progress(draft=f"piece {number}")

    fake.pieces["Who?"] = pieces
    fake.delay = 0.4
    began = time.monotonic()
    shown = steps(Chat(fake), "Who?")[1:-1]
    drafts = [step.turns[-1].progress.draft for step in shown]
    assert {step.now for step in shown[1:] if step.now is not SAME} == set(), "it did not change"
    assert drafts[0] == "piece 0" and drafts[-1] == "piece 59"
    assert len(drafts) <= 2 + (time.monotonic() - began) / asking.EVERY


def test_earlier_questions_are_handed_on_as_ones_that_stand_alone(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    fake.replies["And then?"] = lambda q: answer(
        q, abstained=True, reason="No.", standalone="And then, in Rome?"
    )
    shown = last(chat, "")  # fails, and is nothing to refer to
    for question in ("Who?", "And then?", "Where?"):
        shown = last(chat, question, shown)
    assert fake.asides[-1] == (("Who?", "And then, in Rome?"), False)
    for number in range(MOST_CONTEXT):
        shown = last(chat, f"{number}?", shown)
    assert len(last(chat, "Last?", shown).turns) == MOST_CONTEXT + 5
    assert fake.asides[-1][0] == tuple(f"{number}?" for number in range(MOST_CONTEXT))


def test_an_answer_can_be_asked_for_again(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    fake.replies["And then?"] = lambda q: answer(
        q, abstained=True, reason="No.", standalone="And then, in Rome?"
    )
    shown = last(chat, "And then?", last(chat, "Who?"), statuses=["current"])
    *_, again = chat.again(shown.turns, shown.talk, request())
    assert fake.asides[-1] == (("Who?",), True)
    assert fake.asked[-1] == ("And then?", Filters(statuses=("current",)))
    assert [turn.number for turn in again.turns] == [1, 2]
    assert again.turns[0] is shown.turns[0] and again.turns[1].key != shown.turns[1].key


def test_what_no_model_could_say_anew_is_asked_with_its_context_again(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    fake.replies["Why?"] = lambda q: answer(q, abstained=True, reason="No.", fallback="Down.")
    for question, context in (("Where?", ()), ("Why?", ("Who?",))):
        shown = last(chat, question, last(chat, "Who?"))
        list(chat.again(shown.turns, shown.talk, request()))
        assert fake.asides[-1] == (context, True)


def test_what_failed_can_be_tried_again(fake: FakeAssistant) -> None:
    def fail(question: str) -> Answer:
        raise RuntimeError

    chat = Chat(fake)
    fake.replies["Who?"] = fail
    shown = last(chat, "Who?", last(chat, "What?"))
    assert 'data-event="retry"' in shown.said
    del fake.replies["Who?"]
    *_, again = chat.again(shown.turns, shown.talk, request())
    assert again.turns[-1].answer and fake.asides[-1] == (("What?",), False)


def test_a_question_can_be_edited(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    shown = last(chat, "Wo?", last(chat, "What?"))
    edit = chat.edit(shown.turns)
    assert edit.question == "Wo?" and edit.edited["visible"]
    edited = last(chat, "Who?", shown, editing=edit.editing)
    assert [turn.question for turn in edited.turns] == ["What?", "Who?"]
    assert fake.asides[-1] == (("What?",), False) and edited.editing is None
    later = last(chat, "Where?", edited, editing=edit.editing)
    assert len(later.turns) == 3, "a turn that is gone is not replaced"


def test_what_was_searched_for_can_be_changed(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    fake.replies["And then?"] = lambda q: answer(
        q, abstained=True, reason="No.", standalone="And then, in <Rome>?"
    )
    shown = last(chat, "And then?", last(chat, "Who?"))
    assert "Searched for: And then, in &lt;Rome&gt;?" in shown.said
    form = chat.edit_search(shown.turns)
    assert form.search["visible"] and form.searched == "And then, in <Rome>?"
    *_, found = chat.search_for("And then, in Paris?", shown.turns, shown.talk, request())
    assert [turn.question for turn in found.turns] == ["Who?", "And then, in Paris?"]
    assert fake.asides[-1] == ((), False) and fake.asked[-1][0] == "And then, in Paris?"
    *_, again = chat.again(found.turns, found.talk, request())
    assert fake.asides[-1] == ((), True) and len(again.turns) == 2


def test_nothing_can_be_asked_again_in_an_empty_chat(fake: FakeAssistant) -> None:
    chat = Chat(fake)
    assert list(chat.again((), None, request())) == [Shown()]
    assert list(chat.search_for("Who?", (), None, request())) == [Shown()]
    assert chat.edit(()) == chat.edit_search(()) == Shown()


class Endless:
    """A question whose answer never comes; ``stop`` and the end of its request are seen."""

    def __init__(self, fake: FakeAssistant, question: str = "Who?") -> None:
        self.fake, self.question = fake, question
        fake.pieces[question] = self.pieces

    def pieces(self) -> Iterator[Progress]:
        while True:
            yield Progress(draft="on and on")
            time.sleep(0.02)

    def has_ended(self) -> bool:
        deadline = time.monotonic() + 5
        while self.question not in self.fake.ended and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.question in self.fake.ended


def test_an_answer_can_be_stopped(fake: FakeAssistant) -> None:
    endless, chat = Endless(fake), Chat(fake)
    shown = chat.ask("Who?", None, None, (), None, None, request())
    next(shown), next(shown)
    chat.stop(request(session="another page"))
    assert next(shown).turns[-1].pending
    chat.stop(request())
    *_, final = shown
    assert final.turns[-1].error == STOPPED and "Retry" in final.said
    assert endless.has_ended()
    assert last(chat, "What?", final).turns[-1].answer


def test_a_model_that_is_silent_can_be_stopped(fake: FakeAssistant) -> None:
    chat, awake = Chat(fake), threading.Event()

    def silent() -> Iterator[Progress]:
        awake.wait(30)
        yield Progress()

    fake.pieces["Who?"] = silent
    shown = chat.ask("Who?", None, None, (), None, None, request())
    next(shown)
    threading.Timer(0.1, chat.stop, [request()]).start()
    began = time.monotonic()
    *_, final = shown
    assert final.turns[-1].error == STOPPED and time.monotonic() - began < 5
    awake.set()


@pytest.mark.parametrize("how", ["closed", "cleared", "asked"])
def test_a_request_ends_when_nobody_waits_for_it(fake: FakeAssistant, how: str) -> None:
    endless, chat = Endless(fake), Chat(fake)
    shown = chat.ask("Who?", None, None, (), None, None, request())
    pending = next(shown)
    next(shown)
    if how == "closed":  # as the page's server does when the connection is gone
        shown.close()
    else:
        sent: list[Shown] = []
        rest = threading.Thread(target=lambda: sent.extend(shown))
        rest.start()
        if how == "cleared":
            assert chat.talks.clear(request()).turns == ()
        else:
            final = last(chat, "What?", pending)
            assert [turn.error for turn in final.turns] == [STOPPED, None]
        rest.join(5)
        assert not rest.is_alive()
        assert sent[-1] == Shown(), "the page is sent nothing more of it"
    assert endless.has_ended()
    (kept,) = chat.history.listed("cookie:" + ONE)
    turns = chat.history.load("cookie:" + ONE, kept.id).turns
    assert turns[0].error == STOPPED and turns[0].question == "Who?"


def test_the_page_calls_nobody(fake: FakeAssistant) -> None:
    blocks = build_page(fake, EvaluationJob(fake))
    assert not blocks.analytics_enabled and not blocks.share
    assert all(step["api_visibility"] == "private" for step in blocks.config["dependencies"])
