"""Natural language inference as a second check: a cross-encoder must agree with the first.

Such a model reads a quote and a statement and gives the probabilities that the one entails the
other, contradicts it, or neither (Bowman et al., EMNLP 2015). None comes with the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, Protocol

from assistant.answer.support import Evidence, Support, SupportJudge
from assistant.errors import UsageError
from assistant.index.embedder import model_folder
from assistant.index.reader import Index
from assistant.retrieve.reranking import cross_encoder

AGREES: Final = 0.5  # probability of entailment from which the model agrees
DISAGREES: Final = "the entailment model does not find it in the cited text"
CONTRADICTS: Final = "the entailment model finds that the cited text contradicts it"
_SETTING: Final = "[answer] entailment_model"


class Judge(Protocol):
    """Decides whether evidence supports a statement."""

    def judge(self, statement: str, evidence: Sequence[Evidence]) -> Support:
        """What the evidence does for the statement."""

    def warm_up(self) -> None:
        """Load what judging takes, so that the first statement is judged as fast as the next."""


class EntailmentReader:
    """A sentence-transformers ``CrossEncoder`` for inference; loaded when first needed."""

    def __init__(self, name: str) -> None:
        """Raises UsageError where the model is not on this machine."""
        self.name = name
        self._folder = model_folder(name, _SETTING)

    @cached_property
    def _model(self) -> Any:
        return cross_encoder(self._folder)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Where the model gives which verdict; its own file says."""
        labels = {int(place): str(label).lower() for place, label in self._labels().items()}
        found = {label: place for place, label in labels.items()}
        if "entailment" not in found:
            raise UsageError(
                f"The model {self.name} gives no label entailment, but {', '.join(found)}; set "
                f"{_SETTING} to one for natural language inference."
            )
        return found

    def _labels(self) -> Mapping[Any, Any]:
        labels: Mapping[Any, Any] = self._model.config.id2label
        return labels

    def verdict(self, quote: str, statement: str) -> str | None:
        """What is wrong with the statement beside the quote, None where it follows from it."""
        from torch.nn import Softmax  # noqa: PLC0415 - seconds to import

        places = self._places
        row = self._model.predict(
            [(quote, statement)], activation_fn=Softmax(dim=-1), show_progress_bar=False
        )[0]
        if float(row[places["entailment"]]) >= AGREES:
            return None
        contradicted = places.get("contradiction")
        if contradicted is not None and float(row[contradicted]) >= AGREES:
            return CONTRADICTS
        return DISAGREES


class StricterJudge:
    """A judge whose yes needs the entailment model's, too."""

    def __init__(self, first: Judge, reader: EntailmentReader) -> None:
        self._first = first
        self._reader = reader

    def warm_up(self) -> None:
        """Load both models."""
        self._first.warm_up()
        self._reader.verdict("warm up", "warm up")

    def judge(self, statement: str, evidence: Sequence[Evidence]) -> Support:
        """What both find."""
        support = self._first.judge(statement, evidence)
        if support.problem is not None:
            return support
        quote = " ".join(
            evidence[which].text[slice(*evidence[which].sentences[sentence])]
            for which, sentence in sorted(support.used)
        )
        headings = " ".join(dict.fromkeys(h for item in evidence for h in item.heading[-1:]))
        problem = self._reader.verdict(f"{headings}. {quote}".lstrip(". "), statement)
        return replace(support, problem=problem)


def open_judge(index: Index, entailment_model: str = "") -> Judge:
    """The judge of an index' passages; raises UsageError where the model is not there."""
    judge = SupportJudge(index.embedder, index.acronyms)
    return StricterJudge(judge, EntailmentReader(entailment_model)) if entailment_model else judge
