"""The tab on which evaluations are run: the order on one side, what was run on the other."""

from __future__ import annotations

import gradio as gr
from gradio.components import Component

from assistant.eval.gold import KINDS
from assistant.web.evaluation import Evaluation
from assistant.web.parts import PRIVATE, html

EVERY = 1.0  # seconds between two looks at an evaluation that runs


class Bench:
    """The parts of the tab, made inside the block that is open."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._clock = gr.Timer(EVERY, active=False)
        with gr.Row(elem_id="bench", equal_height=False):
            with gr.Column(elem_id="order", min_width=280):
                self._build_order()
            with gr.Column(elem_id="shelf", min_width=300):
                html("<h2>Runs</h2>")
                self._table = html("", elem_id="runs")
                with gr.Row(elem_id="below"):
                    with gr.Column(elem_id="comparing", min_width=260):
                        self._compare()
                    with gr.Column(elem_id="asking", min_width=260):
                        self._ask()

    @property
    def refreshed(self) -> list[Component]:
        """What ``Evaluation.refresh`` gives, in its order."""
        return [
            *(self._job, self._run, self._stop, self._clock),
            *(self.gold, self._table, self._before, self._after, self._of),
        ]

    def wire(self) -> None:
        """Connect the parts with the events."""
        evaluation, watched = self._evaluation, self.refreshed[:4]
        fields = [self.gold, self._kinds, self._limit]
        settings = [self._threshold, self._statements, self._passages]
        self._run.click(
            evaluation.start, [*fields, *settings], watched, trigger_mode="once", **PRIVATE
        )
        self._stop.click(evaluation.stop, None, watched, **PRIVATE)
        self._clock.tick(evaluation.tick, self.gold, self.refreshed, **PRIVATE)
        gr.on(
            [self._before.change, self._after.change],
            evaluation.compared,
            [self._before, self._after],
            self._comparison,
            **PRIVATE,
        )
        self._of.change(evaluation.questions, self._of, [self.question, self.ask], **PRIVATE)
        self.question.change(
            lambda question: gr.update(interactive=bool(question)),
            self.question,
            self.ask,
            **PRIVATE,
        )

    def _build_order(self) -> None:
        html("<h2>Run an evaluation</h2>")
        settings = self._evaluation.settings
        self.gold = gr.Dropdown([], label="Gold set", elem_id="gold")
        self._kinds = gr.Dropdown(
            list(KINDS),
            multiselect=True,
            value=[],
            label="Kinds (none chosen: all)",
            elem_id="kinds",
        )
        with gr.Row():
            self._limit = gr.Number(
                label="Questions (0: all)",
                value=0,
                minimum=0,
                precision=0,
                min_width=100,
                elem_id="limit",
            )
            self._threshold = gr.Number(
                label="Threshold",
                value=settings["answer.threshold"],
                minimum=0.01,
                maximum=1,
                step=0.05,
                min_width=100,
                elem_id="threshold",
            )
        with gr.Row():
            self._statements = gr.Number(
                label="Statements at most",
                value=settings["answer.max_statements"],
                minimum=1,
                precision=0,
                min_width=100,
                elem_id="statements",
            )
            self._passages = gr.Number(
                label="Passages",
                value=settings["retrieve.passages"],
                minimum=1,
                precision=0,
                min_width=100,
                elem_id="passages",
            )
        with gr.Row(elem_id="run-row"):
            self._run = gr.Button("Run", variant="primary", elem_id="run", min_width=90)
            self._stop = gr.Button("Stop", interactive=False, elem_id="stop", min_width=90)
        self._job = html("", elem_id="job")

    def _compare(self) -> None:
        html("<h2>Compare two runs</h2>")
        self._before = gr.Dropdown([], value=None, label="From", elem_id="before")
        self._after = gr.Dropdown([], value=None, label="To", elem_id="after")
        self._comparison = html("", elem_id="comparison")

    def _ask(self) -> None:
        html("<h2>Ask a question of a run</h2>")
        self._of = gr.Dropdown([], value=None, label="Run", elem_id="of")
        self.question = gr.Dropdown([], value=None, label="Question", elem_id="gold-question")
        self.ask = gr.Button("Ask it", interactive=False, elem_id="ask-it")
