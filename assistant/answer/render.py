"""Answers as text, cited in the style of doctrine."""

from __future__ import annotations

from typing import Final

from assistant.answer.styles import Place, doctrine, edition
from assistant.types import Answer, Hit

__all__ = ["BULLETS", "answer_text", "cite", "edition", "hit_name", "hit_place"]

BULLETS: Final = ("\u2022 ", "\u2013 ", "\u25e6 ")  # what begins an item of a statement's list


cite = doctrine  # how answers cite


def answer_text(answer: Answer) -> str:
    """The whole answer as plain text: statements with marks, then the citations in full.

    What its sources do not support is left out: it is nothing to copy.
    """
    if answer.abstained:
        lines = [answer.reason or "The documents do not say."]
        if answer.hits:
            lines += ["", "Nearest passages:"]
            lines += [f"- {hit_place(answer, index)}" for index in range(min(3, len(answer.hits)))]
        return "\n".join(lines)
    lines = [answer.fallback, ""] if answer.fallback else []
    lines += [
        statement.text + " " + "".join(f"[{n}]" for n in statement.citations)
        for statement in answer.supported
    ]
    lines += ["", *(f"[{c.number}] {cite(c)}" for c in answer.citations)]
    lines += [f"Note: {note}" for note in answer.notes]
    return "\n".join(lines)


def hit_place(answer: Answer, index: int) -> str:
    """Where a hit stands, as a citation without a quote."""
    return hit_name(answer.hits[index])


def hit_name(hit: Hit) -> str:
    """The same of a hit by itself."""
    return cite(Place(hit.document, hit.passage.paragraph, hit.label, hit.page))
