from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from assistant.eval.evaluated import Evaluated
from assistant.eval.record import AnswerRecord
from assistant.eval.report import page_address, report_page
from tests.eval.report.pages import Element, all_elements, parsed
from tests.eval.report.samples import HOSTILE, A, answer, evaluated, every_outcome, gold


@pytest.fixture
def run(tmp_path: Path) -> Evaluated:
    return every_outcome(tmp_path)


def question(page: Element, id_: str) -> Element:
    (found,) = page.find("article", id=id_)
    return found


def loaded(page: str) -> list[str]:
    """What a browser would fetch, or might."""
    elements = all_elements(parsed(page))
    found = [
        value
        for element in elements
        for name, value in element.attributes.items()
        if name in ("src", "srcset", "poster", "data", "action", "xlink:href")
        or (name == "href" and element.tag != "a" and not value.startswith("#"))
    ]
    return found + re.findall(r"url\((?!#)[^)]*\)|@import", page)


def test_nothing_is_loaded(run: Evaluated) -> None:
    page = report_page(run, page_address(run.folder / "corpus", run.folder / "report.html"))
    assert not loaded(page)
    assert not re.search(r"https?://", page)
    tags = {element.tag for element in all_elements(parsed(page))}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base"}


def test_only_its_own_script_and_style_count(run: Evaluated) -> None:
    page = report_page(run)
    root = parsed(page)
    (policy,) = [
        element.attributes["content"]
        for element in root.find("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    elements = all_elements(root)
    assert not [one for one in elements if "style" in one.attributes]
    assert not [name for one in elements for name in one.attributes if name.startswith("on")]


def test_data_is_never_markup(tmp_path: Path) -> None:
    questions = [
        gold(
            "bad", (f"a/{HOSTILE}.pdf", 1, 1), question=HOSTILE, answer=HOSTILE, history=(HOSTILE,)
        ),
        gold("broken", (A, 1, 1), nuggets=[HOSTILE]),
    ]
    spoilt = {
        "searched": HOSTILE,
        "reason": HOSTILE,
        "notes": [HOSTILE],
        "statements": [{"text": HOSTILE, "citations": [1]}],
    }
    cited = answer("bad", (f"a/{HOSTILE}.pdf", 2)).model_dump()["citations"][0]
    cited |= {
        "quote": HOSTILE,
        "designation": HOSTILE,
        "paragraph": HOSTILE,
        "printed_page": HOSTILE,
    }
    answers = [
        answer("bad", (A, 1), **spoilt, citations=[cited]),
        AnswerRecord(id="broken", error=HOSTILE),
    ]
    run = evaluated(tmp_path, questions, answers)
    run.summary["gold"]["file"] = HOSTILE
    run.summary["fingerprint"]["prompts"] = {HOSTILE: HOSTILE}
    page = report_page(run, page_address(tmp_path / "corpus", tmp_path / "r.html"), ask="/ask")
    root = parsed(page)
    assert len(root.find("script")) == 1 and not root.find("img")
    assert page.count("alert(1)") == page.count("alert(1)&lt;/script&gt;") > 10
    assert "49" not in question(root, "bad").words
    assert (
        HOSTILE.split("\u2028")[0].split()
        == question(root, "bad").find("span", cls="asked")[0].words.split("{{")[0].split()
    )
