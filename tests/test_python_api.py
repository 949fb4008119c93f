"""``from assistant import …``: what a program and a notebook see, and that it stays light."""

from __future__ import annotations

import ast
import doctest
import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import assistant as package
from assistant import (
    Answer,
    Assistant,
    AssistantError,
    Citation,
    Document,
    Excerpt,
    Found,
    Hit,
    Statement,
    Workspace,
)
from assistant.types import Part, Passage, Span

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "python.md"
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.REPORT_NDIFF
HOSTILE = "<script>alert(1)</script> **bold** [a](http://x) & `code`"


# --- Names ------------------------------------------------------------------------------


def test_every_name_is_there_and_has_its_type_for_a_checker() -> None:
    assert package.__all__ == sorted(package.__all__)
    assert all(getattr(package, name).__name__ == name for name in package.__all__)
    assert set(package.__all__) <= set(dir(package))
    (block,) = (
        node
        for node in ast.parse(Path(package.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    )
    typed = [alias.name for line in block.body for alias in line.names]
    assert sorted(typed) == package.__all__


def test_a_name_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Asistant'"):
        package.Asistant  # noqa: B018


@pytest.mark.parametrize(
    ("name", "heavy"),
    [("Filters", {"torch", "chromadb", "gradio", "fastapi"}), ("Assistant", {"gradio", "fastapi"})],
)
def test_a_name_loads_what_it_needs_and_no_more(name: str, heavy: set[str]) -> None:
    code = f"import json, sys; from assistant import {name}; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout))
    assert not {module.partition(".")[0] for module in loaded} & heavy
    assert "assistant.offline" in loaded


# --- Opening ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)


@pytest.mark.parametrize("how", ["text", "path", "workspace", "nothing"])
def test_a_workspace_is_opened_however_it_is_given(
    starter_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    root = starter_workspace.root
    if how == "nothing":
        monkeypatch.chdir(root / "corpus")
        found = Assistant.open()
    else:
        given: dict[str, Any] = {"text": str(root), "path": root, "workspace": starter_workspace}
        found = Assistant.open(given[how])
    assert found.workspace.root == root and found.documents()


def test_a_folder_that_is_no_workspace_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="is not a workspace"):
        Assistant.open(tmp_path)


def test_the_examples_of_the_guide_are_true(
    starter_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plans").symlink_to(starter_workspace.root, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert all(block.startswith(">>> ") for block in blocks) and len(blocks) > 5
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "python.md", None, None)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=told.append)
    assert test.examples and not told, "".join(told)


# --- How values look --------------------------------------------------------------------


def document(title: str = "A Title", **facts: Any) -> Document:
    return Document("id", "a.pdf", "0" * 64, title, title, page_count=3, **facts)


def citation(quote: str, title: str) -> Citation:
    return Citation(1, document(title, status="superseded"), "1-2", None, 2, quote, 0, 9)


def hit(text: str, title: str) -> Hit:
    part = Part("text", (Span(2, 0, 9),))
    passage = Passage("p", "id", (), None, "paragraph", (part,), text)
    return Hit(passage, document(title), "1-1", 0.5, 1)


def answer(text: str, title: str = "A Title", **facts: Any) -> Answer:
    values: dict[str, Any] = {
        "question": text,
        "searched": text,
        "statements": (
            Statement(text, (1,)),
            Statement("unsupported words", (), 0.1, False, text),
        ),
        "citations": (citation(text, title),),
        "hits": (hit(text, title),),
        "abstained": False,
        "reason": None,
        "confidence": 0.5,
        "mode": "extractive",
        "index": "f",
        "seconds": {},
        "notes": (text,),
        "standalone": text,
        **facts,
    }
    return Answer(**values)


def refusal(text: str) -> Answer:
    return answer(text, abstained=True, reason=text, statements=(), citations=())


def excerpt(text: str, title: str) -> Excerpt:
    spans = (Span(2, 0, 9),)
    also = Excerpt("id:2.9-12", document(title), (), None, None, 2, spans, text)
    return Excerpt(
        "id:2.0-9", document(title), (text,), "1-2", "4", 2, spans, text, repeats=(also,)
    )


def all_kinds(text: str, title: str) -> list[Any]:
    found = Found((excerpt(text, title),), 7, 0, "words", "f")
    return [
        answer(text, title),
        refusal(text),
        citation(text, title),
        hit(text, title),
        excerpt(text, title),
        found,
    ]


class Elements(HTMLParser):
    """The elements and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


OURS = {"div", "p", "b", "ul", "li", "blockquote"}


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_text_becomes_markup_or_breaks_a_line(text: str, title: str) -> None:
    for value in all_kinds(text, title):
        assert Elements(value._repr_html_()).names <= OURS
        assert "\n" not in repr(value) and len(repr(value)) < 400 + len(title)
        assert isinstance(str(value), str)


def test_hostile_text_is_shown_as_it_is() -> None:
    for value in all_kinds(HOSTILE, HOSTILE):
        shown = Elements(value._repr_html_())
        assert shown.names <= OURS and HOSTILE in "".join(shown.said)
        rendered = MarkdownIt("commonmark").render(value._repr_markdown_())
        read = Elements(rendered)
        assert read.names <= {"p", "strong", "ul", "li", "blockquote"}, rendered
        assert HOSTILE in "".join(read.said)


def test_an_answer_shows_statements_marks_citations_and_quotes() -> None:
    shown = "".join(Elements(answer("Said so.")._repr_html_()).said)
    assert "Said so. [1]" in shown and "[1] A Title, para 1-2, PDF p. 2 [superseded]" in shown
    assert "unsupported words" not in shown
    value = answer("Lead:\n\u2022 first\n\u2022 second")
    html, plain = value._repr_html_(), value._repr_markdown_()
    assert "<li>first</li><li>second [1]</li>" in html and "- first\n- second \\[1\\]\n" in plain


def test_a_refusal_shows_that_nothing_is_said() -> None:
    value = replace(refusal("Who?"), reason="The documents do not say.")
    for shown in (value._repr_html_(), value._repr_markdown_(), str(value)):
        assert "The documents do not say." in shown
    assert "No answer" in value._repr_html_() and repr(value).startswith(
        "<Answer 'Who?': no answer"
    )


def test_looks_change_nothing_about_the_values() -> None:
    for first, second in zip(all_kinds("a", "b"), all_kinds("a", "b"), strict=True):
        assert first == second and replace(first) == first
        assert {field.name for field in fields(first)} == set(type(first).__slots__)
    assert answer("a") != answer("b")


def test_real_values_show_their_places(opened: Assistant) -> None:
    found = opened.ask("How many levels of warfare are there?")
    assert f"[1] {found.citations[0]}" in str(found)
    assert "para 1-5, p. 1-1" in found._repr_html_()
    assert len(repr(found)) < 120 and len(repr(found.hits[0])) < 120
    assert all(document.file in repr(document) for document in opened.documents())
