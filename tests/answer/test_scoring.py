"""What goes before what, on a small corpus of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from tests.answer.papers import indexed, write_paper

TWO_KINDS = (
    """# Maintenance
1-1. Field upkeep is done by crews as far forward as they can. Field upkeep consists of two
parts, that of the crew and that of the mechanic. Crews like field upkeep.

1-2. Field upkeep is repair on or near the bridge and return of it to its user.

1-3. Depot upkeep is repair away from the bridge and return of it to the stores.

# Stages of a crossing
1-4. A crossing consists of four stages: approach, assault, bridging, and withdrawal. The far
bank is taken in the second of them.

1-5. These activities go on meanwhile:
* Traffic is held back.
* Banks are cleared.
* Cables are laid.

1-6. See annex C for the stages of a crossing at night.""",
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    root: Path = tmp_path_factory.mktemp("scoring")
    write_paper(root / "paper.pdf", TWO_KINDS)
    return Assistant.open(indexed(root / "workspace", {"FM_9-79.pdf": TWO_KINDS}))


def test_each_of_two_compared_things_is_defined(assistant: Assistant) -> None:
    answer = assistant.ask("What is the difference between field upkeep and depot upkeep?")
    said = " ".join(statement.text for statement in answer.statements)
    assert "repair on or near the bridge" in said
    assert "repair away from the bridge" in said


def test_a_sentence_that_lists_what_is_asked_goes_before_a_list_of_others(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("What are the stages of a crossing?")
    assert "approach, assault, bridging, and withdrawal" in answer.statements[0].text
    assert not any("annex C" in statement.text for statement in answer.statements)
