"""What all tests share: no network, the folders of documents, the browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.netguard.sitecustomize import LOG_VARIABLE, install

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assistant.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
NETGUARD = ROOT / "tests" / "netguard"

# --- No network -------------------------------------------------------------------------
# Set before any library is imported, and inherited by every process that a test starts.

_LOG = Path(tempfile.mkstemp(prefix="assistant-network-")[1])

os.environ.update(
    {
        LOG_VARIABLE: str(_LOG),
        "PYTHONPATH": os.pathsep.join(
            part for part in (str(NETGUARD), os.environ.get("PYTHONPATH", "")) if part
        ),
        "ANONYMIZED_TELEMETRY": "False",
        "DO_NOT_TRACK": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_OFFLINE": "1",
    }
)
install()


def _attempts() -> list[str]:
    return _LOG.read_text(encoding="utf-8").splitlines() if _LOG.exists() else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where anything reached for another machine, even if it swallowed the no."""
    if _attempts() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what reached for another machine."""
    if attempts := _attempts():
        terminalreporter.section("refused connections beyond this machine", red=True)
        for attempt in sorted(set(attempts)):
            terminalreporter.line(f"{attempts.count(attempt)} times: {attempt}")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _LOG.unlink(missing_ok=True)


# --- What a machine may lack ------------------------------------------------------------


def _lacking(what: str, requirement: str) -> NoReturn:
    """Skip, or fail where the run was told that it must be there."""
    if os.environ.get(requirement) == "1":
        pytest.fail(f"{what}, and {requirement}=1 demands it", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds real documents and gold questions."""
    return Path(os.environ.get("ASSISTANT_SHARED") or ROOT.parent / "shared").resolve()


@pytest.fixture(scope="session")
def shared_corpus(shared: Path) -> Path:
    """Real documents: folders of PDFs, read-only."""
    folder = shared / "corpus"
    if not folder.is_dir():
        _lacking("there is no folder shared/corpus beside the checkout", "ASSISTANT_REQUIRE_SHARED")
    return folder


@pytest.fixture(scope="session")
def shared_gold(shared: Path) -> Path:
    """Gold questions over some of the real documents, read-only."""
    folder = shared / "gold"
    if not folder.is_dir():
        _lacking("there is no folder shared/gold beside the checkout", "ASSISTANT_REQUIRE_SHARED")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome to drive; ASSISTANT_CHROMIUM names another."""
    for name in (
        os.environ.get("ASSISTANT_CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome",
    ):
        if name and (path := shutil.which(name)):
            return path
    _lacking("no Chromium was found (on Debian: apt install chromium)", "ASSISTANT_REQUIRE_BROWSER")


@pytest.fixture(scope="session")
def curl() -> str:
    """The path of curl."""
    if path := shutil.which("curl"):
        return path
    _lacking("no curl was found (on Debian: apt install curl)", "ASSISTANT_REQUIRE_CURL")


@pytest.fixture(scope="session")
def office() -> str:
    """The path of LibreOffice."""
    if path := shutil.which("soffice"):
        return path
    _lacking(
        "no LibreOffice was found (on Debian: apt install libreoffice-writer-nogui)",
        "ASSISTANT_REQUIRE_OFFICE",
    )


# A fresh profile, no sandbox (tests may run as root), and none of the requests that the
# browser itself makes at its start.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless browser; take ``browser.new_page()`` in a test and close it there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The folder of the small language model that the tests talk to."""
    from tests import smallmodel

    if reason := smallmodel.lacking():
        _lacking(reason, "ASSISTANT_REQUIRE_LLM")
    return smallmodel.model_folder()


# --- Workspaces -------------------------------------------------------------------------
# Fixtures that build a workspace go below this line.


@pytest.fixture(scope="session")
def starter_workspace(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Workspace:
    """The starter workspace with its index, made once; copy it where a test changes it.

    Its vectors are kept from run to run: they are found by the text they belong to, so that
    a change of the code or of the documents embeds only what differs.
    """
    from assistant.index.builder import build_index
    from assistant.index.generations import CACHE
    from assistant.workspace import create_workspace

    workspace = create_workspace(tmp_path_factory.mktemp("starter") / "workspace")
    kept = request.config.cache.mkdir("assistant") / CACHE
    workspace.index.mkdir()
    if kept.is_file():
        shutil.copyfile(kept, workspace.index / CACHE)
    build_index(workspace)
    shutil.copyfile(workspace.index / CACHE, kept)
    return workspace


@pytest.fixture(scope="session")
def dev_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    shared_corpus: Path,
    shared_gold: Path,
) -> Workspace:
    """The documents of the development gold, indexed; vectors are kept from run to run."""
    from assistant.index.builder import build_index
    from assistant.index.generations import CACHE
    from assistant.workspace import create_workspace

    workspace = create_workspace(tmp_path_factory.mktemp("dev") / "workspace", empty=True)
    for name in (shared_gold / "dev.corpus.txt").read_text(encoding="utf-8").split():
        (workspace.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shared_corpus / name, workspace.corpus / name)
    kept = request.config.cache.mkdir("assistant") / f"dev-{CACHE}"
    workspace.index.mkdir()
    if kept.is_file():
        shutil.copyfile(kept, workspace.index / CACHE)
    build_index(workspace)
    shutil.copyfile(workspace.index / CACHE, kept)
    return workspace
