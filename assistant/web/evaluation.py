"""The events of the tab on which evaluations are run, watched and compared."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from assistant.errors import AssistantError
from assistant.eval.job import EvaluationJob, Order
from assistant.eval.shelf import (
    ShelvedRun,
    find_run,
    gold_names,
    questions_of,
    shelved_runs,
)
from assistant.web.runs import comparison_link, progress, run_choice, run_table, sentence

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

SHOWN: Final = 50  # former runs that are listed

log = logging.getLogger(__name__)


class Evaluation:
    """What the tab shows of a workspace's gold files and runs, and of the one job."""

    def __init__(self, assistant: Assistant, job: EvaluationJob) -> None:
        self.workspace = assistant.workspace
        held = assistant.workspace.settings
        values = (assistant.threshold, held.answer.max_statements, held.retrieve.passages)
        self.settings: dict[str, float] = dict(zip(SETTINGS, values, strict=True))
        self._job = job

    def watched(self) -> tuple[Any, ...]:
        """The job as it is: what is shown of it, the two buttons and the clock."""
        state = self._job.state()
        return (
            progress(state),
            gr.update(interactive=not state.active),
            gr.update(interactive=state.phase == "running"),
            gr.update(active=state.active),
        )

    def shelf(self, gold: str | None) -> tuple[Any, ...]:
        """The gold files and runs that are there; ``gold`` is the file chosen so far."""
        files, runs = gold_names(self.workspace.evaluation), self._runs()
        names = [(run_choice(run), run.name) for run in runs]
        finished = [(run_choice(run), run.name) for run in runs if run.finished]
        asked = [choice for choice, run in zip(names, runs, strict=True) if run.has_answers]
        return (
            gr.update(choices=files, value=self._preferred(files, gold)),
            run_table(runs),
            gr.update(choices=finished),
            gr.update(choices=finished),
            gr.update(choices=asked),
        )

    def refresh(self, gold: str | None) -> tuple[Any, ...]:
        """Everything that may have changed since the tab was looked at."""
        return (*self.watched(), *self.shelf(gold))

    def tick(self, gold: str | None) -> tuple[Any, ...]:
        """How far the job is; the shelf too once it has ended."""
        ended = not self._job.state().active
        return (*self.watched(), *(self.shelf(gold) if ended else (gr.skip(),) * 5))

    def start(
        self,
        gold: str | None,
        kinds: list[str] | None,
        limit: float | None,
        *settings: float | None,
    ) -> tuple[Any, ...]:
        """Begin an evaluation, or say in one sentence why not."""
        named = {
            name: value
            for name, value in zip(SETTINGS, settings, strict=True)
            if value != self.settings[name]
        }
        try:
            self._job.start(_order(gold, kinds, limit, named))
        except AssistantError as error:
            shown, *others = self.watched()
            return sentence(str(error)) + shown * self._job.state().active, *others
        return self.watched()

    def stop(self) -> tuple[Any, ...]:
        """Stop the evaluation that runs."""
        self._job.stop()
        return self.watched()

    def compared(self, a: str | None, b: str | None) -> str:
        """The way to the comparison of two runs."""
        if not a or not b:
            return ""
        evaluation = self.workspace.evaluation
        try:
            return comparison_link(find_run(evaluation, a), find_run(evaluation, b))
        except AssistantError as error:
            return sentence(str(error))

    def questions(self, name: str | None) -> tuple[Any, Any]:
        """The questions of a run to choose from, and the button that asks one."""
        found: list[tuple[str, str]] = []
        if name:
            try:
                run = find_run(self.workspace.evaluation, name)
                found = [(f"{q.id}: {q.question}", q.question) for q in questions_of(run)]
            except AssistantError as error:
                log.warning("%s", error)
        return gr.update(choices=found, value=None), gr.update(interactive=False)

    def _runs(self) -> Sequence[ShelvedRun]:
        return shelved_runs(self.workspace.evaluation)[:SHOWN]

    def _preferred(self, files: Sequence[str], chosen: str | None) -> str | None:
        """The gold file to offer: the one chosen, else the workspace's, else the first."""
        usual = self.workspace.gold.name
        return next((name for name in (chosen, usual, *files) if name in files), None)


SETTINGS: Final = ("answer.threshold", "answer.max_statements", "retrieve.passages")


def _order(
    gold: str | None,
    kinds: list[str] | None,
    limit: float | None,
    settings: Mapping[str, float | None],
) -> Order:
    """What the fields say; an empty one leaves the workspace's setting."""
    return Order(
        gold=gold or "",
        kinds=tuple(kinds or ()),
        limit=int(limit or 0),
        settings={name: value for name, value in settings.items() if value is not None},
    )
