"""Whether passages support a statement, and which of their sentences do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.claims import crossreader
from assistant.answer.claims.align import Alignment, Reader, Reading, align
from assistant.answer.claims.contrast import turned_round
from assistant.answer.claims.coverage import is_elsewhere
from assistant.answer.claims.crossreader import CrossReader, Verdict
from assistant.answer.claims.features import features
from assistant.answer.claims.model import packaged
from assistant.answer.claims.reasons import ELSEWHERE, reason
from assistant.answer.claims.shortforms import spelled_out, written_as_in
from assistant.answer.claims.strict import OPPOSITE, absent, changed, foreign
from assistant.answer.claims.text import SOURCE, stems
from assistant.corpus.sentences import sentence_ranges
from assistant.index.embedder import Embedder

SURE: Final = -2.0  # log-odds of a fault below which a word may stand for one unlike it
UNCITED: Final = "no text is cited"
# "Yes, an IDD is required": the word answers the question, it says nothing of its own.
_ANSWERS = re.compile(r"^(?:yes|no)\s*[,;:–—-]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a statement cites.

    ``text`` consists of its ``sentences``, half-open ranges of ``text`` in reading order; lines of
    lists and tables are sentences, too. ``heading`` is the path of headings above it and
    ``source`` the designation and title of its document.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    heading: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """What evidence does for a statement.

    ``score`` is the estimated probability that it supports it. ``problem`` says in a few words
    what is wrong where it does not ("the number 30 is not there"), None where it does. ``used``
    are the sentences that carry it, (which evidence, which of its sentences), the fewest that do.
    """

    score: float
    problem: str | None
    used: tuple[tuple[int, int], ...]

    @property
    def supported(self) -> bool:
        """Whether the statement may be shown as cited."""
        return self.problem is None


class SupportJudge:
    """Judges by word vectors, by what can be read off the words, and by a network's reading.

    ``acronyms`` are short forms with their long forms, ``reader`` the network where it is not the
    packaged one. Safe to share between threads.
    """

    def __init__(
        self,
        embedder: Embedder,
        acronyms: Mapping[str, str] = {},
        reader: CrossReader | None = None,
    ) -> None:
        self._reader = Reader(embedder)
        self._crossreader = reader or crossreader.packaged()
        self._acronyms = acronyms
        self._spelled = _stemmed(acronyms)

    def warm_up(self) -> None:
        """Load the network."""
        self._crossreader.read("warm up", "warm up")

    def judge(self, statement: str, evidence: Sequence[Evidence]) -> Support:
        """Whether ``evidence`` supports ``statement``, and with which of its sentences."""
        statement = _ANSWERS.sub("", statement)
        order = _order(evidence)
        alignment = self._aligned(statement, evidence)
        chosen = alignment.choose()
        if not chosen:
            return Support(0.0, ELSEWHERE if evidence else UNCITED, ())
        if (verbatim := _verbatim(statement, evidence)) is not None:
            return Support(1.0, None, verbatim)
        places = (alignment.places[number] for number in chosen)
        used = tuple(sorted((order[passage], sentence) for passage, sentence in places))
        examined = self._examined(statement, evidence, alignment, chosen)
        if isinstance(examined, str):
            return Support(0.0, examined, used)
        measures, verdict = examined
        measured = {**measures, **verdict.measured()}
        model, problem = packaged(), None
        if (unsupported := model.unsupported(measured)) >= model.threshold:
            problem = reason(alignment, measured, verdict.at_fault(statement))
        return Support(1.0 - unsupported, problem, used)

    def measure(self, statement: str, evidence: Sequence[Evidence]) -> dict[str, float]:
        """What the decision rests on, by name; empty where nothing can be compared."""
        statement = _ANSWERS.sub("", statement)
        alignment = self._aligned(statement, evidence)
        chosen = alignment.choose()
        if not chosen:
            return {}
        verdict = self._read(statement, evidence, alignment, chosen)
        return {**features(alignment, chosen), **verdict.measured()}

    def settled(self, statement: str, evidence: Sequence[Evidence]) -> bool:
        """Whether a rule alone decides that the statement is not supported."""
        statement = _ANSWERS.sub("", statement)
        alignment = self._aligned(statement, evidence)
        return isinstance(self._examined(statement, evidence, alignment, alignment.choose()), str)

    def _examined(
        self,
        statement: str,
        evidence: Sequence[Evidence],
        alignment: Alignment,
        chosen: Sequence[int],
    ) -> str | tuple[dict[str, float], Verdict]:
        """What a rule objects to, or the measures and the reading where none does."""
        if (problem := _broken(statement, evidence, alignment)) is not None:
            return problem
        measures = features(alignment, chosen)
        if is_elsewhere(measures):
            return ELSEWHERE
        verdict = self._read(statement, evidence, alignment, chosen)
        return _doubtful(verdict, alignment) or (measures, verdict)

    def _read(
        self,
        statement: str,
        evidence: Sequence[Evidence],
        alignment: Alignment,
        chosen: Sequence[int],
    ) -> Verdict:
        places = [alignment.places[number] for number in chosen]
        text = _read_beside(evidence, _order(evidence), places)
        forms = spelled_out(statement, text, self._acronyms)  # the network knows none
        return self._crossreader.read(statement, written_as_in(statement, text, forms))

    def _aligned(self, statement: str, evidence: Sequence[Evidence]) -> Alignment:
        ordered = [evidence[number] for number in _order(evidence)]
        passages = [self._reader.read(one.text, one.sentences) for one in ordered]
        above = [self._whole(text) for text in dict.fromkeys(map(_above, ordered)) if text]
        asked = self._reader.read(statement, tuple(sentence_ranges(statement)))
        told = "\n".join([_headed(ordered), *(one.text for one in ordered)])
        spelled = self._spelled | _stemmed(spelled_out(statement, told, self._acronyms))
        return align(asked, passages, above, spelled, _headed(ordered))

    def _whole(self, text: str) -> Reading:
        return self._reader.read(text, ((0, len(text)),))


def _stemmed(acronyms: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The stems of long forms by the stem of their short form."""
    return {
        short[0]: frozenset(stems(long_form))
        for written, long_form in acronyms.items()
        if len(short := stems(written)) == 1
    }


def _order(evidence: Sequence[Evidence]) -> list[int]:
    """The numbers of the evidence in an order of its own, so that the one given is no matter."""
    return sorted(range(len(evidence)), key=lambda number: (evidence[number].text, number))


def _read_beside(
    evidence: Sequence[Evidence], order: Sequence[int], places: Sequence[tuple[int, int]]
) -> str:
    """What the network reads: the one passage that is cited, of several the chosen sentences."""
    if len(evidence) == 1:
        return crossreader.text_of(evidence[0].heading, evidence[0].text)
    parts = []
    for which in dict.fromkeys(passage for passage, _ in places):
        one = evidence[order[which]]
        chosen = sorted(sentence for passage, sentence in places if passage == which)
        text = " ".join(one.text[slice(*one.sentences[sentence])] for sentence in chosen)
        parts.append(crossreader.text_of(one.heading, text))
    return " ".join(parts)


def _broken(statement: str, evidence: Sequence[Evidence], alignment: Alignment) -> str | None:
    texts, above = [one.text for one in evidence], [_above(one) for one in evidence]
    if (problem := absent(statement, texts, above, alignment)) is not None:
        return problem
    if turned_round(statement, texts):
        return OPPOSITE
    return changed(statement, alignment)


def _doubtful(verdict: Verdict, alignment: Alignment) -> str | None:
    """A word that hardly stands for the one in its place, unless the network is sure it does."""
    return None if verdict.unsupported < SURE else foreign(alignment)


def _headed(evidence: Sequence[Evidence]) -> str:
    """The headings and titles above the evidence, without the sources that it names."""
    parts = (part for one in evidence for part in [*one.heading, one.source] if part)
    return " . ".join(dict.fromkeys(parts))


def _above(evidence: Evidence) -> str:
    """What says what the text is about: its headings, its document, and the sources it names."""
    named = dict.fromkeys(match.group().strip("()") for match in SOURCE.finditer(evidence.text))
    return " . ".join([*evidence.heading, *filter(None, [evidence.source]), *named])


def _verbatim(statement: str, evidence: Sequence[Evidence]) -> tuple[tuple[int, int], ...] | None:
    """The one sentence that says the statement word for word, None where none does.

    The source in parentheses behind a sentence is no part of what it says.
    """
    wanted = _plain(statement)
    for number, one in enumerate(evidence):
        for place, (start, end) in enumerate(one.sentences):
            if _plain(one.text[start:end]) == wanted:
                return ((number, place),)
    return None


def _plain(text: str) -> str:
    return " ".join(SOURCE.sub(" ", text).split()).strip(" .•").lower()
