"""The machine and the libraries that figures were taken with, without naming the machine."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = (
    "chromadb",
    "gradio",
    "llama-index-core",
    "pypdf",
    "pypdfium2",
    "sentence-transformers",
    "torch",
    "transformers",
)


def describe() -> str:
    """One paragraph."""
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB of memory, no GPU used; "
        f"{platform.system()}, Python {platform.python_version()}; {libraries}."
    )


def load() -> float:
    """Processes that wanted a core in the last minute, on average."""
    return psutil.getloadavg()[0]


def _processor() -> str:
    """The processor's name where the system tells it, else its architecture."""
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return f"{value.strip()} ({platform.machine()})"
    return platform.processor() or platform.machine()
