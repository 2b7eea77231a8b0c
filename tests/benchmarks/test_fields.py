"""The tokens that all engines get."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fields import FieldAnalysis, learn_splitter

TEXTS = [
    "Quartier und Management treffen sich; das Quartier hat ein Management.",
    "Stadtteil und Mütter: Mütter im Stadtteil. Ausbildung, Ausbildung, Platz, Platz.",
    "Übergang Schule Beruf, Übergang Beruf Schule.",
]


@pytest.fixture(scope="module")
def analysis() -> FieldAnalysis:
    return FieldAnalysis(learn_splitter(TEXTS * 2))


def test_compounds_are_split_by_known_words(analysis: FieldAnalysis) -> None:
    assert analysis.splitter.parts("quartiersmanagement") == ("quarti", "management")
    assert analysis.splitter.parts("quartiersbüro") == ()


def test_a_document_gives_stems_in_their_order_parts_and_grams(analysis: FieldAnalysis) -> None:
    fields = analysis.analysed_fields("Das Quartiersmanagement der Schul- und Berufswahl")
    assert fields.row == ["das", "quartiersmanagement", "der", "schul", "und", "berufswahl"]
    assert fields.body == [*fields.row, "schulwahl"]
    assert fields.parts == ["quarti", "management", "schul", "berufswahl", "schulwahl"]
    assert {"_quar", "ment_", "_beru"} <= set(fields.grams)
    assert "_das_" not in fields.grams


def test_a_question_keeps_stop_words_for_phrases_only(analysis: FieldAnalysis) -> None:
    fields = analysis.query_fields("Management im Quartier")
    assert fields.body == ["management", "quarti"]
    assert fields.row == ["management", "im", "quarti"]
    # A word of the question may be part of a word in a document.
    assert fields.parts == ["management", "quarti"]


def test_a_question_of_stop_words_alone_still_asks_something(analysis: FieldAnalysis) -> None:
    assert analysis.query_fields("wie und wo").body


def test_the_vocabulary_lies_beside_the_index(analysis: FieldAnalysis, tmp_path: Path) -> None:
    analysis.save(tmp_path / "vocabulary.json")
    loaded = FieldAnalysis.load(tmp_path / "vocabulary.json")
    text = "Stadtteilmütter im Ausbildungsmanagement"
    assert loaded.analysed_fields(text) == analysis.analysed_fields(text)
