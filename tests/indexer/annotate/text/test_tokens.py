"""Tokens: they lie in the text where they say, and a run is cut as spaCy cuts it, whatever stands around it."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.annotate.text.language import German, german
from indexer.annotate.text.tokens import Tokens

PIECES = [
    "Schule", "Bau-Amt,", "(Kita)", "„Haus“", "3.", "12.5.", "z.B.", "Nr.", "über'm", "Schüler:innen", "x",
    ":-)", "[Text](http://a.de/b)", "ÄÖ-", "BaföG.", "1990,", "🙂", "e\u0301",
    " ", "  ", "\n", "\n\n", "\t", "\u00a0", " \n ",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)
plain_words = st.text("abäöüßABÄÖÜ", min_size=3, max_size=6) | st.text("0123456789", min_size=1, max_size=4)
plain_runs = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "(", "„"]),
    st.lists(plain_words, min_size=1, max_size=3).map("-".join),
    st.sampled_from(["", ")", "“", "-"]),
    st.sampled_from(["", ",", ".", ";", ":", "!", "?"]),
)


@given(texts)
def test_tokens_are_the_text_but_for_single_blanks(text: str) -> None:
    tokens = german().tokens(text)
    end = 0
    for index, (word, start) in enumerate(zip(tokens.words, tokens.starts, strict=True)):
        assert text[end:start] in ("", " ")
        assert text[start : start + len(word)] == word == tokens.between(index, index + 1)
        end = tokens.end(index)
        assert tokens.is_before_blank(index) is (text[end : end + 1] == " " and not word.isspace())
    assert text[end:] in ("", " ")
    assert tokens.between(0, len(tokens) + 3) == text[: tokens.end(len(tokens) - 1)] if tokens.words else True


@given(before=texts, run=st.sampled_from([piece for piece in PIECES if not piece.isspace()]), after=texts)
def test_a_run_is_cut_the_same_whatever_stands_around_it(before: str, run: str, after: str) -> None:
    alone = list(german().tokens(run).words)
    tokens = german().tokens(f"{before} {run} {after}")
    start = len(before) + 1
    found = [
        word
        for word, offset in zip(tokens.words, tokens.starts, strict=True)
        if start <= offset < start + len(run)
    ]
    assert found == alone


@given(plain_runs)
def test_what_spacy_is_not_asked_of_is_cut_as_it_would(run: str) -> None:
    language = german()
    words = language._plain(run)
    if words is not None:
        ((asked, expected, norms),) = language._asked([run])
        assert (asked, words, norms) == (run, expected, ())


def test_most_words_are_not_asked_of_spacy() -> None:
    plain = ["Schule", "Schule,", "(Kita)", "Bau-Amt.", "„Haus“", "1990", "Berufs-"]
    assert all(german()._plain(run) for run in plain)
    assert not any(german()._plain(run) for run in ("Nr.", "3.", "über", "BaföG.", "z.B.", ":-)", "Kita.de"))


def test_what_an_exception_of_spacy_stands_for() -> None:
    tokens = german().tokens("Siehe Nr. 5\n\nund Nr. 6")
    assert tokens.norms == {1: "Nummer", 5: "Nummer"}
    assert [tokens.words[index] for index in tokens.norms] == ["Nr.", "Nr."]


def test_runs_are_forgotten_before_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.annotate.text.language._KNOWN_RUNS", 50)
    language = German()
    for number in range(40):
        words = [f"Wort{number}", f"(Wort{number})", f"Nr.{number}", "Nr."]
        assert "".join(language.tokens(" ".join(words)).words) == "".join(words)
        assert len(language._known.words) <= 50


@example("Haus am See", 4, 1)
@given(texts, st.integers(0, 30), st.integers(1, 10))
def test_what_covers_characters_is_what_spacy_says(text: str, start: int, length: int) -> None:
    tokens = german().tokens(text)
    blanks = [tokens.is_before_blank(index) for index in range(len(tokens))]
    doc = spacy.tokens.Doc(spacy.blank("de").vocab, words=list(tokens.words), spaces=blanks)
    span = doc.char_span(start, start + length, alignment_mode="expand")
    found = tokens.covering(start, start + length)
    # An empty span, as of a blank, is none to Python.
    assert (None if found is None else (found.start, found.end)) == (
        None if span is None else (span.start, span.end)
    )


def sentence(tokens: Tokens, index: int) -> str:
    span = tokens.sentence(index)
    return tokens.between(span.start, span.end)


def test_sentences_end_with_marks_lines_and_cuts() -> None:
    tokens = german().tokens(
        "Eins ist. Zwei auch!\nDrei HuberDie Vier", [len("Eins ist. Zwei auch!\nDrei Huber")]
    )
    said = [sentence(tokens, index).strip() for index in range(len(tokens))]
    assert list(dict.fromkeys(filter(None, said))) == ["Eins ist.", "Zwei auch!", "Drei Huber", "Die Vier"]


def test_a_sentence_is_cut_where_it_becomes_a_table() -> None:
    tokens = german().tokens("Wort " * 1000)
    assert (tokens.sentence(500).start, tokens.sentence(500).end) == (420, 580)
    assert (tokens.sentence(3).start, tokens.sentence(999).end) == (0, 1000)


@given(texts)
def test_where_the_line_of_a_token_begins(text: str) -> None:
    tokens = german().tokens(text)
    for index, start in enumerate(tokens.starts):
        assert tokens.line_start(index) == text.rfind("\n", 0, start) + 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Nach Art. 6 gilt das. Danach nichts.", "Nach Art. 6 gilt das."),
        ("In Kl. 5 und Jg. 8 gab es das. Nein.", "In Kl. 5 und Jg. 8 gab es das."),
        ("Projekte dieser Art. Die Stadt hilft.", "Projekte dieser Art."),
        ("Die Stadt half. 20 Menschen kamen.", "Die Stadt half."),
        ("Prof. Dr. h.c. Öz sprach. Danke.", "Prof. Dr. h.c. Öz sprach."),
    ],
)
def test_what_ends_the_first_sentence(text: str, first: str) -> None:
    tokens = german().tokens(text)
    span = tokens.sentence(0)
    assert tokens.between(span.start, span.end) == first
