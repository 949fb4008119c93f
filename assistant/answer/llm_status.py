"""Whether the configured language model can answer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer.generative import Writer
from assistant.errors import AssistantError
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LlmStatus:
    """A configured model; ``problem`` says what is wrong with it, None where it writes."""

    model: str
    base_url: str
    problem: str | None

    @property
    def ready(self) -> bool:
        """Whether it writes."""
        return self.problem is None


def llm_status(workspace: Workspace) -> LlmStatus | None:
    """Ask the model for a word; None where none is configured to answer."""
    settings = workspace.settings.llm
    try:
        writer = Writer.open(workspace)
        if writer is None:
            return None
        writer.model.check()
    except AssistantError as error:
        return LlmStatus(settings.model, settings.base_url, str(error))
    return LlmStatus(settings.model, settings.base_url, None)
