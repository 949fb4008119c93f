"""Single judgements of a language model, kept as ``graded.jsonl`` so that none is asked twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from assistant.answer.llm import LanguageModel
from assistant.answer.model_errors import ModelError
from assistant.eval.run import Progress, writing
from assistant.eval.verdict import read_verdict

JUDGEMENTS: Final = "graded.jsonl"
UNREADABLE: Final = "the model's reply is no verdict"
GIVEN_UP: Final = "not asked, because the model was silent several times in a row"
_PATIENCE: Final = 3  # times in a row that the model may be silent


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be judged: part ``part`` of the answer to the question ``id``."""

    id: str
    measure: str
    part: int
    prompt: str
    words: Collection[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a task; None where there is none: ``why``. ``key``: model and prompt."""

    id: str
    measure: str
    part: int
    key: str
    verdict: str | None
    why: str = ""


def judgements(
    tasks: Sequence[Task], model: LanguageModel, path: Path, progress: Progress | None = None
) -> list[Judgement]:
    """Ask the model for each task that ``path`` holds no verdict on; all are in ``path`` then."""
    known = _known(path)
    silent = 0
    found = []
    with writing(path.parent), path.open("a", encoding="utf-8") as stream:
        for number, task in enumerate(tasks, start=1):
            key = _key(model.name, task.prompt)
            verdict, why = known.get(key), ""
            if verdict not in task.words:
                ask = model.complete if silent < _PATIENCE else _give_up
                verdict, why, quiet = _asked(task, ask)
                silent = silent + 1 if quiet else 0
            found.append(Judgement(task.id, task.measure, task.part, key, verdict, why))
            stream.write(_line(found[-1]))
            stream.flush()
            if progress is not None:
                progress(number, len(tasks))
    with writing(path.parent):
        path.write_text("".join(map(_line, found)), encoding="utf-8")
    return found


def _asked(task: Task, ask: Callable[[str], str]) -> tuple[str | None, str, bool]:
    """Verdict, why there is none, and whether the model was silent."""
    try:
        verdict = read_verdict(ask(task.prompt), task.words)
    except ModelError as error:
        return None, str(error), error.silent
    return verdict, "" if verdict else UNREADABLE, False


def _give_up(prompt: str) -> str:
    raise ModelError(GIVEN_UP, silent=True)


def _known(path: Path) -> dict[str, str]:
    """The verdicts in ``path`` by key; lines that cannot be read are left out."""
    found = {}
    for line in path.read_bytes().split(b"\n") if path.is_file() else ():
        try:
            value = json.loads(line)
            if value["verdict"] is not None:
                found[str(value["key"])] = str(value["verdict"])
        except (ValueError, TypeError, KeyError):
            continue
    return found


def _key(model: str, prompt: str) -> str:
    return hashlib.sha256(f"{model}\0{prompt}".encode("utf-8", "replace")).hexdigest()[:16]


def _line(judgement: Judgement) -> str:
    return json.dumps(asdict(judgement), ensure_ascii=True) + "\n"
