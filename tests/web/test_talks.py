"""The conversations that a visitor keeps, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.config import Settings, WebSettings
from assistant.types import Statement
from assistant.web.chat import Chat
from assistant.web.history import NOT_KEPT
from assistant.web.shown import SAME, Shown
from tests.web.fakes import FakeAssistant, answer, citation
from tests.web.test_chat import last
from tests.web.test_markup import HOSTILE
from tests.web.visitors import ONE, OTHER, press, request

USER = f"cookie:{ONE}"


@pytest.fixture
def chat(fake: FakeAssistant) -> Chat:
    fake.replies["Who?"] = lambda q: answer(
        q, [Statement("They.", (1,))], [citation(1, fake.known[0])]
    )
    return Chat(fake)


def only(chat: Chat, user: str = USER) -> Any:
    (listed,) = chat.history.listed(user)
    return listed


def test_every_finished_turn_is_kept_and_listed(chat: Chat) -> None:
    shown = last(chat, "Who?")
    assert only(chat).name == "Who?" and "1 question" in shown.talks
    shown = last(chat, "Where?", shown)
    assert only(chat).turns == 2 and "2 questions" in shown.talks
    assert 'aria-current="true"' in shown.talks


def test_a_question_without_words_begins_no_conversation(chat: Chat) -> None:
    assert last(chat, " ").turns[-1].error and chat.history.listed(USER) == []


def test_a_kept_conversation_is_as_it_was_and_goes_on(chat: Chat, fake: FakeAssistant) -> None:
    shown = last(chat, "Where?", last(chat, "Who?"))
    cleared = chat.talks.clear(request())
    assert cleared.talk.id != shown.talk.id
    opened = chat.talks.open(cleared.talk, request(), press(shown.talk.id))
    assert opened.turns == shown.turns and "card-1-1" in opened.cards
    assert "data-opened" in opened.said and not opened.welcome["visible"]
    last(chat, "When?", opened)
    assert fake.asides[-1] == (("Who?", "Where?"), False)
    assert only(chat).turns == 3


def test_another_visitor_sees_and_does_nothing(chat: Chat) -> None:
    key = last(chat, "Who?").talk.id
    other = request(OTHER, session="other page")
    assert "Who?" not in chat.talks.refresh(None, other).talks
    assert "no longer there" in chat.talks.open(None, other, press(key)).notice
    assert "no longer there" in chat.talks.rename(key, "Mine", None, other)[-2]
    chat.talks.delete(key, (), None, other)
    assert only(chat).name == "Who?"


def test_a_conversation_can_be_renamed_and_keeps_its_name(chat: Chat) -> None:
    shown = last(chat, "Who?")
    chosen, form, name, *_ = chat.talks.rename_form(request(), press(shown.talk.id))
    assert form["visible"] and name == "Who?"
    *renamed, form = chat.talks.rename(chosen, HOSTILE[0], shown.talk, request())
    assert not form["visible"] and HOSTILE[0] not in Shown(*renamed).talks
    last(chat, "Where?", shown)
    assert only(chat).name == HOSTILE[0] and only(chat).turns == 2
    *refused, form = chat.talks.rename(chosen, "  ", shown.talk, request())
    assert "at least one letter" in Shown(*refused).notice and form is SAME


def test_deleting_is_asked_for_first(chat: Chat) -> None:
    first, second = last(chat, "Who?"), last(chat, "Where?")
    chosen, _, _, form, question = chat.talks.delete_form(request(), press(first.talk.id))
    assert form["visible"] and "Delete \u201cWho?\u201d?" in question
    assert chat.talks.close_forms()[3]["visible"] is False
    assert len(chat.history.listed(USER)) == 2
    *shown, _ = chat.talks.delete(chosen, second.turns, second.talk, request())
    assert Shown(*shown).turns is SAME and only(chat).name == "Where?"


def test_the_open_conversation_is_gone_once_it_is_deleted(chat: Chat) -> None:
    shown = last(chat, "Who?")
    *after, _ = chat.talks.delete(shown.talk.id, shown.turns, shown.talk, request())
    assert Shown(*after).turns == () and Shown(*after).talk.id != shown.talk.id
    assert chat.history.listed(USER) == []


def test_what_cannot_be_kept_is_said_once_and_the_chat_goes_on(
    chat: Chat, fake: FakeAssistant
) -> None:
    fake.workspace.conversations.write_bytes(b"no database" * 100)
    shown = last(chat, "Who?")
    assert shown.turns[-1].answer and NOT_KEPT in shown.notice
    shown = last(chat, "Where?", shown)
    assert shown.turns[-1].answer and shown.notice is SAME
    fake.workspace.conversations.unlink()
    shown = last(chat, "When?", shown)
    assert shown.notice == "" and only(chat).turns == 3


def test_nothing_is_kept_where_that_is_not_wanted(fake: FakeAssistant) -> None:
    fake.settings = Settings(web=WebSettings(history=False))
    chat = Chat(fake)
    shown = last(chat, "Where?", last(chat, "Who?"))
    assert len(shown.turns) == 2 and shown.notice == ""
    assert chat.talks.refresh(None, request()).notice == ""
    assert not fake.workspace.conversations.exists()


def test_a_proxy_can_name_the_user(fake: FakeAssistant) -> None:
    fake.settings = Settings(web=WebSettings(user_header="X-Remote-User"))
    chat = Chat(fake)
    last(chat, "Who?", visitor=request(x_remote_user="alice"))
    last(chat, "Where?", visitor=request())
    assert only(chat, "header:alice").name == "Who?"
    assert chat.history.listed(USER) == [], "a cookie says nothing there"
    assert "X-Remote-User" in chat.talks.refresh(None, request()).notice


def test_who_sends_no_cookie_is_told(chat: Chat) -> None:
    assert "cookie" in chat.talks.refresh(None, request(None)).notice
    assert last(chat, "Who?", visitor=request(None)).turns[-1].answer
