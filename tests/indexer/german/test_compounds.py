"""Compounds are cut by the words of the corpus, and only by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import CompoundSplitter, GermanAnalyzer, fold, grams

ANALYZER = GermanAnalyzer()
CORPUS = (
    "quartier management stadtteil mütter jugend beruf agentur übergang schule wahl bildung landschaft "
    "kinder tagesstätte kind garten haus häuser arbeit teil stadt netzwerk treffen familien zentrum schaft"
)
SPLITTER = CompoundSplitter.learn([(word, ANALYZER.stem(word), 2) for word in CORPUS.split()], ANALYZER.stem)


def members(word: str) -> list[str]:
    return [word[member.start : member.end] for member in SPLITTER.members(word)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("quartiersmanagement", "quartiers management"),
        ("quartiersmanagements", "quartiers managements"),
        ("stadtteilmütter", "stadtteil stadt teil mütter"),
        ("jugendberufsagentur", "jugend berufs agentur"),
        ("übergangsmanagement", "übergangs management"),
        ("uebergangsmanagement", "uebergangs management"),
        ("schulberufe", "schul berufe"),
        ("bildungslandschaften", "bildungs landschaften"),
        ("kindertagesstätte", "kinder tagesstätte"),
        ("familienzentrum", "familien zentrum"),
        ("netzwerktreffen", "netzwerk treffen"),
    ],
)
def test_compounds_fall_into_their_members(word: str, expected: str) -> None:
    assert members(word) == expected.split()


@pytest.mark.parametrize(
    "word", ["quartier", "mitarbeit", "gesellschaft", "zeppelinhaus", "arbeiten", "kita-haus"]
)
def test_other_words_stay_whole(word: str) -> None:
    assert members(word) == []


def test_words_of_a_single_document_are_no_members() -> None:
    rare = CompoundSplitter.learn([("quartier", "quartier", 1), ("management", "management", 2)], ANALYZER.stem)
    assert rare.parts("quartiersmanagement") == ()


def test_inflections_have_the_same_parts() -> None:
    assert SPLITTER.parts("quartiersmanagement") == SPLITTER.parts("quartiersmanagements")
    assert SPLITTER.parts("übergangsmanagement") == SPLITTER.parts("uebergangsmanagement")


def test_what_was_learned_is_kept_as_text() -> None:
    again = CompoundSplitter.from_json(SPLITTER.to_json(), ANALYZER.stem)
    assert again.parts("stadtteilmütter") == SPLITTER.parts("stadtteilmütter")


@given(st.text(max_size=90))
def test_no_word_breaks_the_splitter(word: str) -> None:
    for start, end, term in SPLITTER.members(word):
        assert 0 <= start < end <= len(word)
        assert term
    assert len(grams(word)) >= 1


@pytest.mark.parametrize("spelling", ["übergänge", "uebergaenge", "ubergange"])
def test_grams_are_the_same_in_every_spelling(spelling: str) -> None:
    assert fold(spelling) == "ubergange"
    assert grams(spelling)[:2] == ("_uber", "uberg")
    assert grams("jba") == ("_jba_",)
