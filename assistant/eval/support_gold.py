"""How well unsupported statements are told from supported ones, on pairs with passages.

A pair holds a statement as a language model may write it and a passage that it cites. Half of
them are supported; in each of the others one thing is wrong, and ``error`` says what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from assistant.answer.entailment import Judge
from assistant.answer.support import Evidence
from assistant.corpus.sentences import sentence_ranges
from assistant.errors import UsageError
from assistant.eval.gold import Text
from assistant.eval.gold_lines import gold_lines
from assistant.eval.statistics import estimate, interval, sample

Error = Literal["number", "date", "name", "negation", "scope", "elsewhere"]
ERRORS: Final[tuple[Error, ...]] = get_args(Error)

Progress = Callable[[int, int], None]


class SupportPair(BaseModel):
    """A statement and the passage that it cites."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Text
    statement: Text
    passage: Text
    heading: tuple[str, ...] = ()
    file: str = ""
    pdf_page: int = 1
    supported: bool
    error: Error | None = None

    @model_validator(mode="after")
    def _agrees(self) -> SupportPair:
        if self.supported == (self.error is not None):
            raise ValueError("supported and error contradict each other")
        return self

    def evidence(self, source: str = "") -> Evidence:
        """The passage as the check reads it; ``source`` names its document."""
        ranges, start = [], 0
        for line in self.passage.split("\n"):
            ranges += [(start + a, start + b) for a, b in sentence_ranges(line)]
            start += len(line) + 1
        return Evidence(self.passage, tuple(ranges), self.heading, source)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of ``of`` things, with its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None
    of: int


@dataclass(frozen=True, slots=True)
class SupportFigures:
    """Precision and recall at telling unsupported statements; recall by sort of ``error``.

    ``wrong`` are the ids of the pairs that were judged wrongly.
    """

    pairs: int
    precision: Share
    recall: Share
    by_error: dict[str, Share]
    wrong: tuple[str, ...]


def load_pairs(path: Path) -> tuple[SupportPair, ...]:
    """The pairs in ``path``; raises GoldError naming the first mistake."""
    return gold_lines(path, SupportPair, "pairs")


def judge_pairs(
    pairs: Sequence[SupportPair],
    judge: Judge,
    sources: dict[str, str] | None = None,
    progress: Progress | None = None,
) -> SupportFigures:
    """Judge every pair; ``sources`` names the document of a file."""
    verdicts = []
    for number, pair in enumerate(pairs, start=1):
        evidence = pair.evidence((sources or {}).get(pair.file, ""))
        verdicts.append(judge.judge(pair.statement, [evidence]).supported)
        if progress is not None:
            progress(number, len(pairs))
    return figures(pairs, verdicts)


def figures(pairs: Sequence[SupportPair], verdicts: Sequence[bool]) -> SupportFigures:
    """What ``verdicts``, whether each of ``pairs`` is supported, come to."""
    if len(pairs) != len(verdicts):
        raise UsageError("Every pair needs a verdict.")
    flagged = [not verdict for verdict in verdicts]
    wrong = [not pair.supported for pair in pairs]
    caught = [w for w, f in zip(wrong, flagged, strict=True) if f]
    told = [f for w, f in zip(wrong, flagged, strict=True) if w]
    counts = Counter(pair.error for pair in pairs if pair.error)
    by_error: dict[str, Share] = {
        error: _share([f for p, f in zip(pairs, flagged, strict=True) if p.error == error])
        for error in ERRORS
        if counts[error]
    }
    mistaken = tuple(
        pair.id for pair, verdict in zip(pairs, verdicts, strict=True) if verdict != pair.supported
    )
    return SupportFigures(len(pairs), _share(caught), _share(told), by_error, mistaken)


def _share(flags: Sequence[bool]) -> Share:
    if not flags:
        return Share(None, None, None, 0)
    data = sample([(float(flag), 1, True) for flag in flags])
    low, high = interval(data, "mean") or (None, None)
    return Share(estimate(data, "mean"), low, high, len(flags))
