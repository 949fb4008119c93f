"""A model's reply as statements: what they say, which passages they name, and when they come."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.llm import CUT
from assistant.answer.streamed import LONGEST, Said, StatementStream
from tests.llm_server import split_every, words

LIKE_A_MARKER = re.compile(r"[\[【]\s*(?:\^|#|passages?|sources?)?\s*\d{1,3}\s*[\]】]")


def statements(*pieces: str) -> list[Said]:
    stream = StatementStream()
    said = [said for piece in pieces for said in stream.feed(piece)]
    return [*said, *stream.end()]


def pairs(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(said.text, said.markers) for said in statements(text)]


def claims(text: str) -> list[str]:
    return [said.claim for said in statements(text)]


# --- Markers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is [1]. So is he [2].", [("It is.", (1,)), ("So is he.", (2,))]),
        ("It is. [1] So is he. [2]", [("It is.", (1,)), ("So is he.", (2,))]),
        ("It is.[1] So is he.[2]", [("It is.", (1,)), ("So is he.", (2,))]),
        ("It is [1][2]. It was. [1] [3]", [("It is.", (1, 2)), ("It was.", (1, 3))]),
        ("A plan [1] needs time [2], and men.", [("A plan needs time, and men.", (1, 2))]),
        ('"It is." [1] He left [2].', [('"It is."', (1,)), ("He left.", (2,))]),
        ("It is “so.” [1] He left [2].", [("It is “so.”", (1,)), ("He left.", (2,))]),
        ("Is it? [1] It is! [2]", [("Is it?", (1,)), ("It is!", (2,))]),
        ("It is [1] .", [("It is.", (1,))]),
        ("It is [1] , and was [2] ; so.", [("It is, and was; so.", (1, 2))]),
        ("It is. (ADP 3-0, para 2-5) [1] He left [2].",
         [("It is. (ADP 3-0, para 2-5)", (1,)), ("He left.", (2,))]),
        ("It is **[1]**. So is *it* [2].", [("It is.", (1,)), ("So is it.", (2,))]),
    ],
)  # fmt: skip
def test_markers_belong_to_the_sentence_that_they_stand_in_or_behind(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[12]", (12,)),
        ("[1, 2]", (1, 2)),
        ("[1,2,3]", (1, 2, 3)),
        ("[1; 3]", (1, 3)),
        ("[1 and 2]", (1, 2)),
        ("[1 & 2]", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("[2, 5-7]", (2, 5, 6, 7)),
        ("[^1]", (1,)),
        ("[#1]", (1,)),
        ("【1】", (1,)),
        ("【3†L1-L4】", (3,)),
        ("[1†source]", (1,)),
        ("[ 1 ]", (1,)),
        ("[passage 1]", (1,)),
        ("[Passages 1 and 2]", (1, 2)),
        ("[Passage 1, Passage 2]", (1, 2)),
        ("[Source: 1]", (1,)),
        ("[source 1; source 3]", (1, 3)),
        ("[Document 2]", (2,)),
        ("[^1, ^2]", (1, 2)),
        ("[1][1] [2]", (1, 2)),
        ("[**1**]", (1,)),
        ("[\u200b1]", (1,)),
        ("[3-1]", ()),  # no range
        ("[1-999]", ()),  # more than any prompt has passages
    ],
)
def test_many_ways_of_naming_passages_are_read(marker: str, numbers: tuple[int, ...]) -> None:
    assert pairs(f"Depth is space {marker}.") == [("Depth is space.", numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "He wrote [sic] that it is.",
        "The [Army] commander decides.",
        "The [4th] division holds.",
        "The plan [see 2-5] holds.",
        "The plan [2.5] holds.",
        "The plan [1945] holds.",
        "The plan (1) holds.",
        "The plan [] holds.",
        "The plan [a] holds.",
    ],
)
def test_what_else_stands_in_brackets_is_text(text: str) -> None:
    assert pairs(text) == [(text, ())]


@pytest.mark.parametrize("text", ["So [1[2]].", "So [[1]].", "So [1[2[3]]].", "So [【1】2]."])
def test_taking_markers_out_makes_no_others(text: str) -> None:
    for pieces in ((text,), tuple(text)):
        assert not any(LIKE_A_MARKER.search(said.claim) for said in statements(*pieces))


# --- Sentences ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Army fields 2.5 tons a day.",
        "It is used, e.g. in war, by units (i.e. all).",
        "See ADP 3-0, para 2-14.",
        "Gen. Smith of Co. B led it on 5 Jan. 1944.",
        "It costs 1.5 million, approx. 3 percent.",
        "The report (see Smith et al. Chapter 2) says so.",
        "It ends. (ADP 3-0, para 2-5)",
        "Snake_case_names and 5 * 3 * 2 stay.",
        "If a < b and c > d, it holds.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    for pieces in ((text,), tuple(text), split_every(text, 3)):
        assert [said.text for said in statements(*pieces)] == [text]


def test_a_sentence_comes_when_the_next_one_begins() -> None:
    stream, came = StatementStream(), []
    for piece in words("Depth is space. [1] Tempo is time [2]. It ends."):
        came.append((piece, [said.text for said in stream.feed(piece)]))
    assert [(piece, texts) for piece, texts in came if texts] == [
        ("Tempo ", ["Depth is space."]),
        ("It ", ["Tempo is time."]),
    ]
    assert stream.draft == "It ends."
    assert [said.text for said in stream.end()] == ["It ends."]
    assert stream.draft == "" and not list(stream.end())


def test_a_line_comes_when_it_ends() -> None:
    stream = StatementStream()
    assert not list(stream.feed("- Depth is [1]"))
    assert [said.text for said in stream.feed("\n")] == ["Depth is"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "[1]", "- \n- [2]\n", "***", "...", "\u200b"])
def test_nothing_is_no_statement(text: str) -> None:
    assert statements(text) == statements(*text) == []


# --- Lists -------------------------------------------------------------------------------

TENETS = ["Agility", "Depth"]


@pytest.mark.parametrize(
    "text",
    [
        "The tenets are:\n- Agility [1]\n- Depth [2]",
        "The tenets are:\n\n* Agility [1]\n\n* Depth [2]\n",
        "The tenets are:\n• Agility [1]\n• Depth [2]",
        "The tenets are:\n1. Agility [1]\n2. Depth [2]",
        "The tenets are:\n1) Agility [1]\n2) Depth [2]",
        "The tenets are:\n(1) Agility [1]\n(2) Depth [2]",
        "The tenets are:\n(a) Agility [1]\n(b) Depth [2]",
        "The tenets are:\n  - **Agility** [1]\n  - **Depth** [2]",
        "**The tenets are:**\n- `Agility` [1]\n- __Depth__ [2]",
        "### The tenets are:\n- Agility [1]\n- Depth [2]",
        "The tenets are:\r\n- Agility [1]\r\n- Depth [2]\r\n",
    ],
)
def test_a_list_is_its_items_and_the_first_has_the_lead_in(text: str) -> None:
    first, second = statements(text)
    assert [first.text, second.text] == TENETS
    assert [first.markers, second.markers] == [(1,), (2,)]
    assert first.item and second.item
    assert (first.lead_in, second.lead_in) == ("The tenets are:", "")
    assert first.claim == "The tenets are: Agility"


def test_markers_of_the_lead_in_are_those_of_items_without_any() -> None:
    said = statements("The tenets are [3]:\n- Agility\n- Depth [2]\n\nThat is all.")
    assert [s.markers for s in said] == [(3,), (2,), ()]
    assert [s.item for s in said] == [True, True, False]


def test_a_list_without_a_lead_in_is_items() -> None:
    assert [(s.text, s.item, s.lead_in) for s in statements("- Agility [1]\n- Depth [2]")] == [
        ("Agility", True, ""),
        ("Depth", True, ""),
    ]


def test_an_item_may_have_sentences() -> None:
    said = statements("It has two:\n1. Agility. It is quick [1]. It moves.\n2. Depth [2]")
    assert [s.text for s in said] == ["Agility.", "It is quick.", "It moves.", "Depth"]
    assert all(s.item for s in said)
    assert [bool(s.lead_in) for s in said] == [True, False, False, False]


def test_a_sentence_before_the_lead_in_is_one_of_its_own() -> None:
    said = statements("It is old [1]. The tenets are:\n- Agility [1]")
    assert [s.claim for s in said] == ["It is old.", "The tenets are: Agility"]


def test_a_list_in_a_sentence_is_a_sentence() -> None:
    assert pairs("The tenets are: agility [1], depth [2].") == [
        ("The tenets are: agility, depth.", (1, 2))
    ]


def test_an_announcement_of_nothing_says_nothing() -> None:
    assert statements("The tenets are:") == []


def test_headings_and_emphasis_are_not_said() -> None:
    assert claims("## Tenets\n**Depth** is *space* [1]. > So\n> `Tempo` is __time__ [2].") == [
        "Tenets",
        "Depth is space. > So",
        "Tempo is time.",
    ]


# --- Thoughts ----------------------------------------------------------------------------

THOUGHTS = [
    "<think>Hm. Is it so [9]?\n\n- A list</think>Depth is space [1].",
    "<thinking>\nHm.\n</thinking>\n\nDepth is space [1].",
    "<THINK>Hm.</THINK>Depth is space [1].",
    "<think></think>\nDepth is <think>Hm.</think>space [1].",
    "Depth is space [1]. <think>and so on. It never ends [9].",
]


@pytest.mark.parametrize("text", THOUGHTS)
def test_thoughts_are_not_said_wherever_they_are_cut(text: str) -> None:
    expected = [("Depth is space.", (1,))]
    for size in range(1, len(text) + 1):
        said = statements(*split_every(text, size))
        assert [(s.text, s.markers) for s in said] == expected, size


@pytest.mark.parametrize("text", THOUGHTS)
def test_a_draft_shows_no_thoughts(text: str) -> None:
    stream = StatementStream()
    for piece in text:
        list(stream.feed(piece))
        assert "hm" not in stream.draft.lower() and "<" not in stream.draft


# --- Cut, long, and odd ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (("One is. Two is. Thr", CUT), [True, True, False]),
        (("One is. Two is.", CUT), [True, False]),
        (("It has:\n- one\n- tw", CUT), [True, False]),
        (("It has:\n- one\n", CUT), [True]),
        (("One is. Two is. Three.",), [True, True, True]),
    ],
)
def test_the_last_statement_of_a_cut_reply_is_not_whole(
    pieces: tuple[str, ...], whole: list[bool]
) -> None:
    assert [said.whole for said in statements(*pieces)] == whole


@pytest.mark.parametrize(
    "letter", ["x", "x ", "- ", "[", "(", "1. ", "<", "<think", " ", "*", "\n"]
)
def test_a_reply_without_an_end_is_taken_piece_by_piece(letter: str) -> None:
    text = letter * (4 * LONGEST // len(letter))
    began = time.perf_counter()
    said = statements(*split_every(text, 16))
    assert time.perf_counter() - began < 5
    assert all(len(s.text) <= LONGEST for s in said)
    assert "".join(s.text.replace(" ", "") for s in said).count("x") == text.count("x")


def test_characters_that_print_as_nothing_or_turn_text_are_left_out() -> None:
    text = "Bad \ud83d half, \x07bell, \u202eturned\u2066, \ufeffmarked,\tand \u00a0 spaced [1]."
    assert pairs(text) == [("Bad \ufffd half, bell, turned, marked, and spaced.", (1,))]
    assert pairs("A pair \ud83d\ude00 [1].") == [("A pair 😀.", (1,))]
    assert [s.text for s in statements("A pair \ud83d", "\ude00.")] == ["A pair 😀."]


# --- Any text ----------------------------------------------------------------------------

TOKENS = st.sampled_from(
    [
        "Depth", "is", "space", "The", "It", "U.S.", "e.g.", "para 2-14.", "2.5", "ends.", "so?",
        "[1]", "[2, 3]", "[1-3].", "[sic]", "[Army]", "【4】", "[^2]", "[passage 1]", "[", "]",
        "(see", "(ADP 3-0, para 2-5)", "B)", "\n", "\n\n", "\n- ", "\n2. ", "\n(b) ", ":\n", ":",
        "**", "*", "# ", "`", "“so.”", '"', "<think>", "</think>", "<", "\u200b", "\ud83d", "[[1]]",
    ]
)  # fmt: skip
REPLIES = st.lists(st.tuples(TOKENS, st.sampled_from([" ", " ", ""])), max_size=30).map(
    lambda tokens: "".join(token + blank for token, blank in tokens)
)


def cut_at(text: str, places: Iterable[int]) -> list[str]:
    edges = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[a:b] for a, b in pairwise(edges)]


@settings(max_examples=400, deadline=None)
@given(REPLIES, st.lists(st.integers(0, 400), max_size=8))
def test_it_does_not_matter_how_a_reply_is_cut(text: str, places: list[int]) -> None:
    whole = statements(text)
    assert statements(*cut_at(text, places)) == whole
    assert statements(*text) == whole


@settings(max_examples=200, deadline=None)
@given(REPLIES | st.text(max_size=80))
def test_no_draft_and_no_statement_has_anything_like_a_marker(text: str) -> None:
    stream = StatementStream()
    said = []
    for piece in text.replace(CUT, ""):
        said.extend(stream.feed(piece))
        assert not LIKE_A_MARKER.search(stream.draft)
        stream.draft.encode()
    said.extend(stream.end())
    for statement in said:
        assert not LIKE_A_MARKER.search(statement.claim)
        assert statement.text == statement.text.strip() and "\n" not in statement.text
        statement.claim.encode()


SENTENCES = st.lists(
    st.lists(st.text("abcde", min_size=3, max_size=9), min_size=2, max_size=8),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(SENTENCES, st.data())
def test_no_text_is_lost(sentences: list[list[str]], data: st.DataObject) -> None:
    text, expected = "", []
    for number, sentence in enumerate(sentences, start=1):
        marker = data.draw(st.sampled_from(["", f" [{number}]", f" [{number}][7]"]))
        behind = data.draw(st.booleans())
        plain = " ".join(sentence).capitalize()
        text += f"{plain}.{marker} " if behind else f"{plain}{marker}. "
        expected.append((f"{plain}.", tuple(map(int, re.findall(r"\d+", marker)))))
    size = data.draw(st.integers(1, 20))
    said = statements(*split_every(text, size))
    assert [(s.text, tuple(sorted(s.markers))) for s in said] == [
        (plain, tuple(sorted(set(markers)))) for plain, markers in expected
    ]
