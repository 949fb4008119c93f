"""Options that several commands share, and how they print JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.types import Filters

workspace_option = click.option(
    "--workspace",
    "-w",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the workspace; without it the nearest one at or above this folder.",
)
as_json = click.option(
    "--json", "json_wanted", is_flag=True, help="Print JSON; docs/cli.md has the fields."
)


def print_json(value: Any) -> None:
    """To standard output, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def indexed(assistant: Assistant, filters: Filters) -> Filters:
    """``filters``; raises UsageError where they name a file that is not indexed."""
    known = {document.file for document in assistant.documents()}
    for file in filters.files:
        if file not in known:
            raise UsageError(f"{file} is not in the index; assistant status lists what is.")
    return filters
