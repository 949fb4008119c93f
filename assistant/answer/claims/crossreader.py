"""Reads a statement word by word beside cited text, and says whether the text supports it."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from assistant.index.embedder import model_folder

if TYPE_CHECKING:
    from assistant.answer.claims.network import Network

FILE: Final = "crossreader.npz"
# The whole statement; its worst token, its four worst, all of them.
MEASURES: Final = ("read_whole", "read_worst", "read_four", "read_mean")
_WORD: Final = re.compile(r"\S+")
_AROUND: Final = ".,;:!?()[]“”\"'"
_LONGEST: Final = 8  # words that are worth pointing at; more is most of a statement
STATEMENT: Final = 256  # tokens of a statement that are read
CAPACITY: Final = 384  # tokens of statement and text; it was trained on up to 320


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a text does for a statement.

    ``unsupported`` are the log-odds that it does not support it. ``offsets``, shape (tokens, 2),
    are the statement's tokens as half-open ranges of characters, ``faults``, shape (tokens,),
    the log-odds that each is what is wrong.
    """

    unsupported: float
    offsets: npt.NDArray[np.int64]
    faults: npt.NDArray[np.float32]

    def at_fault(self, statement: str) -> str | None:
        """The words of ``statement`` that are likeliest wrong; None where none are likely."""
        if not len(self.faults) or self.faults.max() <= 0:
            return None
        worst = int(self.faults.argmax())
        words = [match.span() for match in _WORD.finditer(statement)]
        likely = [
            any(
                fault > 0 and start <= token[0] < end
                for token, fault in zip(self.offsets, self.faults, strict=True)
            )
            for start, end in words
        ]
        first = last = next(
            number for number, (_, end) in enumerate(words) if self.offsets[worst][0] < end
        )
        while first and likely[first - 1]:
            first -= 1
        while last + 1 < len(words) and likely[last + 1]:
            last += 1
        if last - first >= _LONGEST:
            return None
        return statement[words[first][0] : words[last][1]].strip(_AROUND)

    def measured(self) -> dict[str, float]:
        """The measures that the judgement takes of it: ``MEASURES`` and their values."""
        worst = np.sort(self.faults)[::-1] if len(self.faults) else np.zeros(1, np.float32)
        found = (self.unsupported, worst[0], worst[:4].mean(), worst.mean())
        return dict(zip(MEASURES, map(float, found), strict=True))


def text_of(heading: Sequence[str], passage: str) -> str:
    """A passage as the network reads it: behind the two nearest headings, on one line."""
    return " ".join(f"{'. '.join([*heading[-2:], ''])}{passage}".split())


class CrossReader:
    """The network; nothing is loaded until it is needed. Safe to share between threads."""

    def __init__(self, weights: Path | None = None) -> None:
        """``weights``: a file of what was learned; None is the packaged one."""
        self._weights = weights or Path(__file__).with_name(FILE)
        self._loading = threading.Lock()
        self._encoding = threading.Lock()  # a call of the tokenizer sets how it cuts

    def read(self, statement: str, text: str) -> Verdict:
        """What ``text`` does for ``statement``; of what is too long the end is not read."""
        import torch  # noqa: PLC0415 - seconds to import

        with self._encoding:
            encoded = self._tokenizer(
                self._cut(statement),
                text,
                truncation="only_second",
                max_length=CAPACITY,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        with torch.inference_mode():
            whole, tokens = self._network(
                encoded["input_ids"], encoded["token_type_ids"], encoded["attention_mask"]
            )
        offsets = encoded["offset_mapping"][0].numpy()
        segments = encoded["token_type_ids"][0].numpy()
        inside = (segments == 0) & (offsets[:, 1] > offsets[:, 0])
        return Verdict(float(whole[0]), offsets[inside], tokens[0].numpy()[inside])

    def _cut(self, statement: str) -> str:
        """The statement as far as it leaves room for the text."""
        if len(statement) < STATEMENT:  # a token has at least one character
            return statement
        offsets = self._tokenizer(
            statement, truncation=True, max_length=STATEMENT, return_offsets_mapping=True
        )["offset_mapping"]
        return statement[: max(end for _, end in offsets)]

    @property
    def _network(self) -> Network:
        with self._loading:  # threads that ask at once must not each load it
            return self._loaded

    @cached_property
    def _loaded(self) -> Network:
        from assistant.answer.claims.network import load  # noqa: PLC0415 - seconds to import

        with np.load(self._weights) as weights:
            return load(model_folder(""), dict(weights))

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer  # noqa: PLC0415 - seconds to import

        return AutoTokenizer.from_pretrained(model_folder(""), local_files_only=True)


@cache
def packaged() -> CrossReader:
    """The reader that comes with the package."""
    return CrossReader()
