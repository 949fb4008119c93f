"""How an evaluation under way and former runs are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from assistant.eval.job import JobState
from assistant.eval.shelf import BASELINE, ShelvedRun
from assistant.web.labels import count, day
from assistant.web.markup import Markup, element, join

# The measures that tell runs apart at a glance; the report has all of them.
MAIN: Final[dict[str, str]] = {
    "evidence_recall@10": "Evidence found",
    "citation_precision": "Citations right",
    "citation_recall": "Evidence cited",
    "quote_verbatim": "Quotes verbatim",
    "false_answer_rate": "Wrongly answered",
    "over_refusal_rate": "Wrongly refused",
}
SETTINGS: Final[dict[str, str]] = {
    "answer.threshold": "threshold",
    "answer.max_statements": "statements",
    "retrieve.passages": "passages",
}
NONE: Final = "\u2013"


def sentence(text: str) -> str:
    """What went wrong."""
    return str(element("p", text, class_="error", role="alert"))


def progress(state: JobState) -> str:
    """How far the last evaluation of this server is, or how it ended."""
    if state.phase == "idle":
        return ""
    if state.phase == "failed":
        return sentence(state.error or "")
    number = f"{state.done:,} of {count(state.total, 'question')}"
    time = f"{state.seconds:,.0f} s"
    report = None
    if state.phase == "finished":
        text = f"Finished {state.gold}: {number} in {time}."
        report = _link(report_address(state.run or ""), "Open the report")
    elif state.phase == "stopped":
        text = (
            f"Stopped {state.gold} after {number}. What was answered is kept; "
            "the same evaluation, run again, goes on from there."
        )
    else:
        doing = "Stopping" if state.phase == "stopping" else "Asking"
        doing = "Preparing" if not state.done and doing == "Asking" else doing
        text = f"{doing} {state.gold}: {number}, {time}"
    bar = element("progress", max=max(state.total, 1), value=state.done, aria_label="Questions")
    return str(
        element(
            "div",
            bar if state.active else None,
            element("p", text, " " if report else None, report),
            class_=f"job {state.phase}",
            role=None if state.active else "status",
            data_phase=state.phase,
        )
    )


def run_table(runs: Sequence[ShelvedRun]) -> str:
    """A row for every run: when, of what, under which settings, and the main measures."""
    if not runs:
        return str(element("p", "No run yet.", class_="none"))
    names = ("Run", "Gold set", "Asked", *MAIN.values())
    head = element("tr", *(element("th", name, scope="col") for name in names))
    return str(
        element(
            "div",
            element("table", element("thead", head), element("tbody", *map(_row, runs))),
            class_="runs",
            tabindex="0",
            role="region",
            aria_label="Former runs",
        )
    )


def run_choice(run: ShelvedRun) -> str:
    """A run as a line to choose."""
    state = "" if run.finished else ", unfinished"
    return f"{_when(run)} \u00b7 {run.gold} \u00b7 {count(run.answered, 'answer')}{state}"


def report_address(name: str) -> str:
    """Where the report of a run is served."""
    return f"evaluation/runs/{quote(name, safe='')}/report"


def comparison_link(a: ShelvedRun, b: ShelvedRun) -> str:
    """The way to the comparison of two runs."""
    if a.name == b.name:
        return sentence("Choose two different runs.")
    address = f"evaluation/compare?{urlencode({'a': a.name, 'b': b.name})}"
    return str(
        element(
            "p",
            _link(address, "Open the comparison", id_="open-comparison"),
            f": what changed from {_when(a)} to {_when(b)}.",
        )
    )


def _row(run: ShelvedRun) -> Markup:
    asked = f"{run.answered:,}" if run.finished else f"{run.answered:,} of {run.questions:,}"
    name: Markup | str = _when(run)
    if run.finished and run.has_answers:
        name = _link(report_address(run.name), name, f"Report of the run of {name}")
    return element(
        "tr",
        element("th", name, *_made_with(run), scope="row"),
        element("td", run.gold),
        element("td", asked, class_="number"),
        *(element("td", _value(run, measure), class_="number") for measure in MAIN),
        data_run=run.name,
    )


def _made_with(run: ShelvedRun) -> Iterator[Markup]:
    """What is to be known of a run before its measures are looked at."""
    if not run.finished:
        yield element("span", "unfinished", class_="made")
    known = [(label, run.settings.get(name)) for name, label in SETTINGS.items()]
    made = ", ".join(f"{label} {value}" for label, value in known if value is not None)
    if run.system or made:
        yield element("span", run.system or made, class_="made")


def _value(run: ShelvedRun, measure: str) -> str:
    value = run.measures.get(measure)
    return NONE if value is None else f"{value:.3f}"


def _when(run: ShelvedRun) -> str:
    """When the run was begun, which is what its visitors know it by."""
    try:
        begun = datetime.fromisoformat(run.begun)
    except ValueError:
        return run.name
    date = f"{day(begun)} {begun:%H:%M:%S}"
    return f"Baseline of {date}" if run.name == BASELINE else date


def _link(address: str, text: str, label: str | None = None, id_: str | None = None) -> Markup:
    """A link that opens a tab of its own."""
    return join(
        element(
            "a",
            text,
            href=address,
            target="_blank",
            rel="noopener",
            aria_label=label,
            id=id_,
        )
    )
