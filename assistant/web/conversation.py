"""The conversation: each question with its answer, its refusal or its error."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.render import answer_text, cite
from assistant.types import Answer, Citation, Statement
from assistant.web.labels import count, standing
from assistant.web.markup import Markup, element
from assistant.web.turns import Turn

NUMBERED = re.compile(r"\(?\w{1,3}[.)]\s")  # an item that brings its own mark
BULLETS = ("\u2022 ", "\u2013 ", "\u25e6 ")
LONGEST = 24  # characters of a last word that is kept on one line with its marks
SHOWN = 2000  # characters of a question that are shown
REFUSED = 200  # and of one that was refused: a pasted file must not hide the reason


def conversation(turns: Sequence[Turn]) -> str:
    """All turns in order; ``data-done`` tells the page's script what is new."""
    done = [turn.number for turn in turns if not turn.pending]
    return str(
        element(
            "div",
            *(_turn(turn) for turn in turns),
            class_="turns",
            data_count=len(turns),
            data_done=done[-1] if done else 0,
        )
    )


def _turn(turn: Turn) -> Markup:
    if turn.error is not None:
        body = element("p", turn.error, class_="error")
    elif turn.answer is None:
        body = element("p", "Searching the documents\u2026", class_="searching")
    elif turn.answer.abstained:
        body = _abstention(turn.number, turn.answer)
    else:
        body = _answer(turn.number, turn.answer)
    question = turn.question.strip()
    return element(
        "article",
        element("h2", _shortened(question, REFUSED if turn.error else SHOWN), class_="question")
        if question
        else None,
        element("p", f"Searched only: {turn.scope}", class_="scope") if turn.scope else None,
        body,
        class_="turn pending" if turn.pending else "turn",
        id=f"turn-{turn.number}",
        data_turn=turn.number,
        aria_busy="true" if turn.pending else None,
    )


def _shortened(question: str, most: int) -> str:
    if len(question) <= most:
        return question
    return f"{question[:most]}\u2026 ({len(question):,} characters)"


def _answer(turn: int, answer: Answer) -> Markup:
    known = {citation.number: citation for citation in answer.citations}
    return element(
        "div",
        *(_statement(turn, statement, known) for statement in answer.statements),
        *_notes(answer),
        _foot(turn, answer),
        class_="answer",
    )


def _abstention(turn: int, answer: Answer) -> Markup:
    reason = answer.reason or "No passage supports an answer well enough."
    nearest = "The nearest passages are listed as evidence; none of them is offered as an answer."
    return element(
        "div",
        element("p", "No answer", class_="verdict"),
        element("p", reason, class_="reason"),
        element("p", nearest, class_="note") if answer.hits else None,
        *_notes(answer),
        _foot(turn, answer),
        class_="answer abstained",
    )


def _statement(turn: int, statement: Statement, known: dict[int, Citation]) -> Markup:
    cites = [_cite(turn, known[number]) for number in statement.citations if number in known]
    marks = element("span", *cites, class_="cites") if cites else None
    blocks: list[tuple[str, list[str]]] = []
    for line in statement.text.split("\n"):
        text = line.strip()
        if text.startswith(BULLETS):
            if not blocks or blocks[-1][0] != "ul":
                blocks.append(("ul", []))
            blocks[-1][1].append(text[2:].strip())
        elif text:
            blocks.append(("p", [text]))
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
    return element("div", *parts, class_="statement")


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


def _notes(answer: Answer) -> list[Markup]:
    return [element("p", note, class_="note warning") for note in answer.notes]


def _foot(turn: int, answer: Answer) -> Markup:
    facts: list[str] = []
    if not answer.abstained:
        facts += [count(len(answer.citations), "citation"), f"{answer.mode} answer"]
    if answer.model:
        facts.append(answer.model)
    seconds = answer.seconds.get("total")
    if seconds is not None:
        facts.append(f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s")
    label = "Copy" if answer.abstained else "Copy with citations"
    return element(
        "div",
        element("button", label, type="button", class_="quiet", data_copy=answer_text(answer)),
        element("button", "Show evidence", type="button", class_="quiet", data_evidence=turn),
        element("span", " \u00b7 ".join(facts), class_="facts"),
        class_="foot",
    )
