"""Follow-ups as questions that stand alone: by the model where there is one, else by rules."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from assistant.answer.generative import Writer
from assistant.answer.model_errors import ModelError
from assistant.answer.streamed import THOUGHT
from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.followup import standalone, stands_alone

EARLIER: Final = 8  # questions of a conversation that a follow-up may refer to
LONGEST: Final = 60  # words that a model's wording of it may have
FOREIGN: Final = 0.34  # share of its content words that no question of the conversation has

_QUOTES: Final = " \"'“”*-"
_LABEL = re.compile(r"^\W*(?:(?:latest|standalone)\s+)?(?:question|latest|standalone)\W*:\s*", re.I)

log = logging.getLogger(__name__)


class Rewriter:
    """Words follow-ups anew for one index."""

    def __init__(self, index: Index, writer: Writer | None = None) -> None:
        self._index = index
        self._writer = writer

    def standalone(self, question: str, earlier: Sequence[str]) -> str | None:
        """``question`` with what it leaves out, None where it stands alone.

        ``earlier`` are the questions before it, as they stand alone, oldest first.
        """
        earlier = tuple(earlier)[-EARLIER:]
        if not earlier or stands_alone(question):
            return None
        return self._by_model(question, earlier) or standalone(question, earlier, self._cosines)

    def _by_model(self, question: str, earlier: Sequence[str]) -> str | None:
        """The model's wording, None where it is none that can be used."""
        if self._writer is None:
            return None
        try:
            reply = self._writer.reworded(question, earlier)
        except ModelError as error:
            log.info("a follow-up was not reworded: %s", error)
            return None
        return usable(reply, question, earlier)

    def _cosines(self, text: str, others: Sequence[str]) -> list[float]:
        texts = [text, *others]
        vectors = np.zeros((len(texts), 0), dtype=np.float32)
        for positions, found in self._index.embedder.embed_batches(texts):
            if not vectors.shape[1]:
                vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
            vectors[positions] = found
        cosines: list[float] = (vectors[1:] @ vectors[0]).tolist()
        return cosines


def usable(reply: str, question: str, earlier: Sequence[str]) -> str | None:
    """A model's wording of a follow-up, None where it is not one question about the same.

    It may not bring in numbers, or many words, of its own: a search for what nobody asked would
    be answered as if it had been asked. And it must add something.
    """
    lines = [line for line in THOUGHT.sub("", reply).splitlines() if line.strip()]
    text = _LABEL.sub("", lines[0]).strip(_QUOTES) if lines else ""
    words = content_words(text)
    if len(lines) != 1 or not 0 < len(text.split()) <= LONGEST or text.count("?") > 1:
        return None
    if "<" in text or not text.isprintable():
        return None
    known = set(content_words(" ".join([question, *earlier])))
    foreign = [word for word in words if word not in known]
    if len(foreign) > FOREIGN * len(words) or any(any(map(str.isdigit, w)) for w in foreign):
        return None
    own = set(content_words(question))
    return text if set(words) - own and (own & set(words) or not own) else None
