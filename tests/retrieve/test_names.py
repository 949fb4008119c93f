"""That passing over documents quickly never passes over one that a question names."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.retrieve import names
from assistant.retrieve.names import named_documents
from assistant.types import Document

designations = st.one_of(
    st.builds(
        "{} {}{}".format,
        st.sampled_from([*names._SERIES, "RR-A641", "Ops", "TC", "ß"]),
        st.from_regex(r"[1-9]-0?[1-9](\.[1-9])?", fullmatch=True),
        st.sampled_from(["", " Digest", " no. 7", "-A"]),
    ),
    st.text("ab1- .İſ", min_size=1, max_size=9),
)
fillers = st.sampled_from(["", " ", "-", "  on ", "What does ", "Field Manual ", "DoD Directive "])


@st.composite
def spelled(draw: st.DrawFn, designation: str) -> str:
    """The designation as someone may type it: other case, blanks and hyphens."""
    text = designation
    for old, new in (("-", ""), (" ", ""), (" ", "-"), (" ", "  "), ("FM", "Field Manual")):
        if draw(st.booleans()):
            text = text.replace(old, new, 1)
    return draw(st.sampled_from([text, text.lower(), text.upper()]))


@settings(deadline=None)
@given(st.lists(designations, min_size=1, max_size=4), st.data())
def test_the_quick_look_hides_no_document(several: list[str], data: st.DataObject) -> None:
    documents = [Document(f"{n}", f"{n}.pdf", "", name, "Title") for n, name in enumerate(several)]
    question = "".join(
        data.draw(fillers) + data.draw(spelled(data.draw(st.sampled_from(several))))
        for _ in range(2)
    )
    quick = named_documents(question, documents)
    with patch.object(names, "_always_there", lambda _: ""):
        assert named_documents(question, documents) == quick
