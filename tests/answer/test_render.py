from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answer.render import answer_text, cite, edition, hit_place
from assistant.types import Answer, Citation, Document, Hit, Part, Passage, Span, Statement, Status

ADP = Document("d", "adp.pdf", "", "ADP 3-0", "Operations", edition=date(2025, 3, 21))
CITATION = Citation(1, ADP, "2-14", "19", 31, "Depth is a tenet.", 5, 22)
PASSAGE = Passage(
    "p", "d", ("Tenets",), "2-14", "paragraph", (Part("text", (Span(31, 5, 22),)),), "Depth."
)
HIT = Hit(PASSAGE, ADP, "19", 0.2, 1)
ANSWER = Answer(
    question="What is depth?",
    searched="What is depth?",
    statements=(Statement("Depth is a tenet.", (1,)), Statement("It is large.", (1, 2))),
    citations=(CITATION, replace(CITATION, number=2, pdf_page=32, printed_page="20")),
    hits=(HIT,),
    abstained=False,
    reason=None,
    confidence=0.8,
    mode="extractive",
    index="f",
    seconds={},
)


def test_a_whole_citation() -> None:
    assert cite(CITATION) == "ADP 3-0 (21 Mar 2025), para 2-14, p. 19"


def test_what_is_missing_is_left_out() -> None:
    undated = replace(CITATION, document=replace(ADP, edition=None))
    assert cite(undated) == "ADP 3-0, para 2-14, p. 19"
    assert cite(replace(CITATION, paragraph=None)) == "ADP 3-0 (21 Mar 2025), p. 19"
    assert cite(replace(CITATION, printed_page=None)) == (
        "ADP 3-0 (21 Mar 2025), para 2-14, PDF p. 31"
    )
    assert cite(replace(undated, paragraph=None, printed_page=None)) == "ADP 3-0, PDF p. 31"


@pytest.mark.parametrize("status", ["superseded", "rescinded", "draft"])
def test_what_is_not_in_force_is_marked(status: Status) -> None:
    old = replace(CITATION, document=replace(ADP, status=status))
    assert cite(old) == f"ADP 3-0 (21 Mar 2025), para 2-14, p. 19 [{status}]"


def test_a_day_of_one_digit_has_no_zero() -> None:
    assert edition(replace(ADP, edition=date(2019, 4, 1))) == "ADP 3-0 (1 Apr 2019)"


def test_where_a_hit_stands() -> None:
    assert hit_place(ANSWER, 0) == "ADP 3-0 (21 Mar 2025), para 2-14, p. 19"
    bare = replace(HIT, label=None, passage=replace(PASSAGE, paragraph=None))
    assert hit_place(replace(ANSWER, hits=(bare,)), 0) == "ADP 3-0 (21 Mar 2025), PDF p. 31"


def test_an_answer_as_text() -> None:
    noted = replace(ANSWER, notes=("ADP 3-0 is superseded.",))
    assert answer_text(noted) == (
        "Depth is a tenet. [1]\n"
        "It is large. [1][2]\n"
        "\n"
        "[1] ADP 3-0 (21 Mar 2025), para 2-14, p. 19\n"
        "[2] ADP 3-0 (21 Mar 2025), para 2-14, p. 20\n"
        "Note: ADP 3-0 is superseded."
    )


def test_an_abstention_as_text() -> None:
    silent = replace(ANSWER, abstained=True, reason="Not there.", statements=(), citations=())
    assert answer_text(silent) == (
        "Not there.\n\nNearest passages:\n- ADP 3-0 (21 Mar 2025), para 2-14, p. 19"
    )
    assert answer_text(replace(silent, hits=())) == "Not there."
