"""``assistant excerpts``: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from assistant.workspace import Workspace
from tests.cli.conftest import Command

PHRASE = '"security cooperation"'


def test_each_excerpt_is_printed_with_its_place(
    command: Command, starter_workspace: Workspace
) -> None:
    result = command("excerpts", PHRASE, "-w", starter_workspace.root, "-n", 3)
    assert result.exit_code == 0
    assert " found, 1 to 3 shown." in result.output
    assert result.output.lower().count("security cooperation") >= 3
    assert "p. " in result.output


def test_json_has_the_documented_fields(command: Command, starter_workspace: Workspace) -> None:
    result = command(
        "excerpts", PHRASE, "-w", starter_workspace.root, "--json", "-n", 2, "--offset", 1
    )
    found = json.loads(result.output)
    assert set(found) == {"excerpts", "total", "offset", "limit", "mode", "index"}
    assert (found["mode"], found["offset"], found["limit"]) == ("phrase", 1, 2)
    documented = Path(__file__).parents[2].joinpath("docs/cli.md").read_text(encoding="utf-8")
    for excerpt in found["excerpts"]:
        assert all(f"`{field}`" in documented for field in excerpt)


def test_what_is_found_is_exported(
    command: Command, starter_workspace: Workspace, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    arguments = ("excerpts", PHRASE, "-w", starter_workspace.root, "-n", 5)
    result = command(*arguments, "--export", target, "--style", "plain")
    assert result.exit_code == 0 and "Wrote 5 of " in result.output
    quotes = json.loads(command(*arguments, "--json").output)["excerpts"]
    written = "".join(cell for row in csv.reader(target.open(encoding="utf-8-sig")) for cell in row)
    assert all(excerpt["quote"].lstrip("'") in written for excerpt in quotes)


def test_filters_are_options(command: Command, starter_workspace: Workspace) -> None:
    result = command(
        *("excerpts", "Army", "--mode", "words", "-w", starter_workspace.root, "--json"),
        *("--until", "2020-01-01", "--status", "superseded", "--pages", "1-9", "--each"),
        *("--sort", "document", "--before", 1, "--after", 1),
    )
    excerpts = json.loads(result.output)["excerpts"]
    assert excerpts
    assert all(e["status"] == "superseded" and e["edition"] < "2020-01-02" for e in excerpts)


def test_nothing_found_is_no_error(command: Command, starter_workspace: Workspace) -> None:
    result = command("excerpts", '"zebra crossing"', "-w", starter_workspace.root)
    assert (result.exit_code, result.output) == (0, "Nothing was found.\n")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("--export", "x.odt"), "does not end like a format"),
        (("--pages", "a-b"), "no range of pages"),
        (("--file", "none.pdf"), "is not in the index"),
        (("--since", "soon"), "does not match"),
        (("--export", "/nowhere/at/all/x.csv"), "cannot be written"),
    ],
)
def test_wrong_use_is_one_sentence(
    command: Command, starter_workspace: Workspace, wrong: tuple[str, ...], sentence: str
) -> None:
    result = command("excerpts", PHRASE, "-w", starter_workspace.root, *wrong)
    assert result.exit_code == 2
    assert sentence in result.output and "Traceback" not in result.output
