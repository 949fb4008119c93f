"""The commands that check a gold file, or one part of the assistant on a gold file of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from assistant.cli.options import as_json, print_json, workspace_option

_gold = click.argument("gold", type=click.Path(path_type=Path, dir_okay=False), required=False)


@click.command()
@_gold
@workspace_option
@as_json
@click.option("--record", is_flag=True, help="Record the hashes of the documents beside it.")
def check(gold: Path | None, workspace: Path | None, json_wanted: bool, record: bool) -> None:
    """Verify every line of a GOLD file against the indexed documents."""
    from assistant.cli.judged import check_json, print_check
    from assistant.eval.check import check_gold, record_hashes
    from assistant.index.reader import open_index
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    path = gold or found.gold
    index = open_index(found)
    checked = check_gold(path, index, use_recorded=not record)
    if record and not checked.problems:
        record_hashes(path, checked.hashes)
        checked = check_gold(path, index)
    if json_wanted:
        print_json(check_json(checked))
    else:
        print_check(path, checked)
    raise click.exceptions.Exit(1 if checked.problems else 0)


@click.command()
@_gold
@workspace_option
@as_json
def support(gold: Path | None, workspace: Path | None, json_wanted: bool) -> None:
    """Measure how well statements that their sources do not support are told from others."""
    from assistant.answer.entailment import open_judge
    from assistant.cli.judged import print_support
    from assistant.cli.progress import build_progress
    from assistant.eval.support_gold import judge_pairs, load_pairs
    from assistant.index.reader import open_index
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    pairs = load_pairs(gold or found.evaluation / "support.jsonl")
    index = open_index(found)
    judge = open_judge(index, found.settings.answer.entailment_model)
    sources = {d.file: f"{d.designation} {d.title}" for d in index.documents.values()}
    with build_progress(quiet=json_wanted) as progress:
        figures = judge_pairs(pairs, judge, sources, lambda n, of: progress("Judging", n, of))
    if json_wanted:
        print_json(asdict(figures))
    else:
        print_support(figures)


@click.command("follow-ups")
@_gold
@workspace_option
@as_json
def follow_ups(gold: Path | None, workspace: Path | None, json_wanted: bool) -> None:
    """Measure how well follow-ups are worded as questions that stand alone."""
    from assistant.answer.assistant import Assistant
    from assistant.cli.judged import print_follow_ups
    from assistant.cli.progress import build_progress
    from assistant.eval.conversations import load_conversations, understood
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    conversations = load_conversations(gold or found.evaluation / "conversations.jsonl")
    assistant = Assistant.open(found)
    with build_progress(quiet=json_wanted) as progress:
        figures = understood(conversations, assistant, lambda n, of: progress("Searching", n, of))
    if json_wanted:
        print_json(asdict(figures))
    else:
        print_follow_ups(figures)
