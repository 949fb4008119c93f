"""The answer that the README shows is the answer that is given."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.answer.assistant import Assistant
from assistant.answer.render import answer_text
from assistant.workspace import Workspace

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_shows_a_real_answer(starter_workspace: Workspace) -> None:
    block = re.search(
        r"```console\n\$ \S*assistant ask \"(?P<question>[^\"]+)\"\n(?P<answer>.+?)\n```",
        README.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert block is not None
    answer = Assistant.open(starter_workspace).ask(block["question"])
    assert answer_text(answer) == block["answer"]
