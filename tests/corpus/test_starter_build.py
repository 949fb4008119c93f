"""The starter corpus' PDFs are what their Markdown builds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "corpus" / "sources" / "build.py"


def test_the_pdfs_are_up_to_date_with_their_sources() -> None:
    done = subprocess.run(
        [sys.executable, str(BUILD), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
