"""``corpus/manifest.toml``: what it may say, and how a mistake in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.manifest import MANIFEST, read_manifest
from assistant.errors import UsageError
from tests.conftest import ROOT


def write(folder: Path, text: str) -> Path:
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def test_an_entry(tmp_path: Path) -> None:
    entries = read_manifest(
        write(
            tmp_path,
            '[[document]]\nfile = "a/b.pdf"\ndesignation = "JP 3-0"\nedition = 2022-06-18\n'
            'status = "current"\nsupersedes = ["JP 3-0, 17 January 2017"]\n',
        )
    )
    entry = entries["a/b.pdf"]
    assert (entry.designation, entry.edition) == ("JP 3-0", date(2022, 6, 18))
    assert entry.supersedes == ["JP 3-0, 17 January 2017"]
    assert entry.title is None


def test_there_need_be_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[document]]\n", "file"),
        ('[[document]]\nfile = "a.pdf"\nedtion = 2020-01-01\n', "edtion"),
        ('[[document]]\nfile = "a.pdf"\nedition = "last year"\n', "edition"),
        ('[[document]]\nfile = "a.pdf"\nstatus = "old"\n', "status"),
        ('[[document]]\nfile = "a.pdf"\nurl = "javascript:alert(1)"\n', "url"),
        ('[[documents]]\nfile = "a.pdf"\n', "documents"),
        ('[[document]\nfile = "a.pdf"\n', "not valid TOML"),
        ('[[document]]\nfile = "a.pdf"\n[[document]]\nfile = "a.pdf"\n', "a.pdf twice"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_manifest(write(tmp_path, text))
    assert said in str(caught.value)
    assert str(tmp_path / MANIFEST) in str(caught.value)


def test_the_starter_corpus_is_described() -> None:
    folder = ROOT / "corpus"
    files = {path.name for path in folder.glob("*.pdf")}
    assert set(read_manifest(folder)) == files
