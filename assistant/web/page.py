"""The page: its head and its tabs, wired together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import gradio as gr
from gradio.blocks import Blocks

from assistant.web import panels
from assistant.web.bench import Bench
from assistant.web.chat import Chat
from assistant.web.desk import Desk
from assistant.web.evaluation import Evaluation
from assistant.web.excerpt_tab import ExcerptTab
from assistant.web.matrix_tab import MatrixTab, matrix_job
from assistant.web.parts import ASKING, PRIVATE, html
from assistant.web.selection_shelf import Shelf

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.eval.job import EvaluationJob
    from assistant.matrix.job import MatrixJob

ASK, EXCERPTS, MATRIX, EVALUATION = "ask", "excerpts", "matrix", "evaluation"


def build_page(
    assistant: Assistant,
    job: EvaluationJob,
    examples: Sequence[str] = (),
    shelf: Shelf | None = None,
    matrices: MatrixJob | None = None,
) -> Blocks:
    """The page of one server; jobs and ``shelf`` are shared by all its visitors."""
    shelf, matrices = shelf or Shelf(assistant), matrices or matrix_job(assistant)
    chat, evaluation = Chat(assistant), Evaluation(assistant, job)
    blocks: Blocks
    with gr.Blocks(title=panels.NAME, analytics_enabled=False, fill_width=True) as blocks:
        with gr.Row(elem_id="top"):
            html(panels.brand(), elem_id="brand")
            index = html(panels.index_line(assistant.summary()), elem_id="index")
            html(panels.switch(), elem_id="switch")
        with gr.Tabs(selected=ASK, elem_id="tabs") as tabs:
            with gr.Tab("Ask", id=ASK, elem_id="ask", render_children=True):
                desk = Desk(chat, examples)
            with gr.Tab("Excerpts", id=EXCERPTS, elem_id="excerpts", render_children=True) as find:
                excerpts = ExcerptTab(assistant, shelf)
            with gr.Tab("Matrix", id=MATRIX, elem_id="matrix", render_children=True) as grid:
                matrix = MatrixTab(assistant, matrices, shelf)
            with gr.Tab("Evaluation", id=EVALUATION, elem_id="evaluation") as tab:
                bench = Bench(evaluation)
        desk.wire()
        place = [desk.turns, desk.talk]
        bench.wire()
        excerpts.wire()
        excerpts.wire_arrival(blocks.load, find.select)
        matrix.wire(excerpts.opened)
        matrix.wire_arrival(blocks.load, grid.select)
        tab.select(evaluation.refresh, bench.gold, bench.refreshed, **PRIVATE)
        bench.ask.click(
            lambda question: (gr.update(selected=ASK), question),
            bench.question,
            [tabs, desk.question],
            **PRIVATE,
        ).then(chat.ask_of_all, [desk.question, *place], desk.shown, **ASKING)
        blocks.load(chat.refresh, None, [index, desk.table, desk.files, desk.statuses], **PRIVATE)
        blocks.load(chat.talks.refresh, desk.talk, desk.shown, **PRIVATE)
        blocks.load(chat.arrive, place, desk.shown, **ASKING)
        blocks.unload(chat.stop)
        blocks.unload(shelf.forget)
    return blocks
