"""Statements with the buttons of their citations, and what is not or not yet one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.render import BULLETS, cite
from assistant.types import Citation, Statement
from assistant.web.labels import standing
from assistant.web.markup import Markup, element

NUMBERED = re.compile(r"\(?\w{1,3}[.)]\s")  # an item that brings its own mark
LONGEST = 24  # characters of a last word that is kept on one line with its marks

UNSUPPORTED = "Not supported by the cited passages"


def written(
    turn: int, statements: Sequence[Statement], citations: Sequence[Citation]
) -> list[Markup]:
    """The statements of a turn; ``citations`` are those that they may name."""
    known = {citation.number: citation for citation in citations}
    return [
        _statement(turn, statement, known) if statement.supported else _unsupported(statement)
        for statement in statements
    ]


def draft(text: str) -> Markup | None:
    """What a model wrote and nobody has checked yet: plain text, which cites nothing."""
    if not text.strip():
        return None
    return element(
        "div",
        element("span", "Being checked", class_="state"),
        element("p", text.strip()),
        class_="draft",
    )


def _statement(turn: int, statement: Statement, known: dict[int, Citation]) -> Markup:
    cites = [_cite(turn, known[number]) for number in statement.citations if number in known]
    marks = element("span", *cites, class_="cites") if cites else None
    return element("div", *_blocks(statement.text, marks), class_="statement")


def _unsupported(statement: Statement) -> Markup:
    problem = f"{UNSUPPORTED}: {statement.problem}" if statement.problem else f"{UNSUPPORTED}."
    return element(
        "div",
        element("p", problem, class_="problem"),
        element("div", *_blocks(statement.text, None), class_="struck", role="deletion"),
        class_="statement unsupported",
    )


def _blocks(text: str, marks: Markup | None) -> list[Markup]:
    """Paragraphs and lists; ``marks`` stand after the last word."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        said = line.strip()
        if said.startswith(BULLETS):
            if not blocks or blocks[-1][0] != "ul":
                blocks.append(("ul", []))
            blocks[-1][1].append(said[2:].strip())
        elif said:
            blocks.append(("p", [said]))
    parts: list[Markup] = []
    for index, (kind, lines) in enumerate(blocks):
        last = marks if index == len(blocks) - 1 else None
        if kind == "ul":
            ends = [*([None] * (len(lines) - 1)), last]
            items = (_ended("li", line, end) for line, end in zip(lines, ends, strict=True))
            numbered = all(NUMBERED.match(line) for line in lines)
            parts.append(element("ul", *items, class_="numbered" if numbered else None))
        else:
            parts.append(_ended("p", lines[0], last))
    return parts


def _ended(name: str, text: str, marks: Markup | None) -> Markup:
    """A line with its marks, which never stand alone on the next line."""
    if marks is None:
        return element(name, text)
    head, space, word = text.rpartition(" ")
    if len(word) > LONGEST:
        head, space, word = text, " ", ""
    return element(name, head + space, element("span", word, " " * bool(word), marks, class_="end"))


def _cite(turn: int, citation: Citation) -> Markup:
    name = cite(citation)
    return element(
        "button",
        f"[{citation.number}]",
        type="button",
        class_="cite flagged" if standing(citation.document) else "cite",
        data_card=f"card-{turn}-{citation.number}",
        aria_label=f"Citation {citation.number}: {name}",
        title=name,
    )
