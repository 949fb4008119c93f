"""A model that lies gets no lie through: not one of hundreds, in nine ways, over a real socket."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from assistant.answer.assistant import Assistant
from assistant.eval.gold import load_gold
from assistant.types import Answer, Progress
from assistant.workspace import Workspace
from tests.answer.adversary import SORTS, Lie, lies, prompt_of
from tests.answer.modelled import with_model
from tests.llm_server import Script, scripted, split_every

QUESTIONS = 30
LEAST = 200  # lies that must have been told for the test to mean anything
BARE = str.maketrans("", "", " .[]0123456789")


@pytest.mark.parametrize("policy", ["flag", "drop"])
def test_no_lie_is_shown_as_supported(starter_workspace: Workspace, policy: str) -> None:
    told: list[list[Lie]] = []

    def reply(body: dict[str, Any]) -> Script:
        told.append(lies(prompt_of(body), seed=len(told)))
        return Script(pieces=split_every("\n".join(lie.text for lie in told[-1]), 7))

    gold = [q.question for q in load_gold(starter_workspace.gold).questions if q.answerable]
    shown: list[str] = []
    with scripted(reply) as server:
        assistant = Assistant.open(
            with_model(starter_workspace, server.address, unsupported=policy)
        )
        for question in gold[::4][:QUESTIONS]:
            for step in assistant.stream(question):
                statements = step.statements if isinstance(step, Progress) else ()
                shown += [s.text for s in statements if s.supported and s.text not in shown]
                if policy == "drop":
                    assert all(s.supported for s in statements)
                if isinstance(step, Answer) and step.model:
                    assert step.fallback and step.mode == "extractive"
    sorts = Counter(lie.sort for one in told for lie in one)
    assert set(sorts) == set(SORTS) and sorts.total() >= LEAST
    assert not shown
