"""The command line: each command opens a workspace, calls one stage, and prints.

Heavy imports stand inside the commands, so that ``assistant --help`` is instant.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

from assistant import __version__
from assistant import offline as _offline  # noqa: F401 - sets the environment first
from assistant.cli.evaluation import evaluation
from assistant.cli.excerpts import excerpts
from assistant.cli.gold_checks import check, follow_ups, support
from assistant.cli.matrix import judge_matrix, matrix
from assistant.cli.options import as_json, indexed, print_json, workspace_option
from assistant.errors import AssistantError

log = logging.getLogger(__name__)


class _Group(click.Group):
    """Turns every error into one sentence and an exit status."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # What a terminal cannot show becomes a question mark instead of an error.
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except AssistantError as error:
            self._tell(str(error))
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            self._tell("Stopped; nothing already indexed is lost.")
            ctx.exit(1)
        except BrokenPipeError:  # the reader of a pipe has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except Exception as error:
            log.info("unexpected", exc_info=True)
            self._tell(
                f"This should not happen ({type(error).__name__}: {error}); "
                "assistant --verbose shows where it did."
            )
            ctx.exit(1)

    @staticmethod
    def _tell(sentence: str) -> None:
        click.echo(f"assistant: {' '.join(sentence.split())}", err=True)


_file = click.option(
    "--file", "files", multiple=True, help="Only this document (path below corpus/); repeatable."
)
_status = click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(["current", "superseded", "rescinded", "draft"]),
    help="Only documents of this status; repeatable.",
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="assistant")
@click.option("--verbose", "-v", is_flag=True, help="Log what is going on to standard error.")
def cli(verbose: bool) -> None:
    """Answer planners' questions from PDFs of doctrine and policy, with checked citations."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR,
        format="%(levelname)s %(name)s: %(message)s",
    )


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="Settings and prompts only: no documents, no gold.")
def init(folder: Path, empty: bool) -> None:
    """Make a workspace in FOLDER, with the starter corpus."""
    from assistant.workspace import create_workspace

    workspace = create_workspace(folder, empty=empty)
    click.echo(f"Made a workspace in {workspace.root}.")
    if empty:
        click.echo(f"Put PDFs into {workspace.corpus}, then run: assistant index")


@cli.command()
@workspace_option
@as_json
@click.option("--force", is_flag=True, help="Read every document again.")
def index(workspace: Path | None, json_wanted: bool, force: bool) -> None:
    """Bring the index up to date with the corpus."""
    from assistant.cli.output import index_json, print_index_report
    from assistant.cli.progress import build_progress
    from assistant.index.builder import build_index
    from assistant.workspace import Workspace

    with build_progress(quiet=json_wanted) as progress:
        report = build_index(Workspace.find(workspace), progress, force=force)
    if json_wanted:
        print_json(index_json(report))
    else:
        print_index_report(report)
    raise click.exceptions.Exit(0 if report.complete else 1)


@cli.command()
@workspace_option
@as_json
def status(workspace: Path | None, json_wanted: bool) -> None:
    """Show what is indexed, whether it is up to date, and whether the language model writes."""
    from assistant.answer.llm_status import llm_status
    from assistant.cli.output import print_status, status_json
    from assistant.index.status import index_status
    from assistant.workspace import Workspace

    place = Workspace.find(workspace)
    found, model = index_status(place), llm_status(place)
    if json_wanted:
        print_json(status_json(found, model))
    else:
        print_status(found, model)
    good = found.up_to_date and (model is None or model.ready)
    raise click.exceptions.Exit(0 if good else 1)


@cli.command()
@click.argument("question")
@workspace_option
@as_json
@_file
@_status
@click.option(
    "--after",
    "earlier",
    multiple=True,
    metavar="QUESTION",
    help="A question asked before, which this one may refer to; repeatable, oldest first.",
)
@click.option("--extractive", is_flag=True, help="In the documents' own words, without the LLM.")
def ask(
    question: str,
    workspace: Path | None,
    json_wanted: bool,
    files: tuple[str, ...],
    statuses: tuple[Any, ...],
    earlier: tuple[str, ...],
    extractive: bool,
) -> None:
    """Answer QUESTION with citations, or say that the documents do not say."""
    from assistant.answer.assistant import Assistant
    from assistant.answer.record import answer_json
    from assistant.cli.output import print_answer
    from assistant.config import override
    from assistant.types import Filters
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    if extractive:
        found = found.with_settings(override(found.settings, {"answer.mode": "extractive"}))
    assistant = Assistant.open(found)
    context = assistant.in_context([_unicode(text) for text in earlier])
    filters = indexed(assistant, Filters(files, statuses))
    answer = assistant.ask(_unicode(question), filters, context)
    if json_wanted:
        print_json(answer_json(answer))
    else:
        print_answer(answer)


@cli.command()
@click.argument("question")
@workspace_option
@as_json
@_file
@_status
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(1, 200),
    default=10,
    show_default=True,
    help="Passages to show.",
)
def search(
    question: str,
    workspace: Path | None,
    json_wanted: bool,
    files: tuple[str, ...],
    statuses: tuple[Any, ...],
    limit: int,
) -> None:
    """Find the passages that bear on QUESTION."""
    from assistant.answer.assistant import Assistant
    from assistant.answer.record import hit_json
    from assistant.cli.output import print_hits
    from assistant.types import Filters
    from assistant.workspace import Workspace

    assistant = Assistant.open(Workspace.find(workspace))
    hits = assistant.search(_unicode(question), indexed(assistant, Filters(files, statuses)), limit)
    if json_wanted:
        print_json({"question": _unicode(question), "hits": [hit_json(hit) for hit in hits]})
    else:
        print_hits(hits)


@cli.command()
@workspace_option
@click.option("--host", help="Address to listen on; overrides [web] host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; overrides [web] port.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
def serve(workspace: Path | None, host: str | None, port: int | None, open_browser: bool) -> None:
    """Serve the web chat, and the HTTP interface beside it."""
    from assistant.web.server import serve as serve_web
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    web = found.settings.web
    serve_web(
        found, host or web.host, web.port if port is None else port, open_browser=open_browser
    )


@cli.command()
@workspace_option
def mcp(workspace: Path | None) -> None:
    """Serve language models' clients on standard input and output (MCP)."""
    from assistant.api.mcp import serve_stdio
    from assistant.workspace import Workspace

    serve_stdio(Workspace.find(workspace))


def _unicode(text: str) -> str:
    """``text`` without the stand-ins that Python makes of bytes that are not Unicode."""
    return text.encode("utf-8", "replace").decode("utf-8")


for command in (check, support, follow_ups, judge_matrix):
    evaluation.add_command(command)
for command in (excerpts, matrix, evaluation):
    cli.add_command(command)


if __name__ == "__main__":
    cli()
