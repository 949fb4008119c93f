"""Runs over the starter corpus: interrupted and taken up, contained failures, refused folders."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.assistant import Assistant
from assistant.errors import QuestionError, UsageError
from assistant.eval.evaluate import evaluate, score_file
from assistant.eval.evaluated import Evaluated, read_evaluated
from assistant.eval.gold import GoldQuestion, GoldSet, load_gold
from assistant.eval.originals import Originals
from assistant.eval.run import ANSWERS, GOLD, RUN, chosen
from assistant.types import Answer
from assistant.workspace import Workspace
from tests.eval.systems import ideal, write_answers

CORPUS = Path(__file__).resolve().parents[2] / "corpus"

HOW_MANY = 6


class Asked:
    """The assistant, and what it was asked; ``failing`` says why a question fails."""

    def __init__(self, real: Assistant, failing: dict[str, Exception] | None = None) -> None:
        self._real = real
        self._failing = failing or {}
        self.questions: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        self.questions.append(question)
        if question in self._failing:
            raise self._failing[question]
        return self._real.ask(question, context=context)


@pytest.fixture
def workspace(tmp_path: Path, starter_workspace: Workspace) -> Workspace:
    """The starter workspace with an ``eval`` folder of its own; the index is the shared one."""
    root = tmp_path / "workspace"
    root.mkdir()
    for name in ("corpus", "index"):
        (root / name).symlink_to(starter_workspace.root / name, target_is_directory=True)
    shutil.copytree(starter_workspace.prompts, root / "prompts")
    shutil.copyfile(starter_workspace.root / "assistant.toml", root / "assistant.toml")
    return Workspace(root)


@pytest.fixture(scope="module")
def questions(gold: GoldSet) -> tuple[GoldQuestion, ...]:
    """Two of the first documents, follow-ups and what cannot be answered among them."""
    answerable = [q for q in gold.questions if q.answerable][:: len(gold.questions) // 5]
    return (*answerable[: HOW_MANY - 2], *chosen(gold, ["unanswerable"], 2))


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Few resamples, and no report: that has its own tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.eval.statistics.RESAMPLES", 20)
        patch.setattr("assistant.eval.evaluate._reported", lambda evaluated, *_: evaluated)
        yield


@pytest.fixture(scope="module")
def read_once(starter_workspace: Workspace) -> Iterator[Originals]:
    with Originals(starter_workspace.corpus) as originals:
        yield originals


@pytest.fixture(autouse=True)
def originals(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, read_once: Originals
) -> None:
    """The PDFs are read once for all tests, but for those that are about the reading."""
    if request.node.get_closest_marker("usefixtures") is None:
        monkeypatch.setattr("assistant.eval.evaluate.Originals", lambda *_: nullcontext(read_once))


@pytest.fixture
def reading() -> None:
    """Marks a test in which the PDFs are read by the run itself."""


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
    starter_workspace: Workspace,
    starter: Assistant,
    gold: GoldSet,
    questions: Sequence[GoldQuestion],
) -> Evaluated:
    """A run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    return evaluate(starter_workspace, starter, gold, questions, folder)


Evaluate = Callable[..., Evaluated]


@pytest.fixture
def run(
    workspace: Workspace, starter: Assistant, gold: GoldSet, questions: Sequence[GoldQuestion]
) -> Evaluate:
    def run(
        folder: Path | None = None,
        assistant: Any = starter,
        asked: Sequence[GoldQuestion] = questions,
        progress: Callable[[int, int], None] | None = None,
        workspace: Workspace = workspace,
    ) -> Evaluated:
        return evaluate(workspace, assistant, gold, asked, folder, progress)

    return run


def stop_at(last: int) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        if done == last:
            raise KeyboardInterrupt

    return progress


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / ANSWERS).read_bytes().split(b"\n") if line]


def timeless(evaluated: Evaluated) -> list[Any]:
    return [row for row in evaluated.rows if not row.measure.startswith("seconds_")]


# --- A run ------------------------------------------------------------------------------


def test_a_run_and_the_same_again(
    tmp_path: Path, run: Evaluate, questions: Sequence[GoldQuestion], whole: Evaluated
) -> None:
    seen: list[tuple[int, int]] = []
    first = run(tmp_path / "run", progress=lambda done, of: seen.append((done, of)))
    assert seen == [(number, HOW_MANY) for number in range(1, HOW_MANY + 1)]
    assert [line["id"] for line in lines(first.folder)] == [q.id for q in questions]
    assert first.summary["questions"] == first.summary["asked"] == HOW_MANY
    assert first.summary["failed"] == {}
    assert load_gold(first.folder / GOLD).questions == tuple(questions)
    assert timeless(first) == timeless(whole)
    assert first.summary["fingerprint"] == whole.summary["fingerprint"]
    read = read_evaluated(first.folder)
    assert read.rows == first.rows and read.answers == first.answers
    assert read.summary == json.loads(json.dumps(first.summary))


@pytest.mark.usefixtures("reading")
def test_every_quote_is_read_anew_from_the_pdf(tmp_path: Path, run: Evaluate) -> None:
    measures = run(tmp_path / "run").summary["measures"]
    for name in ("quote_verbatim", "statement_cited"):
        assert measures[name]["value"] == 1 and measures[name]["of"] > 1


def test_a_finished_run_is_judged_again_without_asking(
    tmp_path: Path, run: Evaluate, starter: Assistant
) -> None:
    first = run(tmp_path / "run")
    again = Asked(starter)
    assert run(tmp_path / "run", again).rows == first.rows
    assert again.questions == []


# --- Interrupted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rest",
    [b"", b'{"id": "', b'{"id": "r0', '{"id": "x", "question": "é'.encode()[:-1], b"\0\0\0\0"],
    ids=["whole", "in a line", "in an id", "in a character", "zeros"],
)
def test_an_interrupted_run_is_taken_up(
    tmp_path: Path,
    run: Evaluate,
    starter: Assistant,
    questions: Sequence[GoldQuestion],
    whole: Evaluated,
    rest: bytes,
) -> None:
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(folder, progress=stop_at(2))
    before = (folder / ANSWERS).read_bytes()
    assert before.count(b"\n") == 2
    assert not (folder / "summary.json").exists()
    with (folder / ANSWERS).open("ab") as stream:
        stream.write(rest)
    later = Asked(starter)
    evaluated = run(folder, later)
    assert later.questions == [question.question for question in questions[2:]]
    assert (folder / ANSWERS).read_bytes().startswith(before)
    assert [line["id"] for line in lines(folder)] == [question.id for question in questions]
    assert timeless(evaluated) == timeless(whole)


def test_an_interrupted_run_is_found_without_its_folder(
    workspace: Workspace, run: Evaluate, starter: Assistant
) -> None:
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(progress=stop_at(2))
    (begun,) = (workspace.evaluation / "runs").iterdir()
    (workspace.evaluation / "runs" / "zz-broken").mkdir()
    (workspace.evaluation / "runs" / "zz-broken" / RUN).write_text("{", encoding="utf-8")
    (workspace.evaluation / "runs" / "zz-file").write_text("", encoding="utf-8")
    later = Asked(starter)
    assert run(assistant=later).folder == begun
    assert len(later.questions) == HOW_MANY - 2
    other = run()
    assert other.folder != begun and other.folder.parent == begun.parent


def test_one_of_another_state_is_not_taken_up(
    workspace: Workspace, run: Evaluate, questions: Sequence[GoldQuestion]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(progress=stop_at(2))
    (begun,) = (workspace.evaluation / "runs").iterdir()
    assert run(asked=questions[:1]).folder != begun


# --- Another state ----------------------------------------------------------------------


def refused(raised: pytest.ExceptionInfo[UsageError], folder: Path) -> None:
    message = str(raised.value)
    assert str(folder) in message and "\n" not in message
    assert message.endswith(".") and len(message) < 200 + len(str(folder))


def test_a_folder_of_another_state_is_refused(
    tmp_path: Path, run: Evaluate, workspace: Workspace, questions: Sequence[GoldQuestion]
) -> None:
    folder = tmp_path / "run"
    run(folder, asked=questions[:2])
    before = {path: path.read_bytes() for path in folder.iterdir()}
    settings = workspace.settings
    answer = settings.answer.model_copy(update={"threshold": 0.9})
    other = workspace.with_settings(settings.model_copy(update={"answer": answer}))
    with pytest.raises(UsageError) as raised:
        run(folder, asked=questions[:2], workspace=other)
    refused(raised, folder)
    assert "--out" in str(raised.value)
    with pytest.raises(UsageError) as raised:
        run(folder, asked=questions[:3])
    refused(raised, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_folder_of_something_else_is_refused(tmp_path: Path, run: Evaluate, content: str) -> None:
    (tmp_path / RUN).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        run(tmp_path)
    refused(raised, tmp_path)


def test_a_folder_with_files_is_refused(tmp_path: Path, run: Evaluate) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty") as raised:
        run(tmp_path)
    refused(raised, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["notes.txt"]


def test_a_folder_that_cannot_be_written(tmp_path: Path, run: Evaluate) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(UsageError, match="cannot be written") as raised:
            run(folder)
        refused(raised, folder)


@pytest.mark.parametrize("name", [ANSWERS, "scores.jsonl", "summary.json"])
def test_a_file_of_a_run_that_cannot_be_written(tmp_path: Path, run: Evaluate, name: str) -> None:
    folder = tmp_path / "run"
    run(folder)
    (folder / name).unlink()
    (folder / name / "in the way").mkdir(parents=True)
    with pytest.raises(UsageError, match="cannot be written") as raised:
        run(folder)
    refused(raised, folder)


# --- Failures ---------------------------------------------------------------------------


def test_a_failure_stays_with_its_question_and_is_asked_again(
    tmp_path: Path,
    run: Evaluate,
    starter: Assistant,
    questions: Sequence[GoldQuestion],
    whole: Evaluated,
) -> None:
    failing = {
        questions[0].question: QuestionError("The question is empty; type one in words."),
        questions[2].question: RuntimeError("out of \udc80 memory\nand more"),
        questions[4].question: OSError(28, "No space left on device"),
    }
    first = run(tmp_path / "run", Asked(starter, failing))
    assert first.summary["asked"] == HOW_MANY
    assert first.summary["failed"].keys() == {questions[number].id for number in (0, 2, 4)}
    assert first.summary["failed"][questions[0].id] == str(failing[questions[0].question])
    assert first.summary["failed"][questions[2].id].startswith("RuntimeError: out of")
    assert "No space left" in first.summary["failed"][questions[4].id]
    for row in first.rows:
        assert (row.value is None) or row.id not in first.summary["failed"]
        assert row.id not in first.summary["failed"] or row.why
    later = Asked(starter)
    second = run(tmp_path / "run", later)
    assert later.questions == list(failing)
    assert second.summary["failed"] == {}
    assert len(lines(second.folder)) == HOW_MANY
    assert timeless(second) == timeless(whole)


@pytest.mark.usefixtures("reading")
def test_a_document_that_is_gone_makes_quotes_unverifiable_and_stops_nothing(
    tmp_path: Path, run: Evaluate, workspace: Workspace, questions: Sequence[GoldQuestion]
) -> None:
    (workspace.root / "corpus").unlink()
    (workspace.root / "corpus").mkdir()
    evaluated = run(tmp_path / "run", asked=questions[:3])
    assert evaluated.summary["failed"] == {}
    assert evaluated.summary["measures"]["quote_verbatim"]["value"] == 0


# --- Which questions --------------------------------------------------------------------


def test_kinds_and_limit(gold: GoldSet) -> None:
    assert chosen(gold) == gold.questions
    assert chosen(gold, limit=5) == gold.questions[:5]
    assert chosen(gold, limit=10_000) == gold.questions
    kinds = chosen(gold, ["list", "yes-no"])
    assert {question.kind for question in kinds} == {"list", "yes-no"}
    assert kinds == tuple(q for q in gold.questions if q.kind in ("list", "yes-no"))
    assert chosen(gold, ["list"], 2) == chosen(gold, ["list"])[:2]


def test_kinds_of_which_there_is_none(gold: GoldSet) -> None:
    few = GoldSet(gold.path, gold.sha256, chosen(gold, ["list"]))
    with pytest.raises(UsageError, match="no question of kind fact, yes-no"):
        chosen(few, ["fact", "yes-no"])


# --- Another system ---------------------------------------------------------------------


def test_another_systems_answers_are_judged(tmp_path: Path, gold: GoldSet) -> None:
    answers = write_answers(tmp_path / "theirs.jsonl", ideal(gold.questions).values())
    scored = score_file(answers, gold, tmp_path / "run", "theirs", CORPUS)
    measures = scored.summary["measures"]
    for name in ("page_hit@1", "ndcg@10", "citation_recall", "nugget_recall"):
        assert measures[name]["value"] == pytest.approx(1)
    # Its offsets are made up, and what it says to have read anew is not believed.
    assert measures["quote_verbatim"]["value"] == 0
    assert scored.summary["fingerprint"] == {"id": "theirs", "system": "theirs"}
    assert read_evaluated(tmp_path / "run").rows == scored.rows
    again = score_file(answers, gold, tmp_path / "run", "theirs", CORPUS)
    assert again.rows == scored.rows
    with pytest.raises(UsageError, match="another folder"):
        score_file(answers, gold, tmp_path / "run", "another", CORPUS)


def test_what_it_did_not_answer_is_null(tmp_path: Path, gold: GoldSet) -> None:
    some = ideal(gold.questions[:7])
    answers = write_answers(tmp_path / "theirs.jsonl", some.values())
    summary = score_file(answers, gold, tmp_path / "run", "theirs", CORPUS).summary
    assert (summary["questions"], summary["asked"]) == (len(gold.questions), 7)
    for measure in summary["measures"].values():
        assert measure["n"] + measure["null"] == len(gold.questions)
        assert measure["n"] <= 7


def test_two_answers_to_one_question_are_refused(tmp_path: Path, gold: GoldSet) -> None:
    answers = tmp_path / "theirs.jsonl"
    answers.write_text('{"id": "r001"}\n{"id": "r001"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="answers r001 twice"):
        score_file(answers, gold, tmp_path / "run", "theirs", CORPUS)


def test_an_answer_to_what_was_not_asked_is_refused(tmp_path: Path, gold: GoldSet) -> None:
    answers = tmp_path / "theirs.jsonl"
    answers.write_text('{"id": "r001"}\n{"id": "x9"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"answers x9, which .* does not ask"):
        score_file(answers, gold, tmp_path / "run", "theirs", CORPUS)
    assert not (tmp_path / "run").exists()


def test_a_line_that_is_no_answer_is_refused(tmp_path: Path, gold: GoldSet) -> None:
    answers = tmp_path / "theirs.jsonl"
    answers.write_text('{"id": "r001"}\n{"id": "r002", "hits": 3}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: hits"):
        score_file(answers, gold, tmp_path / "run", "theirs", CORPUS)
    assert not (tmp_path / "run").exists()
