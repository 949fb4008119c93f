"""Answers as the chat gives them, and a workspace to keep what is said of them."""

from __future__ import annotations

from assistant.types import Answer, Statement
from tests.web.fakes import answer, citation, document

QUESTION = "Who plans with allies?"


def answered(question: str = QUESTION) -> Answer:
    first, second = document("doctrine/one.pdf"), document("two.pdf")
    return answer(
        question,
        [Statement("Commanders plan with allies.", (1,)), Statement("So do staffs.", (2,))],
        [
            citation(1, first),
            citation(2, second, paragraph=None, printed_page=None, quote="So do\nstaffs.", start=9),
        ],
    )


def refused(question: str = "Who bakes?") -> Answer:
    return answer(question, abstained=True, reason="The documents do not mention this.")
