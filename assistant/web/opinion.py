"""The row under the latest answer: a thumb up or down, and saving it as a draft question."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final, Literal

import gradio as gr

from assistant.conversation.turns import Turn
from assistant.errors import AssistantError
from assistant.eval.drafts import MOST_NOTE, save_draft
from assistant.eval.feedback import MOST_COMMENT, REASONS, Opinion, save_feedback
from assistant.web.markup import element
from assistant.web.parts import PRIVATE, html

log = logging.getLogger(__name__)

Mode = Literal["good", "bad", "draft"]

TITLES: Final[dict[Mode, str]] = {
    "good": "What was good about this answer? (optional)",
    "bad": "What is wrong with this answer? (optional)",
    "draft": "A note for the evaluator who reviews the draft (optional)",
}
FAILED: Final = "Something went wrong and nothing was saved; the server's log says what."
NO_ANSWER: Final = "There is no answer to judge yet."


class OpinionRow:
    """The row and the form that it opens, made inside the block that is open."""

    def __init__(self, evaluation: Path, turns: gr.State) -> None:
        self._evaluation = evaluation
        self._turns = turns
        self._mode = gr.State("good")
        with gr.Row(elem_id="opinion", visible=False) as self.row:
            self._good = gr.Button("Helpful", size="sm", scale=0, elem_id="good")
            self._bad = gr.Button("Not helpful", size="sm", scale=0, elem_id="bad")
            self._draft = gr.Button(
                "Save as draft question", size="sm", scale=0, elem_id="save-draft"
            )
            self.note = html("", elem_id="opinion-note")
        with gr.Column(elem_id="opinion-form", visible=False) as self.form:
            self._reasons = gr.CheckboxGroup(
                [(label, name) for name, label in REASONS.items()],
                label="Reasons",
                elem_id="reasons",
            )
            self._comment = gr.Textbox(
                label=TITLES["good"],
                lines=2,
                max_lines=6,
                max_length=max(MOST_COMMENT, MOST_NOTE),
                elem_id="comment",
            )
            with gr.Row(elem_id="opinion-end"):
                self._send = gr.Button(
                    "Send", variant="primary", size="sm", scale=0, elem_id="send-opinion"
                )
                self._cancel = gr.Button("Cancel", size="sm", scale=0, elem_id="cancel-opinion")

    def wire(self) -> None:
        """Connect the buttons."""
        opened = [self._mode, self.form, self._reasons, self._comment, self.note]
        buttons: dict[Mode, gr.Button] = {
            "good": self._good,
            "bad": self._bad,
            "draft": self._draft,
        }
        for mode, button in buttons.items():
            button.click(_opener(mode), None, opened, **PRIVATE)
        self._send.click(
            self.send,
            [self._mode, self._reasons, self._comment, self._turns],
            [self.form, self.note],
            trigger_mode="once",
            **PRIVATE,
        )
        self._cancel.click(lambda: gr.update(visible=False), None, self.form, **PRIVATE)

    def send(
        self, mode: Mode, reasons: list[str] | None, comment: str | None, turns: tuple[Turn, ...]
    ) -> tuple[Any, str]:
        """Save what the form holds for the latest answer, and say so in one sentence."""
        try:
            said = self._saved(mode, tuple(reasons or ()), comment or "", turns)
        except AssistantError as error:
            return gr.skip(), _said(str(error), bad=True)
        except Exception:
            log.exception("an opinion was not saved")
            return gr.skip(), _said(FAILED, bad=True)
        return gr.update(visible=False), _said(said)

    def _saved(
        self, mode: Mode, reasons: tuple[str, ...], comment: str, turns: tuple[Turn, ...]
    ) -> str:
        turn = turns[-1] if turns else None
        if turn is None or turn.answer is None:
            return NO_ANSWER
        if mode == "draft":
            fresh = save_draft(self._evaluation, turn.answer, comment)
            return "Saved as a draft question." if fresh else "This draft is saved already."
        opinion = Opinion(mode, reasons if mode == "bad" else (), comment)
        fresh = save_feedback(self._evaluation, turn.key, turn.answer, turn.filters, opinion)
        return "Thank you, noted." if fresh else "Your opinion on this answer is noted already."


def _opener(mode: Mode) -> Any:
    """Opens the form for one of the buttons."""

    def opened() -> tuple[Any, ...]:
        return (
            mode,
            gr.update(visible=True),
            gr.update(visible=mode == "bad", value=[]),
            gr.update(label=TITLES[mode], value=""),
            "",
        )

    return opened


def _said(sentence: str, bad: bool = False) -> str:
    role = "alert" if bad else "status"
    return str(element("p", sentence, class_="error" if bad else "said", role=role))
