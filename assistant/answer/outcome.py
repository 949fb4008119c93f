"""What becomes of a model's reply: its answer, its refusal, or the extractive answer instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.answer.extractive import Found
from assistant.answer.model_errors import ModelError
from assistant.types import Answer, Citation, Statement

SURVIVE: Final = 0.5  # share of a model's statements that must hold for them to be an answer
DECLINED: Final = (
    "The language model found no answer in the passages nearest to the question. They may still "
    "bear on it: see the evidence."
)
PLANTED: Final = (
    "A passage holds text that is addressed to language models; it was not given to the model."
)
INSTEAD: Final = "this answer consists of the documents' own words instead"


def generated(
    found: Found,
    statements: Sequence[Statement],
    citations: tuple[Citation, ...],
    *,
    declined: bool,
    flag: bool,
    planted: bool = False,
) -> Answer:
    """The answer that a model's checked ``statements`` make.

    ``declined``: the model said that it has no answer; ``flag``: statements that do not hold are
    kept and marked, instead of left out; ``planted``: passages held text addressed to models.
    """
    statements, citations = _renumbered(statements, citations)
    held = tuple(statement for statement in statements if statement.supported)
    failed = len(statements) - len(held)
    if declined and not held:
        return replace(
            found.answer,
            mode="generative",
            statements=(),
            citations=(),
            abstained=True,
            reason=DECLINED,
            notes=(),
        )
    if not held or len(held) < SURVIVE * len(statements):
        return replace(found.answer, fallback=_too_little(failed, len(statements)))
    left_out = () if flag or not failed else (_left_out(failed),)
    return replace(
        found.answer,
        mode="generative",
        statements=tuple(statements) if flag else held,
        citations=citations,
        notes=(*found.notes_on(citations), *left_out, *((PLANTED,) if planted else ())),
    )


def failed(found: Found, error: ModelError) -> Answer:
    """The extractive answer where the model gave none."""
    return replace(
        found.answer, fallback=f"No answer from the language model ({error}): {INSTEAD}."
    )


def _renumbered(
    statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[list[Statement], tuple[Citation, ...]]:
    """Only the citations that a statement has, numbered in the order in which they are met."""
    used = dict.fromkeys(number for statement in statements for number in statement.citations)
    numbers = {old: new for new, old in enumerate(used, start=1)}
    known = {citation.number: citation for citation in citations}
    return (
        [replace(s, citations=tuple(numbers[old] for old in s.citations)) for s in statements],
        tuple(replace(known[old], number=new) for old, new in numbers.items()),
    )


def _left_out(count: int) -> str:
    if count == 1:
        return "One statement of the model was left out: the passages it cites do not support it."
    return f"{count} statements of the model were left out: the passages cited do not support them."


def _too_little(count: int, of: int) -> str:
    if not of:
        return f"The language model said nothing that can be checked: {INSTEAD}."
    if count == of == 1:
        return f"What the language model said is not supported by the passages cited: {INSTEAD}."
    return (
        f"{count} of the language model's {of} statements are not supported by the passages that "
        f"they cite: {INSTEAD}."
    )
