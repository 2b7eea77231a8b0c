"""Other languages are told from German, above all those that look like it; German stays German."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate import DocumentAnnotator
from indexer.annotate.data.files import read_data
from indexer.annotate.text.foreign import foreign_language
from indexer.annotate.text.language import german
from tests.indexer.annotate.conftest import document

HERE = Path(__file__).parent
# Of single sentences, each of which says little; what is not told is left undecided.
TOLD = 0.8
AKIN = {"hsb": "dsb", "dsb": "hsb"}
FOREIGN = ("hsb", "dsb", "nds", "lb", "nl", "da", "yi")
PROSE = (
    "Das Bildungsbüro hat die Schulen im Kreis besucht und mit den Lehrkräften über die Übergänge gesprochen.",
    "Am Ende dankte die Bürgermeisterin allen, die seit zwei Jahren beim Aufbau der Lesepaten geholfen haben.",
    "Wer mitmachen möchte, kann sich bei der Stadt melden; die Teilnahme ist für Familien kostenlos.",
    "Die Kinder sangen, und danach gab es für alle Gäste Kuchen aus der neuen Küche des Hauses.",
)
each_language = pytest.mark.parametrize("language", FOREIGN)


@cache
def rows(name: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (HERE / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, sentence = line.split("\t")
            found.setdefault(language, []).append(sentence)
    return found


def sentences() -> Mapping[str, list[str]]:
    return rows("languages.tsv")


FURTHER = [(language, text) for language, texts in rows("further_languages.tsv").items() for text in texts]


def told(text: str) -> str | None:
    return foreign_language(german().tokens(text).words)


def test_there_are_enough_sentences_of_each() -> None:
    assert set(sentences()) == {*FOREIGN, "de"}
    assert min(map(len, sentences().values())) >= 15


@each_language
def test_single_sentences_are_told_or_left_undecided(language: str) -> None:
    counts = Counter(told(sentence) for sentence in sentences()[language])
    assert counts[language] >= TOLD * counts.total()
    assert set(counts) <= {language, None, AKIN.get(language)}


@each_language
@given(data=st.data())
def test_five_sentences_are_always_told(language: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sentences()[language]), min_size=5, max_size=5, unique=True))
    assert told(" ".join(chosen)) == language


@pytest.mark.parametrize(("language", "text"), FURTHER)
def test_three_sentences_of_further_languages_are_told(language: str, text: str) -> None:
    assert told(text) == language


def test_every_language_of_the_lists_has_its_sentences() -> None:
    assert set(read_data("languages.toml")["words"]) == {*sentences(), *(language for language, _ in FURTHER)}


@pytest.mark.parametrize("sentence", sentences()["de"])
def test_german_that_quotes_them_stays_german(sentence: str) -> None:
    assert told(sentence) is None


@each_language
@given(data=st.data())
def test_a_third_of_another_language_leaves_a_text_german(language: str, data: st.DataObject) -> None:
    foreign = data.draw(st.lists(st.sampled_from(sentences()[language]), min_size=1, max_size=5, unique=True))
    twice = 2 * len(foreign)
    own = data.draw(st.lists(st.sampled_from(PROSE), min_size=twice, max_size=twice))
    assert told(" ".join([*own, *foreign])) is None


@each_language
def test_nothing_is_concluded_from_them(annotator: DocumentAnnotator, language: str) -> None:
    """Though they hold what German rules look for: places, names of topics, a date."""
    text = " ".join([*sentences()[language], "Quartiersmanagement Dortmund, Inklusion, Fachtag, 3. Mai 2019."])
    found = annotator.annotate(document(text))
    assert (found.topics, found.places, found.event, found.doc_type) == ((), (), None, None)
    assert found.flags == (f"sprache-{language}",)


@given(st.lists(st.sampled_from(["a", "u", "z", "w", "i", "o", "s", "e", "K", "r"]), max_size=60))
def test_letters_alone_are_no_language(letters: list[str]) -> None:
    assert foreign_language(letters) is None


ENGLISH = "The city supports newcomers and their families with advice on schools. We are here for you. " * 3


def test_a_text_in_another_language_is_marked(annotator: DocumentAnnotator) -> None:
    found = annotator.annotate(document(ENGLISH + "Quartiersmanagement Dortmund"))
    assert found.flags == ("sprache-en",)
    assert (found.topics, found.places) == ((), ())
    assert annotator.annotate(replace(document(ENGLISH), language="en")).flags == ()


def test_german_with_foreign_names_stays_german() -> None:
    text = (
        "Das Projekt The Power of the Arts and the City wird von der Stadt mit Geld für die Kinder gefördert. "
        * 3
    )
    assert foreign_language(text.split()) is None
