"""The documents say what the code does: commands, targets, options, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import assistant
from assistant.cli.main import cli

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def make_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", read("Makefile"), flags=re.MULTILINE)


def commands(group: click.Group, prefix: str = "assistant") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("command", ["make chat", "make test"])
def test_the_readme_gives_the_two_commands(command: str) -> None:
    assert command in read("README.md")


def test_the_makefile_has_the_targets_that_the_documents_speak_of() -> None:
    expected = {"chat", "index", "test", "test-all", "lint", "format", "clean"}
    assert expected <= set(make_targets())


@pytest.mark.parametrize("target", [name for name in make_targets() if name != "help"])
def test_every_make_target_is_documented(target: str) -> None:
    text = read("README.md") + read("CONTRIBUTING.md")
    assert re.search(rf"\bmake {target}(?![\w-])", text), f"`make {target}` is documented nowhere"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", read("README.md")))))
def test_the_readme_speaks_of_no_target_that_is_missing(target: str) -> None:
    assert target in make_targets()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert name in read("docs/cli.md"), f"docs/cli.md does not describe `{name}`"
    assert COMMANDS[name].help, f"`{name}` has no help text"


@pytest.mark.parametrize("name", ["assistant", *COMMANDS])
def test_every_option_is_documented(name: str) -> None:
    text = read("docs/cli.md")
    missing = [
        option
        for parameter in COMMANDS.get(name, cli).params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--") and not re.search(rf"{option}(?![\w-])", text)
    ]
    assert not missing, f"docs/cli.md does not describe {missing} of `{name}`"


def test_the_changelog_has_the_current_version() -> None:
    assert assistant.__version__ in read("CHANGELOG.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_the_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    broken = [
        target
        for target in targets
        if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists()
    ]
    assert not broken, f"{path.name} links to {broken}"
