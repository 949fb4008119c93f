"""What an exported conversation says, block by block, whatever the file's format.

Citations are numbered through the whole paper, so that "[7]" means one place only; every
answer is followed by its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from assistant.answer.render import BULLETS, cite
from assistant.conversation.turns import Conversation, Turn
from assistant.export.markings import highest_marking
from assistant.types import Answer, Citation, Statement

Kind = Literal["banner", "title", "heading", "subheading", "text", "item", "quote", "detail"]

_HEADING: Final = 100  # characters of a question that its heading holds

# What no XML holds, control characters, and those that reorder what follows them.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Block:
    """Printable text on one line; ``label`` stands before it in bold, if any."""

    kind: Kind
    text: str
    label: str = ""


def content(conversation: Conversation, made: datetime) -> list[Block]:
    """The whole conversation, block by block; ``made`` is when it is exported."""
    turns = [turn for turn in conversation.turns if not turn.pending]
    answers = [turn.answer for turn in turns if turn.answer is not None]
    indexes = list(dict.fromkeys(answer.index for answer in answers))
    blocks = [*_head(conversation, made, indexes)]
    cited = 0
    for turn in turns:
        blocks += _question(turn)
        if turn.answer is not None:
            blocks += _answer(turn.answer, cited, with_index=len(indexes) > 1)
            cited += len(turn.answer.citations)
        elif turn.error is not None:
            blocks.append(Block("text", one_line(turn.error), "Failed:"))
    return [block for block in blocks if block.text]


def lines(text: str) -> list[str]:
    """The lines of ``text`` that say something, without characters that cannot be printed."""
    shown = (_UNPRINTABLE.sub("", line) for line in text.splitlines())
    stripped = (_NO_CHARACTER.sub("\ufffd", line).strip() for line in shown)
    return [line for line in stripped if line]


def one_line(text: str) -> str:
    """The lines of ``text`` as one."""
    return " ".join(lines(text))


def title(conversation: Conversation) -> str:
    """What the paper is called."""
    return one_line(conversation.name) or "Conversation"


def marking(conversation: Conversation) -> str | None:
    """The highest marking among the documents that the conversation cites."""
    answers = (turn.answer for turn in conversation.turns if turn.answer is not None)
    found = (citation.document.marking for answer in answers for citation in answer.citations)
    return highest_marking(one_line(one) for one in found if one)


def _head(conversation: Conversation, made: datetime, indexes: Sequence[str]) -> Iterator[Block]:
    if banner := marking(conversation):
        yield Block("banner", banner)
    yield Block("title", title(conversation))
    begun, changed = _time(conversation.begun), _time(conversation.changed)
    yield Block("text", begun if begun == changed else f"{begun} to {changed}", "Held:")
    yield Block("text", _time(made), "Exported:")
    if len(indexes) == 1:
        yield Block("text", one_line(indexes[0]), "Index:")


def _question(turn: Turn) -> Iterator[Block]:
    said = lines(turn.question)
    whole = " ".join(said)
    short = whole if len(whole) <= _HEADING else f"{whole[:_HEADING].rstrip()}\u2026"
    yield Block("heading", f"Question {turn.number}: {short}".strip())
    if len(said) > 1 or short != whole:
        yield from (Block("text", line) for line in said)
    if turn.answer is not None and turn.answer.standalone:
        yield Block("text", one_line(turn.answer.standalone), "Searched for:")
    if turn.scope:
        yield Block("text", one_line(turn.scope), "Searched only:")


def _answer(answer: Answer, before: int, with_index: bool) -> Iterator[Block]:
    """An answer whose first citation has the number ``before + 1``."""
    numbers = {citation.number: before + i for i, citation in enumerate(answer.citations, 1)}
    yield Block("subheading", "No answer" if answer.abstained else "Answer")
    if answer.abstained:
        yield Block("text", one_line(answer.reason or "The documents do not say."))
    for statement in answer.supported:
        yield from _statement(statement, numbers)
    if left_out := len(answer.statements) - len(answer.supported):
        yield Block("text", _left_out(left_out), "Left out:")
    for note in answer.notes:
        yield Block("text", one_line(note), "Note:")
    yield _made_with(answer, with_index)
    if answer.citations:
        yield Block("subheading", "Citations")
    for number, citation in enumerate(answer.citations, before + 1):
        yield from _citation(citation, number)


def _statement(statement: Statement, numbers: Mapping[int, int]) -> Iterator[Block]:
    marks = "".join(f"[{numbers[n]}]" for n in statement.citations if n in numbers)
    said = lines(statement.text)
    for place, line in enumerate(said, 1):
        listed = line.startswith(BULLETS)
        text = line[2:].strip() if listed else line
        end = f" {marks}" if marks and place == len(said) else ""
        yield Block("item" if listed else "text", (text + end).strip())


def _left_out(count: int) -> str:
    if count == 1:
        return "1 statement, because the cited passages do not support it."
    return f"{count} statements, because the cited passages do not support them."


def _made_with(answer: Answer, with_index: bool) -> Block:
    return _details(
        {
            "Mode": answer.mode,
            "Model": answer.model,
            "Fallback": answer.fallback,
            "Index": answer.index if with_index else None,
        }
    )


def _citation(citation: Citation, number: int) -> Iterator[Block]:
    document = citation.document
    yield Block("text", one_line(cite(citation)), f"[{number}]")
    yield from (Block("quote", line) for line in lines(citation.quote))
    yield _details(
        {
            "Title": document.title,
            "File": document.file,
            "Printed page": citation.printed_page,
            "PDF page": str(citation.pdf_page),
            "Paragraph": citation.paragraph,
            "Superseded by": document.superseded_by,
            "Marking": document.marking,
            "Distribution": document.distribution,
        }
    )


def _details(facts: Mapping[str, str | None]) -> Block:
    shown = {name: one_line(fact or "") for name, fact in facts.items()}
    known = [f"{name}: {fact}" for name, fact in shown.items() if fact]
    return Block("detail", " \u00b7 ".join(known))


def _time(time: datetime) -> str:
    """A time in UTC, as which one without a zone is read."""
    utc = time.astimezone(UTC) if time.tzinfo else time
    return f"{utc.day} {utc:%b %Y %H:%M} UTC"
