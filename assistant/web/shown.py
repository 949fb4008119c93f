"""What an event changes on the page; what it does not name stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import gradio as gr

from assistant.conversation.turns import Turn
from assistant.web.cards import evidence, evidence_so_far
from assistant.web.conversation import conversation, unchecked, under_way

# A visitor's turns as the page of one session holds them.
Turns = tuple[Turn, ...]

SAME = gr.skip()


class Shown(NamedTuple):
    """The parts of the page in the order in which ``Desk.shown`` names them."""

    turns: Any = SAME
    said: Any = SAME
    cards: Any = SAME
    now: Any = SAME
    draft: Any = SAME
    now_cards: Any = SAME
    question: Any = SAME
    welcome: Any = SAME
    shelf: Any = SAME
    opinion: Any = SAME
    opinion_form: Any = SAME
    opinion_note: Any = SAME
    talk: Any = SAME
    editing: Any = SAME
    edited: Any = SAME
    search: Any = SAME
    searched: Any = SAME
    send: Any = SAME
    stop: Any = SAME
    talks: Any = SAME
    notice: Any = SAME


def visible(on: bool) -> Any:
    """Show or hide a part."""
    return gr.update(visible=on)


def asked(turns: Turns) -> Shown:
    """The last turn has just been asked: it stands below the others and waits."""
    return Shown(
        turns=turns,
        said=conversation(turns[:-1], waiting=True),
        cards=evidence(turns[:-1]),
        now=under_way(turns[-1]),
        draft="",
        now_cards="",
        welcome=visible(False),
        shelf=gr.update(open=False),
        **_resting(turns, waiting=True),
    )


def come_on(turns: Turns, former: Turn) -> Shown:
    """More of the last turn was written; ``former`` is how far it had come."""
    turn = turns[-1]
    now, cards = under_way(turn), evidence_so_far(turn)
    return Shown(
        turns=turns,
        now=SAME if now == under_way(former) else now,
        draft=unchecked(turn),
        now_cards=SAME if cards == evidence_so_far(former) else cards,
    )


def finished(turns: Turns, **more: Any) -> Shown:
    """The last turn has its answer or its error."""
    return Shown(
        turns=turns,
        said=conversation(turns),
        cards=evidence(turns),
        now="",
        draft="",
        now_cards="",
        **_resting(turns),
        **more,
    )


def reopened(turns: Turns, opened: str, **more: Any) -> Shown:
    """Another conversation takes the place of what was there, or none does."""
    return Shown(
        turns=turns,
        said=conversation(turns, opened=opened),
        cards=evidence(turns),
        now="",
        draft="",
        now_cards="",
        question=gr.update(value=""),
        welcome=visible(not turns),
        shelf=gr.update(open=not turns),
        notice="",
        **_resting(turns),
        **more,
    )


def _resting(turns: Sequence[Turn], waiting: bool = False) -> dict[str, Any]:
    """The buttons and forms as they are while nothing is typed into them."""
    judged = bool(turns) and turns[-1].answer is not None
    return {
        "opinion": visible(judged),
        "opinion_form": visible(False),
        "opinion_note": "",
        "editing": None,
        "edited": visible(False),
        "search": visible(False),
        "send": visible(not waiting),
        "stop": visible(waiting),
    }
