"""The parts of a question that each want an answer of their own.

"Which document is the main vehicle, and who owns it?" asks two things; "the difference between
reorganization and regeneration" wants both explained. A part is a range of characters of the
question, so that what stands outside it still says what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.index.words import content_words

_ASKS: Final = (
    r"who|whom|whose|what|which|when|where|why|how|does|do|did|is|are|was|were|can|may|must|should|"
    r"say what"
)
_SENTENCE = re.compile(r"[^.?!;]*(?:[.](?=\S)[^.?!;]*)*[.?!;]*")
_JOINED = re.compile(
    rf"(?:,|;| -|:)?\s+(?:and|or)(?: then| also| finally)?\s+(?=(?:{_ASKS})\b)|"
    rf",\s+(?=(?:{_ASKS})\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(rf"\b(?:{_ASKS})\b", re.IGNORECASE)
_THING: Final = r"(?:the |an? )?((?!according)(?:[\w'’/&()-]+ ){0,4}?[\w'’/&()-]+)"
_END: Final = r"[?.,;:]|$"
_COMPARED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bdifferen(?:ce|t|ces)\b.*?\bbetween {_THING} and {_THING}(?={_END}| in | for | when )",
        rf"\bhow (?:is|are|do|does|did) {_THING} (?:differ|different|distinct)\w*\s*"
        rf"(?:from|to) {_THING}(?={_END})",
        rf"\b(?:separates?|distinguish\w*|sets?) {_THING} (?:apart )?from {_THING}(?={_END})",
        rf"\bcompare {_THING} (?:with|and|to|against) {_THING}(?={_END})",
        rf"^(?:an? )?{_THING} (?:vs\.?|versus) {_THING}(?={_END}| -)",
        rf"^(?:is |are )?(?:an? )?{_THING} the same (?:thing )?as {_THING}(?={_END}| in )",
        rf"^{_THING} or {_THING}(?= -|[?:])",
    )
)
_ORDERS = re.compile(
    r"(?:please )?(?:(?:name|list|give|tell|say|compare|explain|define|describe|walk|take|spell|"
    # "Check both documents" says where to look, "check whether" asks.
    r"show|break)\b|check (?:if|whether|what|which|how|who|when)\b)",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|each|he|she|one)\b", re.IGNORECASE
)
_WHOLE: Final = 2  # content words from which a part says what it is about
_CONDITION = re.compile(
    r"(?:when|if|before|after|while|once|where) (?!(?:do|does|did|is|are|was|were|will|would|"
    r"should|can|may|must|have|has)\b)[^,]*?(?:,|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start`` to ``end`` of the question; ``compared``: one of two things."""

    start: int
    end: int
    compared: bool = False

    def of(self, question: str) -> str:
        """The words of this part."""
        return question[self.start : self.end]


def independent(question: str, parts: Sequence[Part]) -> list[str]:
    """Those of its ``parts`` that can be searched for by themselves; none where it is one."""
    if len(parts) == 1 or parts[0].compared:
        return []
    texts = [part.of(question).strip() for part in parts]
    return [t for t in texts if len(content_words(t)) >= _WHOLE and not _REFERS.search(t)]


def question_parts(question: str) -> tuple[Part, ...]:
    """The parts of ``question`` in their order; the whole of it where it asks one thing."""
    for pattern in _COMPARED:
        if match := pattern.search(question):
            return tuple(Part(*match.span(group), compared=True) for group in (1, 2))
    asking = [part for part in _clauses(question) if _asks(question, part)]
    return tuple(asking) if len(asking) > 1 else (Part(0, len(question)),)


def _asks(question: str, part: Part) -> bool:
    """Whether a clause asks something, and is no condition or statement that goes before."""
    text = part.of(question).strip()
    if len(text.split()) <= 1:
        return False
    if _ORDERS.match(text):
        return True
    if text.endswith(".") or not _ASKING.search(text):
        return False
    condition = _CONDITION.match(text)
    return condition is None or bool(_ASKING.search(text, condition.end()))


def _clauses(question: str) -> Iterator[Part]:
    for sentence in _SENTENCE.finditer(question):
        if not sentence.group().strip():
            continue
        start = sentence.start()
        for joint in _JOINED.finditer(question, sentence.start(), sentence.end()):
            before = question[start : joint.start()].strip()
            if _ASKING.search(before) or _ORDERS.match(before):
                yield Part(start, joint.start())
                start = joint.end()
        yield Part(start, sentence.end())
