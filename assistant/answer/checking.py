"""A model's statements held against the passages that they cite, one by one as they arrive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from assistant.answer.citations import Citer
from assistant.answer.entailment import Judge
from assistant.answer.sources import Source
from assistant.answer.streamed import Said
from assistant.answer.units import Unit
from assistant.types import Citation, Statement

NO_MARKER: Final = "it names no passage"
UNKNOWN_MARKER: Final = "it names a passage that was not given"
CUT_OFF: Final = "the model's reply was cut in the middle of it"
UNVERIFIED: Final = "the stored page does not hold what was indexed there"

_SUBJECT: Final = r"(?:documents?|passages?|sources?|texts?|context|excerpts?|information|answer)"
_NOT: Final = r"(?:(?:do|does|did) not|don['’]t|doesn['’]t|cannot|can['’]t|could not)"
# "The documents do not say", in the ways in which models put it.
_DECLINES = tuple(
    re.compile(rf"^\W*(?:{pattern})", re.IGNORECASE)
    for pattern in (
        r"i['’]m sorry\b|i am sorry\b|(?:sorry|unfortunately|based on)\b.*\b(?:not|no)\b",
        rf"(?:the |these |none of the |no )?(?:\w+ ){{0,3}}?{_SUBJECT}"
        rf"(?: (?:above|given|provided|here|that \w+ \w+))? (?:{_NOT}\b|says? nothing|"
        r"gives? no|(?:contains?|provides?|holds?|ha(?:s|ve)) no|mentions? nothing|"
        r"(?:is|are) not (?:given|provided|stated|mentioned|specified|available|found|in)\b)",
        r"(?:there is|i (?:find|found|see|have)) (?:no|not enough)\b.*"
        r"\b(?:information|mention|answer)",
        r"(?:it|this|that) is not (?:mentioned|stated|specified|given|covered|said|found)\b.*"
        rf"\b{_SUBJECT}",
        rf"i (?:{_NOT}|am (?:not able|unable))\b.*\b(?:answer|find|know|determine|say)",
    )
)


def declines(said: Said) -> bool:
    """Whether the model says that it has no answer."""
    return any(pattern.match(said.claim) for pattern in _DECLINES)


class StatementChecker:
    """Checks the statements of one answer and numbers their citations."""

    def __init__(self, judge: Judge, citer: Citer, sources: Sequence[Source]) -> None:
        self._judge = judge
        self._citer = citer
        self._sources: Mapping[int, Source] = {source.number: source for source in sources}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of all statements so far."""
        return self._citer.citations

    def check(self, said: Said) -> Statement:
        """The statement with verified citations, or one that says why it has none."""
        given = [self._sources[n] for n in said.markers if n in self._sources]
        if not said.whole:
            return _unsupported(said, CUT_OFF)
        if not given:
            return _unsupported(said, UNKNOWN_MARKER if said.markers else NO_MARKER)
        support = self._judge.judge(said.claim, [source.evidence for source in given])
        if support.problem is not None:
            return _unsupported(said, support.problem, support.score)
        numbers = self._cited(given, support.used)
        if not numbers:
            return _unsupported(said, UNVERIFIED)
        return Statement(_shown(said), numbers, round(support.score, 4))

    def _cited(self, given: Sequence[Source], used: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """The numbers of the citations of the sentences ``used``; none where one is not verified.

        Sentences that follow each other are one quote.
        """
        numbers: dict[int, None] = {}
        ordered = sorted(used)
        runs = groupby(enumerate(ordered), key=lambda item: (item[1][0], item[1][1] - item[0]))
        for (which, _), run in runs:
            source = given[which]
            statement = self._citer.cite(_unit(source, [sentence for _, (_, sentence) in run]))
            if statement is None:
                return ()
            numbers.update(dict.fromkeys(statement.citations))
        return tuple(numbers)


def _unit(source: Source, sentences: Sequence[int]) -> Unit:
    """Sentences of a source as what the extractive answer would quote."""
    lines = (source.evidence.sentences[sentence] for sentence in sentences)
    text = "\n".join(source.evidence.text[start:end] for start, end in lines)
    spans = tuple(span for sentence in sentences for span in source.spans[sentence])
    return Unit("sentence", text, spans, source.hit.passage, source.hit, sentences[0])


def _unsupported(said: Said, problem: str, score: float = 0.0) -> Statement:
    return Statement(_shown(said), (), round(score, 4), supported=False, problem=problem)


def _shown(said: Said) -> str:
    if not said.item:
        return said.text
    return f"{said.lead_in}\n• {said.text}" if said.lead_in else f"• {said.text}"
