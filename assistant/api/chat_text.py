"""An answer as the text of a chat message, with its citations as annotations of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from assistant.answer.record import citation_json
from assistant.answer.render import cite
from assistant.types import Answer, Citation

_TOKEN: Final = 4  # characters that a token is taken to have
_PIECE: Final = 80  # characters of a chunk


def message_json(answer: Answer, base: str) -> dict[str, Any]:
    """The message; ``base`` is the address of the server, for links to its pages."""
    text, marks = (
        (answer.reason or "The documents do not say.", []) if answer.abstained else (_told(answer))
    )
    by_number = {citation.number: citation for citation in answer.citations}
    return {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "abstained": answer.abstained,
        "annotations": [
            _annotation(by_number[number], start, end, base) for number, start, end in marks
        ],
    }


def pieces(text: str) -> Iterator[str]:
    """``text`` in pieces that end between words where they can."""
    while len(text) > _PIECE:
        end = text.rfind(" ", 1, _PIECE) + 1 or _PIECE
        yield text[:end]
        text = text[end:]
    yield text


def usage_json(questions: Sequence[str], content: str) -> dict[str, Any]:
    """How many tokens that may have been."""
    asked, said = _tokens("".join(questions)), _tokens(content)
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "estimated": True,
    }


def _tokens(text: str) -> int:
    return -(-len(text) // _TOKEN)


def _told(answer: Answer) -> tuple[str, list[tuple[int, int, int]]]:
    """The text, and where in it each mark stands: number of the citation, start, end.

    The text is that of ``answer_text``, built here so that the places of the marks are known.
    """
    text = f"{answer.fallback}\n\n" if answer.fallback else ""
    marks: list[tuple[int, int, int]] = []
    for statement in answer.supported:
        text += f"{statement.text} "
        for number in statement.citations:
            mark = f"[{number}]"
            marks.append((number, len(text), len(text) + len(mark)))
            text += mark
        text += "\n"
    sources = ["", *(f"[{c.number}] {cite(c)}" for c in answer.citations)]
    return text + "\n".join([*sources, *(f"Note: {note}" for note in answer.notes)]), marks


def _annotation(citation: Citation, start: int, end: int, base: str) -> dict[str, Any]:
    page = f"api/documents/{citation.document.id}/pages/{citation.pdf_page}.png"
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "url": f"{base}{page}?highlight={citation.start}-{citation.end}",
            "title": cite(citation),
        },
        "citation": citation_json(citation),
    }
