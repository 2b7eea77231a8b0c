"""Deletions find every word within the edit distance; a lexicon of arrays finds what a list finds."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.german import fold
from indexer.ranking.correction import Correction, corrected_text
from indexer.ranking.keys import term_key
from indexer.ranking.spelling import TWO_ERRORS_FROM, deletions, errors_of
from indexer.ranking.vocabulary import NewWord, build_vocabulary

# Without e: ae, oe and ue would be folded to one letter.
LETTERS = string.ascii_lowercase.replace("e", "")
words = st.text(alphabet=LETTERS, min_size=4, max_size=16)
LONG = "jugendberufsagentur"


def vocabulary(*texts: str):  # type: ignore[no-untyped-def]  # tests read better without the long type
    new = [NewWord(text, text, text, stop=False) for text in sorted(texts, key=term_key)]
    return build_vocabulary(new, [(text.term,) for text in new])


@st.composite
def misspelled(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with as many errors as it may have."""
    word = draw(words)
    typed = word
    for _ in range(draw(st.integers(1, errors_of(word)))):
        at = draw(st.integers(0, len(typed) - 1))
        letter = draw(st.sampled_from(LETTERS))
        kind = draw(st.sampled_from(["drop", "add", "change", "swap"]))
        if kind == "drop":
            typed = typed[:at] + typed[at + 1 :]
        elif kind == "add":
            typed = typed[:at] + letter + typed[at:]
        elif kind == "change":
            typed = typed[:at] + letter + typed[at + 1 :]
        else:
            typed = typed[:at] + typed[at + 1 : at + 2] + typed[at : at + 1] + typed[at + 2 :]
    return word, typed


@given(misspelled())
def test_every_word_within_the_distance_is_near(pair: tuple[str, str]) -> None:
    word, typed = pair
    allowed = errors_of(typed)
    if not typed or OSA.distance(word, typed) > allowed:
        return
    if OSA.distance(word, typed) == 2 and len(word) < TWO_ERRORS_FROM - 1:
        return
    found = vocabulary(word, "zebra")
    assert word in [found.words[number] for number in found.near(typed).tolist()]


@pytest.mark.parametrize(
    "typed",
    [
        "jugendberufsagetnur",
        "jugendbrufsagentur",
        "ugendberufsagentur",
        "jugendberufagenturr",
        "jgendberufsagntur",
    ],
)
def test_real_typing_errors_are_near(typed: str) -> None:
    found = vocabulary(LONG, "jugendamt", "berufsberatung")
    near = [found.words[number] for number in found.near(typed).tolist()]
    assert LONG in near
    assert "berufsberatung" not in near


def test_no_words_have_no_deletions() -> None:
    digests, numbers = deletions([], errors=2)
    assert len(digests) == len(numbers) == 0
    assert vocabulary().near("kita").tolist() == []


def test_words_are_found_by_folded_spelling_and_beginning() -> None:
    found = vocabulary("übergang", "uebergang", "übergänge", "schule")
    spelled = sorted(found.words[number] for number in found.spelled(fold("Übergang".lower())).tolist())
    assert spelled == ["uebergang", "übergang"]
    begun = [found.words[number] for number in found.beginning_with("uberg").tolist()]
    assert sorted(begun) == ["uebergang", "übergang", "übergänge"]
    assert found.number("schule") is not None
    assert found.number("schul") is None


def test_only_whole_words_of_a_query_are_replaced() -> None:
    changes = [Correction("schuhle", "Schule"), Correction("a", "b")]
    assert corrected_text("schuhle schuhleiter a.a (a)", changes) == "Schule schuhleiter b.b (b)"
