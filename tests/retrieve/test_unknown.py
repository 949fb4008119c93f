from __future__ import annotations

from assistant.index.reader import open_index
from assistant.retrieve.unknown import unknown_names
from assistant.workspace import Workspace


def test_a_name_that_no_document_holds(starter_workspace: Workspace) -> None:
    index = open_index(starter_workspace)
    try:
        found = {
            "How many submarines does the navy of Atlantis operate?": ("Atlantis",),
            "What does Australia's army think of Ruritania's?": ("Ruritania",),
            "Which exercises are held with Australia?": (),
            "Atlantis, does it have a navy?": (),  # the first word has a capital anyway
            "is it true of ATLANTIS": (),  # an acronym may be written otherwise
            "What Does The Army Of Atlantis Do?": (),  # a title
            "": (),
        }
        for question, names in found.items():
            assert unknown_names(question, index) == names, question
    finally:
        index.close()
