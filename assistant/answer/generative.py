"""The language model that writes answers: its prompts, and its replies checked as they arrive."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.answer.checking import StatementChecker, declines
from assistant.answer.llm import CUT, LanguageModel, Message
from assistant.answer.prompt import Prompt, digest_of, read_prompt
from assistant.answer.sources import Source, rendered
from assistant.answer.streamed import Said, StatementStream
from assistant.types import Statement
from assistant.workspace import Workspace

AGAIN: Final = 0.7  # temperature at which another wording is asked for
PLACES: Final[Mapping[str, frozenset[str]]] = {
    "answer_rules": frozenset(),
    "answer": frozenset({"passages", "question"}),
    "follow_up": frozenset({"earlier", "latest"}),
}


@dataclass(slots=True)
class Draft:
    """What a model has written so far: ``text`` is what is not checked yet.

    ``declined``: it said that it has no answer. ``seconds`` has ``first_token`` and ``check``, how
    long it took to its first sign of life and how long the checks took together.
    """

    statements: list[Statement] = field(default_factory=list)
    text: str = ""
    declined: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


class Writer:
    """A language model with the prompts of one workspace."""

    def __init__(self, model: LanguageModel, prompts: Mapping[str, Prompt]) -> None:
        self.model = model
        self._prompts = prompts

    @classmethod
    def open(cls, workspace: Workspace) -> Writer | None:
        """The model that is to answer, None where the settings want none.

        Raises UsageError where a prompt is missing or wrong, or a setting cannot be used.
        """
        settings = workspace.settings
        if not settings.llm.base_url or settings.answer.mode == "extractive":
            return None
        prompts = {
            name: read_prompt(workspace.prompts / f"{name}.txt", places)
            for name, places in PLACES.items()
        }
        return cls(LanguageModel(settings.llm, settings.llm.max_tokens), prompts)

    @property
    def prompt(self) -> str:
        """The hash of the templates that answers are asked for with."""
        return digest_of(self._prompts["answer_rules"], self._prompts["answer"])

    def room(self, question: str) -> int:
        """Characters that passages may have beside the rest of the prompt."""
        return self.model.room - sum(len(message.text) for message in self._messages(question, ()))

    def write(
        self,
        question: str,
        sources: Sequence[Source],
        checker: StatementChecker,
        stop: threading.Event | None = None,
        *,
        again: bool = False,
    ) -> Iterator[Draft]:
        """The model's answer from ``sources``, after each piece of it; ``again``: worded anew.

        The same draft is given each time. Raises ModelError where the reply fails.
        """
        began, draft, stream = time.perf_counter(), Draft(), StatementStream()
        checking = 0.0
        messages = self._messages(question, sources)
        for piece in self.model.stream(messages, stop, temperature=AGAIN if again else 0.0):
            draft.seconds.setdefault("first_token", time.perf_counter() - began)
            checking += _check(stream.feed(piece), checker, draft)
            draft.text = stream.draft
            yield draft
        checking += _check(stream.end(), checker, draft)
        draft.text = ""
        draft.seconds["check"] = checking
        yield draft

    def reworded(self, question: str, earlier: Sequence[str]) -> str:
        """A follow-up as the model would ask it alone; raises ModelError."""
        prompt = self._prompts["follow_up"].filled(earlier=list(earlier), latest=question)
        reply = "".join(self.model.stream([Message("user", prompt)]))
        return "" if reply.endswith(CUT) else reply.strip()

    def _messages(self, question: str, sources: Sequence[Source]) -> list[Message]:
        asked = self._prompts["answer"].filled(passages=rendered(sources), question=question)
        return [Message("system", self._prompts["answer_rules"].text), Message("user", asked)]


def _check(statements: Iterator[Said], checker: StatementChecker, draft: Draft) -> float:
    """Check new statements into ``draft``; the seconds that it took."""
    began = time.perf_counter()
    for said in statements:
        if declines(said):
            draft.declined = True
        else:
            draft.statements.append(checker.check(said))
    return time.perf_counter() - began
