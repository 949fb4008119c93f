"""Options that several commands share, and how they print JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

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
