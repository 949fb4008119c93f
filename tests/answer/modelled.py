"""Workspaces whose answers a model writes, and a model that says what its passages say."""

from __future__ import annotations

from typing import Any

from assistant.workspace import Workspace
from tests.answer.adversary import prompt_of, sentences
from tests.llm_server import Script, split_every


def with_model(
    workspace: Workspace, address: str, model: str = "scripted", **changes: Any
) -> Workspace:
    """``workspace`` with a model; ``changes`` are of ``[llm]``, but for those of ``[answer]``."""
    settings = workspace.settings
    answer = {key: changes.pop(key) for key in ("unsupported", "mode") if key in changes}
    llm = settings.llm.model_copy(update={"base_url": address, "model": model, **changes})
    changed = settings.answer.model_copy(update=answer)
    return workspace.with_settings(settings.model_copy(update={"llm": llm, "answer": changed}))


def truthful(body: dict[str, Any]) -> Script:
    """A reply made of the first sentences of the passages, each with its marker."""
    told = sentences(prompt_of(body))[:4]
    return Script(pieces=split_every(" ".join(f"{t.rstrip('.')} [{n}]." for n, t in told), 9))
