"""How well a unit answers: its words, its place, its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assistant.answer.kind import AnswerKind, is_negated
from assistant.answer.quantity import Quantity
from assistant.answer.units import Unit
from assistant.index.words import NUMBERS, content_words
from assistant.retrieve.asked import Asked
from assistant.retrieve.parts import Part
from assistant.retrieve.retriever import Retrieval

FIRST_WORDS: Final = 9  # words of a definition in which the defined term stands
MANY: Final = 5  # items of a list of which one may be asked for
FEW: Final = 0.35  # share of a list's items that asks for these and not for the list
SHORT: Final = 40  # characters under which a sentence says little
SEVERAL: Final = 2  # separators from which a sentence lists several things
TERM: Final = 0.5  # weighted share of what is asked that a definition's subject must hold

_DEFINING = re.compile(
    r"^(?:the |an? |joint doctrine defines |doctrine defines )?"
    r"((?:(?!(?:is|are|was|were|has|have|can|may|must|will|should)\b)[^\s,;:]+ ){1,8}?)"
    r"(?:\([^)]*\) )?(?:(?:is|are) (?!\w+ed\b|driven|made|given|set|held|kept|built|taken|done|led|"
    r"met|put|not )|means?|refers? to|stands? for|comprises?|consists? of|as)\b",
    re.IGNORECASE,
)
# "consists of nine phases: preparation; alert; ..."
_COLON = re.compile(
    rf"\b(?:\d+|{'|'.join(NUMBERS)}) ((?:[\w'’-]+ ){{0,2}}[\w'’-]+)[^.:;—]{{0,30}}[:—]",
    re.IGNORECASE,
)
# Says where something stands, not what: "See Appendix A for ..."
_POINTER = re.compile(
    r"\W*(?:see|refer to|this (?:chapter|section) (?!shall|must|applies|does)|"
    r"for (?:more|further|additional|detailed|details|a |an )[^.;]*\b(?:see|refer to))\b",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"chapter (?:\d+|[a-z]+)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing that speaks for a unit counts; docs/design/answer-quality.md."""

    own: float = 0.2  # share of the question's words in the unit
    context: float = 0.25  # the same for its passage, headings and title
    rank: float = 1.9  # score of its passage against the best one
    aligned: float = 2.7  # cosines of the question's words with the unit's nearest tokens
    passage_aligned: float = 1.5
    wanted_list: float = 0.1
    announced: float = 0.5  # the words before it say that it lists what is asked for
    enumerated: float = 0.6  # a sentence that lists what is asked for
    overview: float = 1.0  # against the words that open a chapter and say what it treats
    one_of_them: float = 0.5  # against a list of which one item is asked for
    list_share: float = 0.7  # how far the passage speaks for its list
    definition: float = 0.2
    meaning: float = 0.6  # the same where the question asks in so many words what it means
    quantity: float = 0.24
    named: float = 0.64  # the same of the name or mark of one thing
    other_term: float = 0.4  # against an entry of a glossary whose term is not asked for
    negated: float = 0.25  # question and unit both say what is not so
    tied: float = 0.6  # share of the question's names that its passage has
    short: float = 0.7  # of what hardly says anything, or only where it is said


@dataclass(frozen=True, slots=True)
class UnitScorer:
    """Scores the units of one question, or of one part of it."""

    retrieval: Retrieval
    asked: Asked
    kind: AnswerKind
    quantity: Quantity | None
    part: Part | None = None
    tied: Mapping[str, float] = field(default_factory=dict)
    weights: Weights = Weights()

    def score(self, unit: Unit) -> float:
        """Larger is better; comparable between the units of this question only."""
        w = self.weights
        rank = unit.hit.score / self.retrieval.hits[0].score
        if unit.kind == "section":  # its heading and its document together say all words
            return (
                w.own
                + w.context
                + w.rank * rank
                + w.wanted_list
                + w.aligned
                + w.passage_aligned
                + w.tied
            )
        one_of_them = unit.kind == "list" and self._asks_for_one(unit)
        wanted_list = unit.kind == "list" and self.kind.wants_list and not one_of_them
        own, context = self.asked.covered(_own(unit)), self.asked.covered(context_of(unit))
        if wanted_list:
            own += w.list_share * (context - own)  # the passage says what its list is a list of
        score = w.own * own + w.context * context + w.rank * rank
        score += self._aligned(unit) + w.tied * self.tied.get(unit.passage.id, 1.0)
        if wanted_list:
            score += w.wanted_list + w.announced * self._is_announced(unit)
        elif one_of_them:
            score -= w.one_of_them
        if self.kind.wants_list and self._enumerates(unit):
            score += w.enumerated
        if _is_overview(unit):
            score -= w.overview
        if self._wants_definition and self._defines(unit):
            score += w.meaning if self.kind.defines or self._is_compared else w.definition
        if unit.passage.kind == "glossary" and not self.asked.covered(_term(unit)):
            score -= w.other_term
        if self.kind.negated and is_negated(_own(unit)):
            score += w.negated
        if self.quantity is not None and self.quantity.stands_in(unit.text):
            score += w.named if self.quantity.names else w.quantity
        if unit.kind == "sentence" and (len(unit.text) < SHORT or _POINTER.match(unit.text)):
            score *= w.short
        return score

    @property
    def _is_compared(self) -> bool:
        return self.part is not None and self.part.compared

    @property
    def _wants_definition(self) -> bool:
        return self.kind.wants_definition or self._is_compared

    def _defines(self, unit: Unit) -> bool:
        """Whether it says what is asked for means; of two compared things, what this one does."""
        if self.part is None or not self.part.compared:
            return defines(unit, self.asked)
        inside = set(content_words(self.part.of(self.retrieval.query.question)))
        own = {word: weight for word, weight in self.asked.weights.items() if word in inside}
        return defines(unit, Asked(own, self.asked.aliases), exactly=True)

    def _is_announced(self, unit: Unit) -> bool:
        lead_in = unit.text.partition("\n")[0]
        first_sentence = unit.passage.text.partition(". ")[0]
        before = [*unit.passage.heading[-1:], lead_in, first_sentence]
        return not self.kind.listed.isdisjoint(content_words(" ".join(before)))

    def _asks_for_one(self, unit: Unit) -> bool:
        """Whether a word of the question is in few items of the list and not before them."""
        head, *items = unit.text.split("\n")
        if len(items) < MANY or self._is_announced(unit):
            return False
        before = set(content_words(" ".join([head, *unit.passage.heading])))
        held = [set(content_words(item)) for item in items]
        few = len(held) * FEW
        return any(
            0 < sum(word in item for item in held) <= few
            for word in self.asked.weights
            if word not in before and word not in self.kind.listed
        )

    def _enumerates(self, unit: Unit) -> bool:
        """Whether a sentence lists what is asked for: "The roles are a, b and c"."""
        if unit.kind != "sentence":
            return False
        for match in (_DEFINING.match(unit.text), _COLON.search(unit.text)):
            if match is None or len(_SEPARATOR.findall(unit.text, match.end())) < SEVERAL:
                continue
            if not self.kind.listed.isdisjoint(content_words(match.group(1))):
                return True
        # Under the heading "Tenets", "they have four: ..." names tenets.
        heading = content_words(" ".join(unit.passage.heading[-1:]))
        listed = len(_SEPARATOR.findall(unit.text.partition(":")[2])) >= SEVERAL
        return listed and not self.kind.listed.isdisjoint(heading)

    def _aligned(self, unit: Unit) -> float:
        alignment = self.retrieval.alignments.get(unit.passage.id)
        if alignment is None:
            return 0.0
        lines = [line.removeprefix("• ") for line in _own(unit).split("\n")]
        own = alignment.score_of(lines, self.part)
        return self.weights.aligned * own + self.weights.passage_aligned * alignment.score


def _own(unit: Unit) -> str:
    """What the unit says itself. An item whose lead-in alone is asked for is half an answer."""
    return unit.text.rpartition("\n")[2] if unit.kind == "item" else unit.text


def _is_overview(unit: Unit) -> bool:
    """Whether it opens a chapter, before the first paragraph that has a number or a heading."""
    heading = unit.passage.heading
    return len(heading) == 1 and unit.passage.paragraph is None and bool(_CHAPTER.match(heading[0]))


def _term(unit: Unit) -> str:
    """What an entry of a glossary explains."""
    return " ".join(unit.text.split()[:FIRST_WORDS])


def context_of(unit: Unit) -> str:
    """What stands around a unit: its passage, headings and the document's title."""
    return " ".join([*unit.passage.heading[-2:], unit.passage.text, unit.hit.document.title])


def defines(unit: Unit, asked: Asked, *, exactly: bool = False) -> bool:
    """Whether the unit says what the words that are asked for mean.

    An entry of a glossary opens with its term; a sentence has it before "is", "are", "means".
    ``exactly``: its subject is all these words and no other.
    """
    least = 1.0 if exactly else TERM
    if unit.kind == "row":
        return asked.covered(_term(unit)) >= least
    match = _DEFINING.match(unit.text)
    if match is None:
        return False
    subject = content_words(match.group(1))
    beside = [word for word in subject if word not in asked.weights]
    most = 0 if exactly else len(subject) / 2
    return len(beside) <= most and asked.covered(match.group(1)) >= least
