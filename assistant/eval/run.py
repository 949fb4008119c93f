"""Asking every question of a gold set; interruptible, and resumed where it stopped."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from assistant.errors import AssistantError, UsageError
from assistant.eval.fingerprint import run_fingerprint
from assistant.eval.gold import GoldQuestion, GoldSet
from assistant.eval.originals import Originals
from assistant.eval.record import read_raw
from assistant.workspace import Workspace

log = logging.getLogger(__name__)

RUN, GOLD, ANSWERS, SUMMARY = "run.json", "gold.jsonl", "answers.jsonl", "summary.json"
RUNS = "runs"

_UNWRITABLE = "replace"  # half a surrogate pair in an error's message must not end a run

Progress = Callable[[int, int], None]  # questions done, questions in all


@dataclass(frozen=True, slots=True)
class Run:
    """A folder in which the questions of a gold set are answered.

    ``about`` is what ``run.json`` holds: fingerprint, gold file and its hash, when begun.
    """

    folder: Path
    about: dict[str, Any]
    questions: tuple[GoldQuestion, ...]


def chosen(
    gold: GoldSet, kinds: Sequence[str] = (), limit: int = 0, every: int = 1
) -> tuple[GoldQuestion, ...]:
    """The questions of these kinds (none: all), each ``every``-th, at most ``limit`` (0: all).

    Raises UsageError where nothing is left.
    """
    left = tuple(q for q in gold.questions if not kinds or q.kind in kinds)
    if not left:
        raise UsageError(f"{gold.path} has no question of kind {', '.join(kinds)}.")
    return left[::every][:limit] if limit else left[::every]


def open_run(
    workspace: Workspace,
    assistant: Assistant,
    gold: GoldSet,
    questions: Sequence[GoldQuestion],
    folder: Path | None = None,
) -> Run:
    """Begin a run, or take up one that was interrupted.

    Without ``folder`` an unfinished run of the same state below ``eval/runs`` is taken up,
    else a new one begun. Raises UsageError where ``folder`` holds a run of another state.
    """
    fingerprint = run_fingerprint(workspace, assistant.summary(), assistant.threshold)
    about = run_about(gold, questions, fingerprint)
    runs = workspace.evaluation / RUNS
    folder = folder or _unfinished(runs, about) or _new_folder(runs)
    return begin_run(folder, about, questions)


def begin_run(folder: Path, about: dict[str, Any], questions: Sequence[GoldQuestion]) -> Run:
    """Write what a run is made of into ``folder``, unless it is there already.

    Raises UsageError where ``folder`` holds anything else.
    """
    _prepare(folder, about, questions)
    return Run(folder, _read(folder / RUN), tuple(questions))


def run_about(
    gold: GoldSet, questions: Sequence[GoldQuestion], fingerprint: Mapping[str, Any]
) -> dict[str, Any]:
    """What ``run.json`` holds: which questions were asked, and of what."""
    return {
        "fingerprint": dict(fingerprint),
        "gold": {"file": gold.path.name, "sha256": gold.sha256},
        "questions": [question.id for question in questions],
        "begun": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def answer_questions(
    run: Run, assistant: Assistant, originals: Originals, progress: Progress | None = None
) -> None:
    """Append to ``answers.jsonl`` what is not there yet; a question's failure stays its own."""
    path = run.folder / ANSWERS
    done = answered(run.folder)
    with writing(run.folder):
        _tidy(path, [done[q.id] for q in run.questions if q.id in done])
    assistant.warm_up()
    with writing(run.folder), path.open("a", encoding="utf-8", errors=_UNWRITABLE) as stream:
        for number, question in enumerate(run.questions, start=1):
            if question.id not in done:
                stream.write(_line(_answered(question, assistant, originals)))
                stream.flush()
            if progress is not None:
                progress(number, len(run.questions))


def copy_answers(run: Run, answers: Iterable[dict[str, Any]], originals: Originals) -> None:
    """Put what another system answered into the run; its quotes are read anew, not believed."""
    lines = []
    for answer in answers:
        anew = [originals.cited(citation) for citation in answer.get("citations", ())]
        lines.append({**answer, "read_anew": anew})
    _tidy(run.folder / ANSWERS, lines)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one sentence where ``folder`` cannot be written."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}).") from error


def answered(folder: Path) -> dict[str, dict[str, Any]]:
    """The answers that a folder holds, by id; those that failed are to be asked again."""
    path = folder / ANSWERS
    found = read_raw(path) if path.is_file() else {}
    return {id_: answer for id_, answer in found.items() if not answer.get("error")}


def _answered(question: GoldQuestion, assistant: Assistant, originals: Originals) -> dict[str, Any]:
    try:
        context = assistant.in_context(question.history)
        answer = answer_json(assistant.ask(question.question, context=context))
        anew = [originals.cited(citation) for citation in answer["citations"]]
    except AssistantError as error:
        return {"id": question.id, "question": question.question, "error": str(error)}
    except Exception as error:
        log.exception("question %s failed", question.id)
        problem = f"{type(error).__name__}: {error}"
        return {"id": question.id, "question": question.question, "error": problem}
    return {"id": question.id, **answer, "error": None, "read_anew": anew}


def _prepare(folder: Path, about: dict[str, Any], questions: Sequence[GoldQuestion]) -> None:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / RUN).exists():
            if any(folder.iterdir()):
                raise UsageError(f"{folder} is not empty and holds no run; name another folder.")
            lines = [_line(q.model_dump(mode="json", exclude_defaults=True)) for q in questions]
            _write(folder / GOLD, "".join(lines))
            _write(folder / RUN, json.dumps(about, indent=2) + "\n")
    if not _same(_read(folder / RUN), about):
        raise UsageError(
            f"{folder} holds a run of other questions, or of another index, settings or code; "
            "name another folder with --out."
        )


def _unfinished(runs: Path, about: dict[str, Any]) -> Path | None:
    """The newest run of the same state that lacks answers."""
    if not runs.is_dir():
        return None
    for folder in sorted(runs.iterdir(), reverse=True):
        try:
            if not _same(_read(folder / RUN), about):
                continue
        except UsageError:  # whatever else lies there
            continue
        if len(answered(folder).keys() & set(about["questions"])) < len(about["questions"]):
            return folder
    return None


def _new_folder(runs: Path) -> Path:
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    folder, number = runs / name, 2
    while folder.exists():
        folder, number = runs / f"{name}-{number}", number + 1
    return folder


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    keys = ("fingerprint", "gold", "questions")
    return all(a.get(key) == b[key] for key in keys)


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read; it is no run of this program.") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} is no run of this program.")
    return value


def _tidy(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Leave only whole, good lines: the last one may have been cut short."""
    _write(path, "".join(_line(value) for value in lines))


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interruption loses nothing."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", errors=_UNWRITABLE)
    beside.replace(path)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
