"""Whether the configured language model can answer, with a real server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.llm_status import llm_status
from assistant.config import AnswerSettings, LlmSettings, Settings
from assistant.workspace import Workspace
from tests.conftest import ROOT
from tests.llm_server import Script, faults, refusing, scripted


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    shutil.copytree(ROOT / "prompts", tmp_path / "w" / "prompts")
    return Workspace(tmp_path / "w")


def with_model(workspace: Workspace, address: str, **answer: Any) -> Workspace:
    llm = LlmSettings(base_url=address, model="scripted")
    return workspace.with_settings(Settings(llm=llm, answer=AnswerSettings(**answer)))


def test_there_is_none_where_none_is_configured(workspace: Workspace) -> None:
    assert llm_status(workspace.with_settings(Settings())) is None


def test_a_model_that_is_not_to_answer_is_not_asked(workspace: Workspace) -> None:
    with scripted(lambda _: Script(("Yes",))) as server:
        assert llm_status(with_model(workspace, server.address, mode="extractive")) is None
    assert not server.asked


def test_a_model_that_writes_is_ready(workspace: Workspace) -> None:
    with scripted(lambda _: Script(("Yes",))) as server:
        status = llm_status(with_model(workspace, server.address))
    assert status is not None and status.ready
    assert (status.model, status.base_url) == ("scripted", server.address)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("status_401", "refused the key"),
        ("status_404_model", "has no model scripted"),
        ("html_200", "sent no completion"),
    ],
)
def test_the_problem_is_told(workspace: Workspace, name: str, problem: str) -> None:
    with scripted(lambda _: faults()[name]) as server:
        status = llm_status(with_model(workspace, server.address))
    assert status is not None and not status.ready
    assert problem in str(status.problem)


def test_a_server_that_is_not_there_is_a_problem(workspace: Workspace) -> None:
    status = llm_status(with_model(workspace, refusing()))
    assert status is not None and "cannot be reached" in str(status.problem)


def test_settings_that_cannot_be_used_are_a_problem(workspace: Workspace) -> None:
    status = llm_status(with_model(workspace, "http://127.0.0.1:port/v1"))
    assert status is not None and "base_url" in str(status.problem)
    nameless = Settings(llm=LlmSettings(base_url=refusing()))
    status = llm_status(workspace.with_settings(nameless))
    assert status is not None and "set base_url and model" in str(status.problem)


def test_a_missing_prompt_is_a_problem(workspace: Workspace) -> None:
    (workspace.prompts / "follow_up.txt").unlink()
    with scripted(lambda _: Script(("Yes",))) as server:
        status = llm_status(with_model(workspace, server.address))
    assert status is not None and "follow_up.txt is missing" in str(status.problem)
    assert not server.asked
