"""The built wheel works without the checkout: init, index, ask in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "What does the report recommend?"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # The build backend comes from the environment: the build fetches nothing.
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_starter_workspace(contents: set[str]) -> None:
    starter = "assistant/_starter/"
    files = [*(ROOT / "corpus").rglob("*.pdf"), *(ROOT / "prompts").rglob("*.*")]
    files += (ROOT / "eval").glob("gold.jsonl")
    expected = {path.relative_to(ROOT).as_posix() for path in files}
    assert any(name.endswith(".pdf") for name in expected)
    expected |= {"assistant.toml", "corpus/manifest.toml", "corpus/README.md"}
    assert {starter + name for name in expected} <= contents


def test_the_wheel_holds_every_module_and_nothing_else(contents: set[str]) -> None:
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "assistant").rglob("*.py")}
    assert modules <= contents
    tops = {name.partition("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"assistant"}


def needed_to_run() -> Iterator[metadata.Distribution]:
    """What the project needs without its extras, as installed in this environment."""
    todo = [Requirement("doctrine-assistant")]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        wanted = todo.pop()
        key = (wanted.name.lower(), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        distribution = metadata.distribution(wanted.name)
        if distribution.metadata["Name"] != "doctrine-assistant":
            yield distribution
        for line in distribution.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            extras = wanted.extras | {""}
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(requirement)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; returns its folder of commands.

    What the wheel needs is linked from this environment instead of downloaded again, and
    nothing but what it needs: an import of a development tool, or of a package that is not
    declared, fails here as it would for a user.
    """
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    for distribution in needed_to_run():
        for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            source = Path(str(distribution.locate_file(top)))
            link = site / top
            if source.exists() and not link.exists():
                link.symlink_to(source, target_is_directory=source.is_dir())
    install = [sys.executable, "-m", "pip", "--isolated", "--python", str(python), "install"]
    subprocess.run([*install, "--no-index", "--quiet", str(wheel)], check=True)
    return commands


@pytest.mark.slow
def test_init_index_and_ask_work_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    # A stranger's environment: no paths into this checkout, no settings of the tests but
    # the guard against the network.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSF"))}
    environment |= {"HOME": str(tmp_path / "home"), "VIRTUAL_ENV": str(installed.parent)}
    (tmp_path / "home").mkdir()
    workspace = tmp_path / "a new workspace"

    def run(*arguments: str, cwd: Path) -> str:
        done = subprocess.run(
            [installed / "assistant", *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"assistant {arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    run("init", str(workspace), cwd=tmp_path)
    assert list((workspace / "corpus").rglob("*.pdf"))
    run("index", cwd=workspace)
    answer = run("ask", QUESTION, cwd=workspace)
    assert "land-force cell" in answer
    assert "[10] RR-A641-1 Digest" in answer
    answer = json.loads(run("ask", QUESTION, "--json", cwd=workspace))
    assert not answer["abstained"]
    assert answer["statements"]
    assert answer["citations"]
    assert all(statement["citations"] for statement in answer["statements"])
