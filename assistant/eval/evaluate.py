"""A whole evaluation: ask, score, sum up, report; what `assistant eval run` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.answer.assistant import Assistant
from assistant.corpus.isolate import Limits
from assistant.errors import UsageError
from assistant.eval.evaluated import Evaluated, judge
from assistant.eval.gold import GoldQuestion, GoldSet
from assistant.eval.graded import Grader, grade_run
from assistant.eval.originals import Originals
from assistant.eval.record import duplicates, read_raw, read_records
from assistant.eval.report import markdown_summary, write_report_of
from assistant.eval.run import (
    Progress,
    answer_questions,
    begin_run,
    copy_answers,
    open_run,
    run_about,
    writing,
)
from assistant.workspace import Workspace

MARKDOWN = "summary.md"


def evaluate(
    workspace: Workspace,
    assistant: Assistant,
    gold: GoldSet,
    questions: Sequence[GoldQuestion],
    folder: Path | None = None,
    progress: Progress | None = None,
    grader: Grader | None = None,
) -> Evaluated:
    """Run ``questions`` into ``folder`` (None: a new one below ``eval/runs``) and judge them.

    A ``grader`` lets a language model grade the answers as well.
    Raises UsageError where the folder holds another run; a KeyboardInterrupt loses nothing.
    """
    corpus = workspace.settings.corpus
    limits = Limits(corpus.page_seconds, corpus.memory_mb, corpus.max_pages)
    run = open_run(workspace, assistant, gold, questions, folder)
    with Originals(workspace.corpus, limits) as originals:
        answer_questions(run, assistant, originals, progress)
    judged = judge(run)
    if grader is not None:
        judged, _ = grade_run(judged, grader, progress)
    return _reported(judged, workspace.corpus)


def score_file(answers: Path, gold: GoldSet, folder: Path, system: str, corpus: Path) -> Evaluated:
    """Judge the answers that another system wrote, ``system``, as a run in ``folder``.

    Its quotes are read anew in the PDFs below ``corpus``. Raises UsageError where a line of
    ``answers`` cannot be read, a question is answered twice, or ``folder`` is in use.
    """
    twice = duplicates(answers)
    if twice:
        raise UsageError(f"{answers} answers {twice[0]} twice; leave one answer.")
    unknown = read_records(answers).keys() - {question.id for question in gold.questions}
    if unknown:
        raise UsageError(f"{answers} answers {min(unknown)}, which {gold.path} does not ask.")
    about = run_about(gold, gold.questions, {"id": system, "system": system})
    run = begin_run(folder, about, gold.questions)
    with writing(folder), Originals(corpus) as originals:
        copy_answers(run, read_raw(answers).values(), originals)
    return _reported(judge(run), corpus)


def _reported(evaluated: Evaluated, corpus: Path) -> Evaluated:
    """Write ``report.html`` and ``summary.md``."""
    with writing(evaluated.folder):
        write_report_of(evaluated, corpus)
        text = markdown_summary(evaluated.summary)
        (evaluated.folder / MARKDOWN).write_text(text, encoding="utf-8")
    return evaluated
