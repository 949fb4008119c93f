"""What an exported conversation says, block by block.

Citations are numbered through the whole paper, so that "[7]" means one place only; every
answer is followed by its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from assistant.answer.render import BULLETS, cite
from assistant.conversation.turns import Conversation, Turn
from assistant.export.blocks import Block, details
from assistant.export.markings import highest_marking
from assistant.export.text import lines, one_line, utc_time
from assistant.types import Answer, Citation, Statement

_HEADING: Final = 100  # characters of a question that its heading holds


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
    begun, changed = utc_time(conversation.begun), utc_time(conversation.changed)
    yield Block("text", begun if begun == changed else f"{begun} to {changed}", "Held:")
    yield Block("text", utc_time(made), "Exported:")
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
    return details(
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
    yield details(
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
