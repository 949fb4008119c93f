"""What the commands of ``assistant eval`` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from assistant.cli.output import say
from assistant.eval.check import GoldCheck, hashes_file
from assistant.eval.compare import Comparison, Difference, Flip
from assistant.eval.conversations import FollowUpFigures
from assistant.eval.support_gold import SupportFigures

_FLIPS: Final = 8  # questions named per measure and direction
_WAYS: Final = {
    "alone": "the follow-up alone",
    "worded": "worded to stand alone",
    "full": "as a person words it",
}
_MARKS: Final = {"regression": "REGRESSION", "better": "better", "worse": "worse", "same": ""}


def check_json(checked: GoldCheck) -> dict[str, Any]:
    """The outcome of a check."""
    return {
        "questions": checked.questions,
        "problems": [
            {"line": p.line, "id": p.id or None, "problem": p.problem} for p in checked.problems
        ],
        "files": dict(checked.hashes),
        "recorded": checked.recorded,
    }


def print_check(path: Path, checked: GoldCheck) -> None:
    """A line per problem, then the sum."""
    for problem in checked.problems:
        say(f"{path}, {problem}")
    if checked.problems:
        say(f"{len(checked.problems)} problems in {checked.questions} questions.")
        return
    files = f"{len(checked.hashes)} documents"
    say(f"{checked.questions} questions, nothing wrong; they cite {files}.")
    if not checked.recorded:
        say(f"The documents' hashes are not recorded in {hashes_file(path).name}; --record does.")


def print_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Every measure with its interval and n."""
    say(f"{'':26} {'value':>7}  {'95 % interval':^16}  {'n':>4} {'null':>5}")
    for name, found in summary["measures"].items():
        interval = _interval((found["low"], found["high"]))
        value, n, null = _number(found["value"]), found["n"], found["null"]
        say(f"{name:26} {value:>7}  {interval:^16}  {n:4} {null:5}")
    if must := summary.get("must"):
        say(f"{must['met']} of {must['of']} get what they must")
        for id_, lacking in must["lacking"].items():
            say(f"not     {id_}: {'; '.join(lacking)}")
    if written := summary.get("written"):
        say(_written(written))
    for id_, error in summary["failed"].items():
        say(f"failed  {id_}: {error}")
    say(
        f"{summary['asked']} of {summary['questions']} questions asked, "
        f"{summary['answerable']} of them answerable. {folder}"
    )


def _written(written: Mapping[str, Any]) -> str:
    """What became of a language model's replies."""
    replaced = sum(written["replaced"].values())
    return (
        f"{', '.join(written['models'])}: {written['replies']} replies, {written['answered']} "
        f"shown, {written['declined']} without an answer, {replaced} replaced by the extractive "
        "answer"
    )


def comparison_json(compared: Comparison) -> dict[str, Any]:
    """A comparison with every measure and every flip."""
    return {
        "a": str(compared.a.folder),
        "b": str(compared.b.folder),
        "questions": compared.questions,
        "regressed": compared.regressed,
        "lost": list(compared.lost),
        "warnings": list(compared.warnings),
        "measures": {d.measure.name: _difference_json(d) for d in compared.differences},
    }


def _difference_json(found: Difference) -> dict[str, Any]:
    low, high = found.interval or (None, None)
    return {
        "a": found.before,
        "b": found.after,
        "difference": found.difference,
        "low": low,
        "high": high,
        "p": found.p,
        "p_holm": found.corrected,
        "n": found.n,
        "unpaired": found.unpaired,
        "margin": found.measure.margin,
        "verdict": found.verdict,
        "why": found.why or None,
        "better": [_flip_json(flip) for flip in found.better],
        "worse": [_flip_json(flip) for flip in found.worse],
    }


def _flip_json(flip: Flip) -> dict[str, Any]:
    return {"id": flip.id, "a": flip.before, "b": flip.after}


def print_comparison(compared: Comparison) -> None:
    """Every measure in both runs, then the questions that flipped, then the verdict."""
    say(f"A  {compared.a.folder}\nB  {compared.b.folder}\n{compared.questions} questions in both")
    for warning in compared.warnings:
        say(f"note: {warning}")
    heads = f"{'B - A':>8}  {'95 % interval':^18} {'p':>6} {'Holm':>6} {'n':>4}"
    say(f"{'':26} {'A':>7} {'B':>7} {heads}")
    for found in compared.differences:
        say(_row(found))
    for found in compared.differences:
        if found.measure.form == "yes-no" and (found.better or found.worse):
            say(f"{found.measure.name}: {_flips(found)}")
    if compared.lost:
        say(f"lost: {_ids(compared.lost)} of A have no answer in B")
    named = [d.measure.name for d in compared.regressions]
    if compared.regressed:
        say(f"REGRESSION: {', '.join([*named, *(['lost questions'] if compared.lost else [])])}")
    else:
        say("No regression.")


def _row(found: Difference) -> str:
    change = "-" if found.difference is None else f"{found.difference:+.3f}"
    verdict = " ".join(filter(None, (_MARKS[found.verdict], found.why)))
    return (
        f"{found.measure.name:26} {_number(found.before):>7} {_number(found.after):>7} "
        f"{change:>8}  {_interval(found.interval):^18} {_number(found.p):>6} "
        f"{_number(found.corrected):>6} {found.n:4}  {verdict}"
    ).rstrip()


def _flips(found: Difference) -> str:
    sides = (("better", found.better), ("worse", found.worse))
    parts = [f"{len(f)} {side} ({_ids([x.id for x in f])})" for side, f in sides if f]
    return ", ".join(parts)


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _FLIPS} more" if len(ids) > _FLIPS else ""
    return ", ".join(ids[:_FLIPS]) + more


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.3f}"


def _interval(bounds: Sequence[float | None] | None) -> str:
    if bounds is None or bounds[0] is None:
        return "-"
    return f"{_number(bounds[0])} to {_number(bounds[1])}"


def print_support(found: SupportFigures) -> None:
    """Precision and recall at telling unsupported statements, and recall by sort of error."""
    say(f"{found.pairs} pairs; telling statements that are not supported:")
    rows = {"precision": found.precision, "recall": found.recall}
    rows |= {f"recall of {error}": share for error, share in found.by_error.items()}
    for name, share in rows.items():
        bounds = None if share.low is None else (share.low, share.high)
        say(f"  {name:20} {_number(share.value):>6}  {_interval(bounds):^16} of {share.of}")
    say(f"judged wrongly: {_ids(found.wrong)}" if found.wrong else "none judged wrongly")


def print_follow_ups(found: FollowUpFigures) -> None:
    """How often a right page is found in the three ways, and which wordings fail."""
    say(f"{found.conversations} conversations; a right page among the first five:")
    for name in ("alone", "worded", "full"):
        say(f"  {_WAYS[name]:32} {_number(getattr(found, name))}")
    say(f"  of the gap between first and last, recovered: {_number(found.recovered)}")
    for row in found.rows:
        if row.full and not row.worded:
            say(f"  not found: {row.id} ({row.sort}): {row.searched}")
