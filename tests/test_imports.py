from __future__ import annotations

import gc
import sys

from assistant.imports import big_import


def test_the_collector_rests_during_an_import_and_goes_on_after_it() -> None:
    frozen = gc.get_freeze_count()
    with big_import("no_such_package"):
        assert not gc.isenabled()
    assert gc.isenabled() and gc.get_freeze_count() > frozen
    gc.unfreeze()


def test_nothing_is_frozen_for_a_package_that_is_there_already() -> None:
    """Else what every later call leaves behind would never be collected."""
    assert "sys" in sys.modules
    frozen = gc.get_freeze_count()
    with big_import("sys"):
        assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_a_failed_import_leaves_the_collector_as_it_was() -> None:
    gc.disable()
    try:
        with big_import("no_such_package"):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
