"""Follow-ups worded anew by a model behind a real server, and by rules where it is of no use."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import llm
from assistant.answer.generative import Writer
from assistant.answer.standalone import EARLIER, LONGEST, Rewriter, usable
from assistant.config import LlmSettings, Settings
from assistant.index.reader import Index, open_index
from assistant.retrieve.followup import ABOUT
from assistant.workspace import Workspace
from tests.llm_server import Script, faults, refusing, scripted, words

TENETS = "What are the tenets of multidomain operations?"
JAPAN = "What does the RAND report say about Japan?"
RULES = f"Who approves them{ABOUT}the tenets of multidomain operations"
MODEL = "Who approves the tenets of multidomain operations?"


@pytest.fixture(scope="module")
def index(guide_workspace: Workspace) -> Iterator[Index]:
    opened = open_index(guide_workspace)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "FIRST_PAUSE", 0.02)


def rewriter(index: Index, workspace: Workspace, address: str, timeout: float = 5.0) -> Rewriter:
    settings = LlmSettings(base_url=address, model="scripted", timeout=timeout)
    writer = Writer.open(workspace.with_settings(Settings(llm=settings)))
    assert writer is not None
    return Rewriter(index, writer)


# --- Without a model ---------------------------------------------------------------------


def test_rules_word_it_without_a_model(index: Index) -> None:
    rules = Rewriter(index)
    assert rules.standalone("Who approves them?", [TENETS]) == RULES
    assert rules.standalone("What about Australia?", [TENETS, JAPAN]) == (
        "What does the RAND report say about Australia?"
    )


@pytest.mark.parametrize(
    ("question", "earlier"), [("Who approves them?", []), (JAPAN, [TENETS]), (TENETS, [])]
)
def test_what_stands_alone_is_left(index: Index, question: str, earlier: list[str]) -> None:
    assert Rewriter(index).standalone(question, earlier) is None


def test_questions_of_long_ago_are_forgotten(index: Index) -> None:
    later = [f"What does the {word} brigade carry?" for word in "abcdefgh"[:EARLIER]]
    worded = Rewriter(index).standalone("Who approves them?", [TENETS, *later])
    assert worded is not None and "tenets" not in worded


# --- By a model --------------------------------------------------------------------------


def test_a_model_words_it(index: Index, guide_workspace: Workspace) -> None:
    with scripted(lambda _: Script(words(f"{MODEL}\n"))) as server:
        asked = rewriter(index, guide_workspace, server.address)
        assert asked.standalone("Who approves them?", [JAPAN, TENETS]) == MODEL
    (message,) = server.asked[0]["messages"]
    data = json.loads(message["content"].partition("<data>\n")[2].partition("\n</data>")[0])
    assert data == {"earlier": [JAPAN, TENETS], "latest": "Who approves them?"}


@pytest.mark.parametrize(("question", "earlier"), [("Who approves them?", []), (JAPAN, [TENETS])])
def test_a_model_is_not_asked_about_what_stands_alone(
    index: Index, guide_workspace: Workspace, question: str, earlier: list[str]
) -> None:
    with scripted(lambda _: Script((MODEL,))) as server:
        asked = rewriter(index, guide_workspace, server.address)
        assert asked.standalone(question, earlier) is None
    assert not server.asked


@pytest.mark.parametrize(
    "reply",
    [
        "Who approves them?",
        "The tenets are agility, convergence, endurance, and depth.",
        "I cannot answer that.",
        "Who approves the 2030 budget of the tenets?",
        f"{MODEL}\nIt is the Secretary.",
        "word " * 2000,
        "<think>Who approves",
        "\n",
        "?",
        "\x07\u202e",
        "🪖" * 50,
    ],
)
def test_nonsense_leads_to_the_wording_of_the_rules(
    index: Index, guide_workspace: Workspace, reply: str
) -> None:
    with scripted(lambda _: Script((reply,))) as server:
        asked = rewriter(index, guide_workspace, server.address)
        assert asked.standalone("Who approves them?", [TENETS]) == RULES
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", sorted(faults().keys() - {"null_content"}))
def test_a_model_that_fails_leads_to_the_wording_of_the_rules(
    index: Index, guide_workspace: Workspace, name: str
) -> None:
    with scripted(lambda _: faults()[name]) as server:
        asked = rewriter(index, guide_workspace, server.address, timeout=0.5)
        assert asked.standalone("Who approves them?", [TENETS]) == RULES


def test_a_model_that_is_not_there_leads_to_the_wording_of_the_rules(
    index: Index, guide_workspace: Workspace
) -> None:
    asked = rewriter(index, guide_workspace, refusing())
    assert asked.standalone("Who approves them?", [TENETS]) == RULES


# --- What of a model's wording is usable -------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "question", "text"),
    [
        (MODEL, "Who approves them?", MODEL),
        (f'"{MODEL}"', "Who approves them?", MODEL),
        (f"“{MODEL}”\n", "Who approves them?", MODEL),
        (f"**{MODEL}**", "Who approves them?", MODEL),
        (f"- {MODEL}", "Who approves them?", MODEL),
        (f"Question: {MODEL}", "Who approves them?", MODEL),
        (f'Standalone: "{MODEL}"', "Who approves them?", MODEL),
        (f"**Standalone question:** {MODEL}", "Who approves them?", MODEL),
        (f"<think>Them?\nThe tenets.</think>\n{MODEL}", "Who approves them?", MODEL),
        (f"\n\n{MODEL}\n\n", "Who approves them?", MODEL),
        (
            "Why are there tenets of multidomain operations?",
            "Why?",
            "Why are there tenets of multidomain operations?",
        ),
        (
            "What is the third tenet of multidomain operations",
            "And the third one?",
            "What is the third tenet of multidomain operations",
        ),
    ],
)
def test_one_question_about_the_same_is_usable(reply: str, question: str, text: str) -> None:
    assert usable(reply, question, [TENETS]) == text


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("", "Who approves them?"),
        ("   \n \n", "Who approves them?"),
        ("Who approves them?", "Who approves them?"),  # as it was
        ("who approves THEM", "Who approves them?"),
        (f"{MODEL}\n{MODEL}", "Who approves them?"),
        (f"Sure! Here it is:\n{MODEL}", "Who approves them?"),
        (f"{MODEL} And why? Or not?", "Who approves them?"),
        ("Who approves the 12 tenets of multidomain operations?", "Who approves them?"),
        ("Who approves the tenets of operations in FM 3-0?", "Who approves them?"),
        ("Agility, convergence, endurance, and depth.", "What are they?"),
        ("The secretary of defense approves them after review.", "Who approves them?"),
        ("What are the tenets of multidomain operations?", "Who approves them?"),  # the earlier one
        ("Who cooks fine pasta for the hungry crew tonight?", "Who cooks for them?"),
        (f"\u202e{MODEL}", "Who approves them?"),
        (MODEL.replace("tenets", "ten\0ets"), "Who approves them?"),
        (f"<think>{MODEL}", "What is it for?"),
        ("tenets " * (LONGEST + 1), "Why?"),
    ],
)
def test_what_is_no_question_about_the_same_is_not(reply: str, question: str) -> None:
    assert usable(reply, question, [TENETS]) is None


@given(st.text(max_size=200), st.text(max_size=40), st.lists(st.text(max_size=40), max_size=3))
def test_what_is_usable_is_one_line_without_new_numbers(
    reply: str, question: str, earlier: list[str]
) -> None:
    text = usable(reply, question, earlier)
    if text is not None:
        assert text and len(text.splitlines()) == 1
        known = " ".join([question, *earlier])
        assert all(character in known for character in text if character in "0123456789")
