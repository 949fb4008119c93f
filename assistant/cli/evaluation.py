"""The commands of ``assistant eval``; heavy imports stand inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assistant.cli.options import as_json, print_json, workspace_option
from assistant.errors import UsageError

_out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the run; without it a new one below eval/runs, or one that was interrupted.",
)
_gold = click.option(
    "--gold",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Gold file; without it eval/gold.jsonl of the workspace.",
)
_fail = click.option(
    "--fail-on-regression",
    is_flag=True,
    help="Exit with 1 where a measure is significantly worse, or by more than its margin.",
)


@click.group("eval")
def evaluation() -> None:
    """Judge the answers by a gold set of questions, and compare runs."""


@evaluation.command()
@workspace_option
@as_json
@_gold
@_out
@click.option("--limit", type=click.IntRange(1), help="Ask only the first so many questions.")
@click.option(
    "--every", type=click.IntRange(1), default=1, help="Ask only each so many-th question."
)
@click.option("--kind", "kinds", multiple=True, help="Only questions of this kind; repeatable.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Run with another setting, such as answer.threshold=0.5; repeatable.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, file_okay=False),
    help="Compare with this run when done, as eval compare does.",
)
@_fail
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="NAME=VALUE",
    help="Exit with 1 where a measure is below this, such as statement_cited=1; repeatable.",
)
@click.option("--graded", is_flag=True, help="Also let the LLM of [llm] grade the answers.")
def run(
    workspace: Path | None,
    json_wanted: bool,
    gold: Path | None,
    out: Path | None,
    limit: int | None,
    every: int,
    kinds: tuple[str, ...],
    changes: tuple[str, ...],
    against: Path | None,
    fail_on_regression: bool,
    required: tuple[str, ...],
    graded: bool,
) -> None:
    """Ask the questions of a gold file and judge the answers."""
    from assistant.answer.assistant import Assistant
    from assistant.cli.judged import print_summary
    from assistant.cli.progress import build_progress
    from assistant.config import override
    from assistant.eval.compare import read_run
    from assistant.eval.evaluate import evaluate
    from assistant.eval.gold import KINDS, load_gold
    from assistant.eval.graded import Grader
    from assistant.eval.required import bounds_of, missed
    from assistant.eval.run import chosen
    from assistant.workspace import Workspace

    if fail_on_regression and against is None:
        raise UsageError("--fail-on-regression needs a run to compare with; name it by --against.")
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"There is no kind {kind}; there are {', '.join(KINDS)}.")
    found = Workspace.find(workspace)
    if changes:
        found = found.with_settings(override(found.settings, dict(map(_change, changes))))
    bounds = bounds_of(required)
    # What can be wrong is found before the minutes that a run takes.
    before = read_run(against) if against else None
    grader = Grader.open(found) if graded else None
    questions = load_gold(gold or found.gold)
    wanted = chosen(questions, kinds, limit or 0, every)
    assistant = Assistant.open(found)
    with build_progress(quiet=json_wanted) as progress:
        try:
            done = evaluate(
                found,
                assistant,
                questions,
                wanted,
                out,
                lambda number, total: progress("Judging", number, total),
                grader,
            )
        except KeyboardInterrupt:
            click.echo("Stopped; the same command goes on from here.", err=True)
            raise click.exceptions.Exit(1) from None
    if json_wanted:
        print_json({"run": str(done.folder), **done.summary})
    else:
        print_summary(done.summary, done.folder)
    regressed = before is not None and _compared(before, read_run(done.folder), quiet=json_wanted)
    lacking = missed(bounds, done.summary)
    for sentence in lacking:
        click.echo(f"assistant: {sentence}", err=True)
    failed = bool(done.summary["failed"] or lacking) or (fail_on_regression and regressed)
    raise click.exceptions.Exit(1 if failed else 0)


@evaluation.command()
@workspace_option
@as_json
@_gold
@click.option(
    "--false-answer-rate",
    "bound",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Share of unanswerable questions that may be answered.",
)
def calibrate(workspace: Path | None, json_wanted: bool, gold: Path | None, bound: float) -> None:
    """Fit the confidence and choose the threshold on a gold set, by cross-validation."""
    from assistant.answer.assistant import Assistant
    from assistant.answer.calibration import write_calibration
    from assistant.cli.calibrated import calibrated_json, print_calibrated
    from assistant.cli.progress import build_progress
    from assistant.eval.calibrate import calibrate as calibrate_on
    from assistant.eval.gold import load_gold
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    questions = load_gold(gold or found.gold)
    assistant = Assistant.open(found)
    with build_progress(quiet=json_wanted) as progress:
        fitted = calibrate_on(
            assistant, questions, bound, lambda number, total: progress("Asking", number, total)
        )
    path = write_calibration(found, fitted.calibration) if fitted.calibration else None
    if json_wanted:
        print_json(calibrated_json(fitted, path))
    else:
        print_calibrated(fitted, path, found.settings.answer.threshold)
    raise click.exceptions.Exit(0 if path else 1)


@evaluation.command()
@click.argument("answers", type=click.Path(path_type=Path, dir_okay=False))
@workspace_option
@as_json
@_gold
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--system", required=True, help="Name of the system that answered.")
def score(
    answers: Path,
    workspace: Path | None,
    json_wanted: bool,
    gold: Path | None,
    out: Path,
    system: str,
) -> None:
    """Judge the ANSWERS that another system wrote, as a run of its own in --out."""
    from assistant.cli.judged import print_summary
    from assistant.eval.evaluate import score_file
    from assistant.eval.gold import load_gold
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    done = score_file(answers, load_gold(gold or found.gold), out, system, found.corpus)
    if json_wanted:
        print_json({"run": str(done.folder), **done.summary})
    else:
        print_summary(done.summary, done.folder)


@evaluation.command()
@click.argument("a", type=click.Path(path_type=Path, file_okay=False))
@click.argument("b", type=click.Path(path_type=Path, file_okay=False))
@as_json
@_fail
@click.option("--markdown", is_flag=True, help="Print a summary for a pull request.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the comparison as a page, flips first.",
)
def compare(
    a: Path,
    b: Path,
    json_wanted: bool,
    fail_on_regression: bool,
    markdown: bool,
    html: Path | None,
) -> None:
    """Compare run B with run A: differences, intervals, p, and questions that flipped."""
    from assistant.cli.judged import comparison_json, print_comparison
    from assistant.eval.compare import compare as compare_runs
    from assistant.eval.compare import read_run
    from assistant.eval.report import markdown_comparison, write_comparison_of

    compared = compare_runs(read_run(a), read_run(b))
    if html:
        write_comparison_of(compared, html)
    if json_wanted:
        print_json(comparison_json(compared))
    elif markdown:
        click.echo(markdown_comparison(compared))
    else:
        print_comparison(compared)
    raise click.exceptions.Exit(1 if fail_on_regression and compared.regressed else 0)


@evaluation.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@click.option("--markdown", is_flag=True, help="Print a summary for a pull request instead.")
def report(folder: Path, markdown: bool) -> None:
    """Write the report of a RUN again, as report.html in its folder."""
    from assistant.eval.evaluated import read_evaluated
    from assistant.eval.report import markdown_summary, write_report_of

    done = read_evaluated(folder)
    if markdown:
        click.echo(markdown_summary(done.summary))
    else:
        click.echo(f"Wrote {write_report_of(done)}.")


@evaluation.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@workspace_option
def accept(folder: Path, workspace: Path | None) -> None:
    """Make RUN the baseline in eval/baseline, and show what is accepted thereby."""
    from assistant.cli.judged import print_comparison, print_summary
    from assistant.eval.baseline import accept_baseline
    from assistant.workspace import Workspace

    found = Workspace.find(workspace)
    accepted = accept_baseline(folder, found.baseline)
    if accepted.against is None:
        print_summary(accepted.run.about, folder)
    else:
        print_comparison(accepted.against)
    click.echo(f"{found.baseline} now is the run in {folder}.")


def _compared(before: Any, after: Any, *, quiet: bool) -> bool:
    """Compare two runs, say what came of it and write it as a page; whether it regressed."""
    from assistant.cli.judged import print_comparison
    from assistant.eval.compare import compare as compare_runs
    from assistant.eval.report import write_comparison_of

    compared = compare_runs(before, after)
    write_comparison_of(compared, after.folder / "compare.html")
    if not quiet:
        print_comparison(compared)
    return compared.regressed


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text}: write NAME=VALUE, such as answer.threshold=0.5.")
    return name.strip(), value.strip()
