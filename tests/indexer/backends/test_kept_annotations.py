"""Annotations come back from an index as they were, whatever they quote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.backends.kept_annotations import from_json, to_json
from kb.model import (
    Annotations,
    CardField,
    DocTypeTag,
    Event,
    EventTag,
    Evidence,
    PartialDate,
    PlaceTag,
    TopicTag,
)

TEXT = "Im Quartier „Süd“ wird am 3. Mai gefeiert.\n\nAlle kommen. 🙂"

words = st.text(max_size=8)
in_text = st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12)).map(
    lambda place: Evidence(
        place[0], min(len(TEXT), sum(place)), TEXT[place[0] : min(len(TEXT), sum(place))], "Wendung"
    )
)
evidence = st.lists(in_text | st.builds(Evidence, st.integers(0, 9), st.integers(0, 9), words, words)).map(
    tuple
)
dates = st.sampled_from(
    [PartialDate(2018), PartialDate(2018, 2), PartialDate(2019, 3, 1), PartialDate(None, 6, 26)]
)
conclusions = st.builds(
    Annotations,
    st.builds(DocTypeTag, words, evidence),
    st.lists(st.builds(TopicTag, words, st.floats(0, 9), evidence), max_size=2).map(tuple),
    st.lists(
        st.builds(
            PlaceTag,
            words,
            st.none() | words,
            st.none() | words,
            evidence,
            st.none() | words,
            st.lists(words, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    st.none() | st.builds(EventTag, st.builds(Event, dates, st.none() | dates, st.booleans()), evidence),
    st.lists(st.builds(CardField, words, evidence), max_size=2).map(tuple),
    st.lists(words, max_size=2).map(tuple),
)


@given(conclusions)
def test_annotations_come_back_as_they_were(one: Annotations) -> None:
    assert from_json(to_json(one, TEXT), TEXT) == one


def test_words_of_the_text_are_not_kept_twice() -> None:
    quoted = Annotations(DocTypeTag("a", (Evidence(3, 11, "Quartier", "q"),)))
    assert "Quartier" not in to_json(quoted, TEXT)


@pytest.mark.parametrize("kept", ["", "[]", "[1,2,3,4,5,6]", '{"a": 1}'])
def test_something_else_is_refused(kept: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_json(kept, TEXT)
