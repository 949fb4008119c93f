"""Answers made from a gold set: by a system that is right, by one as real ones are, and spoiled.

An answer stands for what ``answers.jsonl`` says of a question. ``read_anew`` follows every
change as it would in earnest: a quote that was altered, or moved to another page, is no longer
what is read there.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.eval.compare import RunScores
from assistant.eval.gold import Evidence, GoldQuestion, GoldSet, PageId, load_gold
from assistant.eval.record import AnswerRecord
from assistant.eval.scores import score_answers
from assistant.eval.summary import summarise

STARTER_GOLD = Path(__file__).resolve().parents[2] / "eval" / "gold.jsonl"

Answers = dict[str, AnswerRecord]
Spoil = Callable[[AnswerRecord, random.Random], AnswerRecord]

SURE, UNSURE = 0.9, 0.1
HITS = 15
ELSEWHERE = [(f"elsewhere_{number // 9}.pdf", number % 9 + 1) for number in range(40)]


def starter_gold() -> GoldSet:
    return load_gold(STARTER_GOLD)


def with_(answer: AnswerRecord, **changes: Any) -> AnswerRecord:
    """The answer with other fields, validated as one that is read."""
    return AnswerRecord.model_validate({**answer.model_dump(), **changes})


def hit(page: PageId) -> dict[str, Any]:
    return {"file": page[0], "pdf_page": page[1]}


def citation(n: int, evidence: Evidence) -> dict[str, Any]:
    return {
        "n": n,
        "file": evidence.file,
        "pdf_page": evidence.pdf_page,
        "printed_page": evidence.printed_page,
        "paragraph": evidence.paragraph,
        "quote": evidence.quote,
        "start": 100 * n,
        "end": 100 * n + len(evidence.quote),
    }


def first_of_groups(question: GoldQuestion) -> list[Evidence]:
    """The first evidence of each group."""
    found: dict[int, Evidence] = {}
    for evidence in question.evidence:
        found.setdefault(evidence.group, evidence)
    return list(found.values())


def answer_with(
    question: GoldQuestion, said: Sequence[Evidence], ranked: Iterable[PageId], confidence: float
) -> AnswerRecord:
    """An answer that quotes ``said`` one statement each; refused where that is nothing."""
    return AnswerRecord.model_validate(
        {
            "id": question.id,
            "question": question.question,
            "searched": question.question,
            "abstained": not said,
            "reason": None if said else "The documents do not say.",
            "confidence": confidence,
            "statements": [{"text": e.quote, "citations": [n]} for n, e in enumerate(said, 1)],
            "citations": [citation(n, evidence) for n, evidence in enumerate(said, 1)],
            "hits": [hit(page) for page in ranked],
            "seconds": {"retrieve": 0.01, "total": 0.02},
            "read_anew": [evidence.quote for evidence in said],
        }
    )


def ideal_answer(question: GoldQuestion) -> AnswerRecord:
    """All evidence quoted, its pages first; a refusal where there is none."""
    first = [evidence.page for evidence in first_of_groups(question)]
    ranked = dict.fromkeys([*first, *(e.page for e in question.evidence), *ELSEWHERE])
    confidence = SURE if question.answerable else UNSURE
    return answer_with(question, question.evidence, list(ranked)[:HITS], confidence)


def ideal(questions: Iterable[GoldQuestion]) -> Answers:
    return {question.id: ideal_answer(question) for question in questions}


def realistic(questions: Sequence[GoldQuestion], seed: int = 0) -> Answers:
    """About as good as a real system: some pages late or missing, some refusals wrong."""
    chance = random.Random(seed)
    evidence = [e for question in questions for e in question.evidence]
    return {question.id: _realistic(question, evidence, chance) for question in questions}


def _realistic(
    question: GoldQuestion, elsewhere: Sequence[Evidence], chance: random.Random
) -> AnswerRecord:
    others = [e for e in elsewhere if e.page not in question.pages]
    ranked = [e.page for e in chance.sample(others, HITS)]
    for page in question.pages:
        if chance.random() < 0.93:
            ranked.insert(min(int(chance.expovariate(0.8)), HITS), page)
    if question.answerable:
        refused = chance.random() < 0.15
        said = [e for e in question.evidence if chance.random() < 0.7]
        said += chance.sample(others, chance.randint(0, 2) or (not said))
        confidence = chance.betavariate(5, 3)
    else:
        refused = chance.random() < 0.5
        said = chance.sample(others, 2)
        confidence = chance.betavariate(3, 4)
    return answer_with(
        question, [] if refused else said, list(dict.fromkeys(ranked))[:HITS], confidence
    )


# --- Spoiling one answer ----------------------------------------------------------------


def hits_reversed(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    return with_(answer, hits=[h.model_dump() for h in reversed(answer.hits)])


def hits_shuffled(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    hits = [h.model_dump() for h in answer.hits]
    return with_(answer, hits=chance.sample(hits, len(hits)))


def pages_off(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    """Every citation one hundred pages on, where nothing can be read."""
    cited = [{**c.model_dump(), "pdf_page": c.pdf_page + 100} for c in answer.citations]
    return with_(answer, citations=cited, read_anew=[None] * len(cited))


def pages_off_unseen(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    """The same where the reading of the PDF would not tell."""
    return with_(pages_off(answer, chance), read_anew=answer.read_anew)


def letter_altered(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    """One letter of the first quote."""
    if not answer.citations:
        return answer
    first, *rest = [c.model_dump() for c in answer.citations]
    at = next(i for i, character in enumerate(first["quote"]) if character.isalpha())
    other = "x" if first["quote"][at] != "x" else "y"
    first["quote"] = first["quote"][:at] + other + first["quote"][at + 1 :]
    return with_(answer, citations=[first, *rest])


def citations_dropped(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    statements = [{"text": s.text} for s in answer.statements]
    return with_(answer, citations=(), read_anew=(), statements=statements)


def refused(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    return with_(
        answer,
        abstained=True,
        reason="The documents do not say.",
        statements=(),
        citations=(),
        read_anew=(),
    )


def answered(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    """Something is said, whatever was asked."""
    if not answer.abstained:
        return answer
    page = Evidence(
        file=answer.hits[0].file,
        pdf_page=answer.hits[0].pdf_page,
        printed_page=None,
        paragraph=None,
        quote="Something is said.",
        group=1,
    )
    return with_(
        answer,
        abstained=False,
        reason=None,
        statements=[{"text": page.quote, "citations": [1]}],
        citations=[citation(1, page)],
        read_anew=[page.quote],
    )


def refusal_flipped(answer: AnswerRecord, chance: random.Random) -> AnswerRecord:
    return (answered if answer.abstained else refused)(answer, chance)


# --- Spoiling many ----------------------------------------------------------------------


def all_spoiled(answers: Mapping[str, AnswerRecord], spoil: Spoil, seed: int = 0) -> Answers:
    chance = random.Random(seed)
    return {id_: spoil(answer, chance) for id_, answer in answers.items()}


def chosen_ids(answers: Mapping[str, AnswerRecord], share: float, seed: int) -> list[str]:
    return random.Random(seed).sample(sorted(answers), round(share * len(answers)))


def some_spoiled(
    answers: Mapping[str, AnswerRecord], spoil: Spoil, share: float, seed: int
) -> Answers:
    chance = random.Random(seed)
    spoiled = {id_: spoil(answers[id_], chance) for id_ in chosen_ids(answers, share, seed)}
    return {**answers, **spoiled}


def some_exchanged(answers: Mapping[str, AnswerRecord], share: float, seed: int) -> Answers:
    """A random share of the questions get the answer of another question."""
    chance = random.Random(seed)
    found = dict(answers)
    for id_ in chosen_ids(answers, share, seed):
        other = chance.choice(sorted(answers.keys() - {id_}))
        found[id_] = with_(answers[other], id=id_)
    return found


# --- As runs ----------------------------------------------------------------------------


def run_of(
    questions: Sequence[GoldQuestion], answers: Mapping[str, AnswerRecord], name: str = "run"
) -> RunScores:
    """The answers scored, as a run is read for comparing."""
    rows = tuple(score_answers(questions, answers))
    about = {"gold": {"file": "gold.jsonl", "sha256": "same"}}
    # The groups and intervals of a summary are of no use to a comparison, and slow.
    failed = {id_: answer.error for id_, answer in answers.items() if answer.error}
    return RunScores(name, Path(name), {**about, "failed": failed}, rows)


def values_of(
    questions: Sequence[GoldQuestion], answers: Mapping[str, AnswerRecord]
) -> dict[str, float | None]:
    """The value of every measure over a gold set."""
    rows = score_answers(questions, answers)
    measures = summarise({}, questions, answers, rows)["measures"]
    return {name: measure["value"] for name, measure in measures.items()}


def write_answers(path: Path, answers: Iterable[AnswerRecord]) -> Path:
    lines = (json.dumps(answer.model_dump(), ensure_ascii=False) + "\n" for answer in answers)
    path.write_text("".join(lines), encoding="utf-8")
    return path
