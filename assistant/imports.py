"""Importing big libraries quickly."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def big_import(name: str) -> Iterator[None]:
    """Import in here the package ``name``, which consists of thousands of modules.

    While modules are made the garbage collector runs again and again and finds nothing; that,
    and going through all of them at the end of the process, takes a third of the time of a
    first answer. What was imported is left out of collections from then on. Nothing is done
    where the package is there already.
    """
    if name in sys.modules:
        yield
        return
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
