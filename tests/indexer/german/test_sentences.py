"""Sentence boundaries in German, untrained and trained."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk import redos
from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

from indexer.german import SentenceSplitter, nltk_tools
from indexer.german.sentences import MIN_TRAINING_CHARS


def sentences(splitter: SentenceSplitter, text: str) -> list[str]:
    return [text[start:end] for start, end in splitter.spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Die Stadt lud ein, z. B. Eltern. Viele kamen.",
            ["Die Stadt lud ein, z. B. Eltern.", "Viele kamen."],
        ),
        ("Dr. Öz sprach bzw. Frau Weiß. Danke!", ["Dr. Öz sprach bzw. Frau Weiß.", "Danke!"]),
        ("Am 29. November ja. Im 19. Jahrhundert nicht.", ["Am 29. November ja.", "Im 19. Jahrhundert nicht."]),
        ("Nach Art. 6 gilt das. Art. 20 auch.", ["Nach Art. 6 gilt das.", "Art. 20 auch."]),
        ("Projekte dieser Art. Die Stadt hilft.", ["Projekte dieser Art.", "Die Stadt hilft."]),
        ("In Kl. 5, z. B. in (Jg. 8), ja. Nein.", ["In Kl. 5, z. B. in (Jg. 8), ja.", "Nein."]),
        ("Dr. h.c. Öz kam. Dr. h. c. mult. Weiß auch.", ["Dr. h.c. Öz kam.", "Dr. h. c. mult. Weiß auch."]),
        ("# Titel\n- Punkt eins\nGeht das? Ja.", ["# Titel", "- Punkt eins", "Geht das?", "Ja."]),
        ("Das endet am 3.", ["Das endet am 3."]),
        ("\n \n", []),
    ],
)  # fmt: skip
def test_shipped_abbreviations_and_ordinals_end_no_sentence(text: str, expected: list[str]) -> None:
    assert sentences(SentenceSplitter(), text) == expected


WORDS = ["Garten", "Quartier", "Schule", "Beruf", "Stadt", "Verein", "Fest", "Bericht", "Wahl", "Übergang"]
WORDS += ["hilft", "kommt", "plant", "lernt", "findet", "bleibt", "wächst", "gemeinsam", "heute", "immer"]


def corpus() -> list[str]:
    """Enough text in which „quabt“ is an abbreviation and each other word ends some sentence."""
    choice = random.Random(7)
    texts = []
    for _ in range(1_200):
        sentences = []
        for _ in range(3):
            words = choice.choices(WORDS, k=7)
            sentences.append(" ".join([words[0].capitalize(), *words[1:3], "siehe quabt.", *words[3:]]) + ".")
        texts.append(" ".join(sentences))
    return texts


def test_training_learns_the_abbreviations_of_the_corpus() -> None:
    texts = corpus()
    assert sum(map(len, texts)) > MIN_TRAINING_CHARS
    trained = SentenceSplitter.train(texts)
    assert "quabt" in trained.learned.abbreviations
    assert "garten" not in trained.learned.abbreviations
    text = "Die Schule siehe quabt. Garten im Bericht. Alle helfen."
    assert len(sentences(SentenceSplitter(), text)) == 3
    assert len(sentences(trained, text)) == 2


def test_a_small_corpus_teaches_nothing() -> None:
    assert SentenceSplitter.train(corpus()[:20]).learned == SentenceSplitter().learned


def test_what_was_learned_survives_the_index_generation() -> None:
    trained = SentenceSplitter.train(corpus())
    again = SentenceSplitter.from_json(trained.to_json())
    assert again.learned == trained.learned


@pytest.mark.parametrize("data", ["", "[]", "{}", json.dumps({"abbreviations": 1})])
def test_other_data_is_refused(data: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        SentenceSplitter.from_json(data)


PIECES = [
    "Die Kita liegt am Markt.",
    "Sie öffnet am 3. Mai um 7.30 Uhr.",
    "Was gilt nach Abs. 2 Nr. 3 und z. B. in Ulm?",
    "Ja!",
    "Prof. Dr. Weiß sprach.",
    "Am Ende (vgl. S. 4) gab es Kuchen",
    "„Kommt alle!“ sagte sie.",
    "Im 19. Jahrhundert.",
    "kita.de hilft ... immer.",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join))
def test_where_no_mark_is_in_doubt_punkt_cuts_alike(line: str) -> None:
    splitter = SentenceSplitter()
    plain = splitter._plain_spans(line)
    assert plain is None or plain == list(splitter._asked_spans(line))


def test_plain_lines_need_no_punkt() -> None:
    splitter = SentenceSplitter()
    assert splitter._plain_spans("Am 3. Mai um 7.30 Uhr. Sie kam!  Und ging?") == [(0, 22), (23, 31), (33, 42)]
    assert splitter._plain_spans("Prof. Weiß kam.") is None


@pytest.mark.parametrize(
    "text",
    [
        "**Alle sind eingeladen.**",
        "Viele fragen: „Wo ist Raum H?“.",
        "„Kommt alle!“, rief sie.",
        "Siehe dort (Nr.);",
    ],
)
def test_signs_after_a_mark_are_no_sentence(text: str) -> None:
    assert sentences(SentenceSplitter(), text) == [text]


@given(st.lists(st.sampled_from(PIECES), min_size=3, max_size=12).map(" ".join))
def test_a_long_line_is_cut_in_pieces_as_in_one(line: str) -> None:
    whole = list(SentenceSplitter()._asked_spans(line))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nltk_tools, "PIECE_CHARS", 120)
        assert list(SentenceSplitter()._asked_spans(line)) == whole


@pytest.mark.parametrize("unit", [". ", ".", "!? ", "a.b", "(", "-", "„“ .", "x ", " "])
def test_punkt_is_never_given_more_than_a_piece(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it takes for one is bounded; ``TimeoutError`` would be for more."""
    given_chars: list[int] = []
    tokenize = PunktSentenceTokenizer.span_tokenize
    train = PunktTrainer.train

    def noted(self: PunktSentenceTokenizer, text: str) -> object:
        given_chars.append(len(text))
        return tokenize(self, text)

    def noted_training(self: PunktTrainer, text: str, **options: object) -> object:
        given_chars.extend(map(len, text.split("\n")))
        return train(self, text, **options)

    monkeypatch.setattr(PunktSentenceTokenizer, "span_tokenize", noted)
    monkeypatch.setattr(PunktTrainer, "train", noted_training)
    text = unit * (20_000 // len(unit))
    spans = list(SentenceSplitter()._asked_spans(text))
    nltk_tools.train_punkt([text])
    assert given_chars
    assert max(given_chars) <= nltk_tools.PIECE_CHARS
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


def test_nothing_is_timed() -> None:
    """A limit in seconds would refuse on a slow machine what a fast one reads."""
    assert redos.DEFAULT_TIMEOUT is None
