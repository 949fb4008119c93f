"""Workspaces whose answers a model writes, and a model that says what its passages say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from assistant.workspace import Workspace
from tests.answer.adversary import prompt_of, sentences
from tests.llm_server import Script, faults, scripted, split_every

# What is wrong with a server, apart from what is harmless or goes on for ever.
MODELS_FAULTS: Final = sorted(set(faults()) - {"null_content", "never_ending"})


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


@contextmanager
def faulty(workspace: Workspace, name: str) -> Iterator[tuple[Workspace, threading.Event]]:
    """``workspace`` with a model whose server has the fault, until the event says it is well."""
    fault, well = faults()[name], threading.Event()

    def reply(body: dict[str, Any]) -> Script:
        return truthful(body) if well.is_set() else fault

    with scripted(reply) as server:
        yield with_model(workspace, server.address, timeout=1.0, retries=0), well
