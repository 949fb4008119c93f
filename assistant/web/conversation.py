"""The conversation: each question with its answer, its refusal or its error."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.render import answer_text
from assistant.conversation.turns import Turn
from assistant.types import Answer, Progress
from assistant.web.labels import count
from assistant.web.markup import Markup, element
from assistant.web.statements import draft, written

SHOWN = 2000  # characters of a question that are shown
REFUSED = 200  # and of one that was refused: a pasted file must not hide the reason

RETRY = "Ask this question again"
AGAIN = "Answer this question anew"
EDIT = "Edit this question and ask it in place of this one"
SEARCH = "Edit what is searched for"


def conversation(turns: Sequence[Turn], waiting: bool = False, opened: str = "") -> str:
    """All turns in order; ``data-done`` and ``data-key`` tell the page's script what is new.

    ``waiting``: one more turn stands below, as ``under_way`` shows it. ``opened`` is of one
    opening of a kept conversation, whose answers are none that just arrived.
    """
    done = [turn for turn in turns if not turn.pending]
    latest = turns[-1] if turns and not waiting else None
    return str(
        element(
            "div",
            *(_turn(turn, last=turn is latest) for turn in turns),
            class_="turns",
            data_count=len(turns) + waiting,
            data_done=done[-1].number if done else 0,
            data_key=done[-1].key if done else None,
            data_opened=opened or None,
        )
    )


def under_way(turn: Turn) -> str:
    """What stands fast of the turn that is being answered, below those that are."""
    return str(_turn(turn))


def unchecked(turn: Turn) -> str:
    """What is being written below that, and may yet change."""
    written = draft(turn.progress.draft) if turn.progress else None
    return str(written or "")


def _turn(turn: Turn, last: bool = False) -> Markup:
    question = turn.question.strip()
    return element(
        "article",
        element("h2", _shortened(question, REFUSED if turn.error else SHOWN), class_="question")
        if question
        else None,
        element("p", f"Searched only: {turn.scope}", class_="scope") if turn.scope else None,
        _searched(turn, last),
        *_body(turn, last),
        class_="turn pending" if turn.pending else "turn",
        id=f"turn-{turn.number}",
        data_turn=turn.number,
        aria_busy="true" if turn.pending else None,
    )


def _body(turn: Turn, last: bool) -> list[Markup]:
    if turn.error is not None:
        foot = element("div", _press("Retry", "retry", RETRY), _edit(), class_="foot")
        return [element("p", turn.error, class_="error"), *([foot] if last else [])]
    if turn.answer is None:
        return _progress(turn.number, turn.progress or Progress())
    if turn.answer.abstained:
        return [_abstention(turn.number, turn.answer, last)]
    return [_answer(turn.number, turn.answer, last)]


def _shortened(question: str, most: int) -> str:
    if len(question) <= most:
        return question
    return f"{question[:most]}\u2026 ({len(question):,} characters)"


def _searched(turn: Turn, last: bool) -> Markup | None:
    """The question that was searched for, where it is not the one that was asked."""
    found = turn.answer or turn.progress
    if found is None or not found.standalone:
        return None
    change = _press("Edit", "input", SEARCH) if last else None
    text = f"Searched for: {found.standalone}"
    return element("p", element("span", text), change, class_="searched")


def _progress(turn: int, progress: Progress) -> list[Markup]:
    statements = written(turn, progress.statements, progress.citations)
    begun = statements or progress.draft.strip()
    waiting = "Writing the answer\u2026" if begun else "Searching the documents\u2026"
    return [element("div", *statements, class_="answer"), element("p", waiting, class_="searching")]


def _answer(turn: int, answer: Answer, last: bool) -> Markup:
    return element(
        "div",
        _fallback(answer),
        *written(turn, answer.statements, answer.citations),
        *_notes(answer),
        _foot(turn, answer, last),
        class_="answer",
    )


def _abstention(turn: int, answer: Answer, last: bool) -> Markup:
    reason = answer.reason or "No passage supports an answer well enough."
    nearest = "The nearest passages are listed as evidence; none of them is offered as an answer."
    return element(
        "div",
        _fallback(answer),
        element("p", "No answer", class_="verdict"),
        element("p", reason, class_="reason"),
        element("p", nearest, class_="note") if answer.hits else None,
        *_notes(answer),
        _foot(turn, answer, last),
        class_="answer abstained",
    )


def _fallback(answer: Answer) -> Markup | None:
    return element("p", answer.fallback, class_="note fallback") if answer.fallback else None


def _notes(answer: Answer) -> list[Markup]:
    return [element("p", note, class_="note warning") for note in answer.notes]


def _foot(turn: int, answer: Answer, last: bool) -> Markup:
    label = "Copy" if answer.abstained else "Copy with citations"
    return element(
        "div",
        element("button", label, type="button", class_="quiet", data_copy=answer_text(answer)),
        element("button", "Show evidence", type="button", class_="quiet", data_evidence=turn),
        *([_press("Regenerate", "retry", AGAIN), _edit()] if last else []),
        element("span", " \u00b7 ".join(_facts(answer)), class_="facts"),
        class_="foot",
    )


def _facts(answer: Answer) -> list[str]:
    facts: list[str] = []
    if not answer.abstained:
        facts += [count(len(answer.citations), "citation"), f"{answer.mode} answer"]
    if answer.model:
        facts.append(answer.model)
    if unsupported := len(answer.statements) - len(answer.supported):
        facts.append(count(unsupported, "unsupported statement"))
    seconds = answer.seconds.get("total")
    if seconds is not None:
        facts.append(f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s")
    return facts


def _edit() -> Markup:
    return _press("Edit", "edit", EDIT)


def _press(text: str, event: str, label: str) -> Markup:
    """A button that raises ``event`` on the part of the page in which it stands."""
    return element(
        "button",
        text,
        type="button",
        class_="quiet",
        data_event=event,
        aria_label=label,
        title=label,
    )
