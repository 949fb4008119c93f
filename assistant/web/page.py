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
from assistant.web.parts import ASKING, PRIVATE, html

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.eval.job import EvaluationJob

ASK, EVALUATION = "ask", "evaluation"


def build_page(assistant: Assistant, job: EvaluationJob, examples: Sequence[str] = ()) -> Blocks:
    """The page of one server; ``job`` is shared by all its visitors."""
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
            with gr.Tab("Evaluation", id=EVALUATION, elem_id="evaluation") as tab:
                bench = Bench(evaluation)
        desk.wire()
        place = [desk.turns, desk.talk]
        bench.wire()
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
    return blocks
