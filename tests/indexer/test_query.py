"""From typed text to a plan: what is a phrase, what is demanded, what is a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.german import GermanAnalyzer, Synonyms
from indexer.query import (
    MAX_CHARS,
    MAX_CLAUSES,
    MAX_SYNONYMS,
    MAX_TERMS,
    Clause,
    Occur,
    ParsedQuery,
    QueryPlan,
    SynonymGroup,
    parse_query,
    plan_query,
)
from kb.errors import InvalidQueryError

ANALYZER = GermanAnalyzer()
MUST, MUST_NOT = Occur.MUST, Occur.MUST_NOT


def plan(text: str, synonyms: Synonyms | None = None) -> QueryPlan:
    return plan_query(parse_query(text), ANALYZER, synonyms)


@pytest.mark.parametrize(
    ("text", "words", "clauses"),
    [
        ("Übergang Schule", "Übergang Schule", []),
        ('"Agentur für Arbeit" Hof', "Hof", [Clause("Agentur für Arbeit", MUST)]),
        ("„Agentur für Arbeit“ und “x” »y« «z»", "und", [
            Clause("Agentur für Arbeit", MUST), Clause("x", MUST), Clause("y", MUST), Clause("z", MUST),
        ]),
        ("Kita -Hof +Bremen", "Kita", [Clause("Hof", MUST_NOT), Clause("Bremen", MUST)]),
        ('-"am Ort" Kita', "Kita", [Clause("am Ort", MUST_NOT)]),
        ("Kita-Integration 1990-2000", "Kita-Integration 1990-2000", []),
        ("Berufswahl und -orientierung", "Berufswahl und -orientierung", []),
        ("Berufswahl, -orientierung", "Berufswahl, -orientierung", []),
        ("C++ - + --", "C++ - + --", []),
        ('offenes "Zitat', 'offenes "Zitat', []),
        ('""', "", []),
        ("  \x00 ", "", []),
    ],
)  # fmt: skip
def test_clauses_are_separated_from_words(text: str, words: str, clauses: list[Clause]) -> None:
    assert parse_query(text) == ParsedQuery(words, tuple(clauses))


def test_too_long_a_query_is_refused_and_the_longest_is_not() -> None:
    parse_query("a" * MAX_CHARS)
    with pytest.raises(InvalidQueryError, match=str(MAX_CHARS)):
        parse_query("a" * (MAX_CHARS + 1))


def test_words_become_distinct_terms_without_stop_words() -> None:
    assert plan("Wo ist der Übergang, wo sind die Übergänge der Schule?").terms == ("ubergang", "schul")
    assert plan("Schul- und Berufswahl").terms == ("schul", "berufswahl", "schulwahl")


def test_stop_words_alone_are_kept() -> None:
    assert plan("wer und was").terms == ("wer", "und", "was")


def test_an_empty_query_means_everything_but_signs_alone_mean_nothing() -> None:
    assert plan(" ") == QueryPlan(everything=True)
    assert plan("?!") == QueryPlan()
    assert plan("-Kita") == QueryPlan(excluded=((("kita",),),), everything=True)


def test_phrases_keep_their_stop_words_and_hyphens_their_whole() -> None:
    assert plan('"Agentur für Arbeit"').required == ((("agentur", "fur", "arbeit"),),)
    assert plan("+Kita-Integration").required == ((("kita", "integration"), ("kitaintegration",)),)
    assert plan('"die Kita-Integration"').required == ((("die", "kita", "integration"),),)


def test_a_demanded_word_also_ranks() -> None:
    assert plan("+Kita Hof").terms == ("hof", "kita")


def test_synonyms_stand_beside_the_terms_they_replace() -> None:
    synonyms = Synonyms({("agentur", "fur", "arbeit"): (("arbeitsamt",),), ("kita",): (("hort",), ("schul",))})
    made = plan("Agentur für Arbeit, Kita, Schule", synonyms)
    assert made.synonyms == (
        SynonymGroup(("agentur", "arbeit"), (("arbeitsamt",),)),
        SynonymGroup(("kita",), (("hort",),)),
    )
    assert made.marked_terms == {"agentur", "arbeit", "kita", "schul", "arbeitsamt", "hort"}


def test_work_is_capped_by_counting() -> None:
    many = plan(" ".join(f"w{n}" for n in range(400)))
    assert len(many.terms) == MAX_TERMS
    assert len(parse_query("-a " * 600).clauses) == MAX_CLAUSES
    rules: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
        ("kita",): tuple((f"x{n}",) for n in range(100)),
        ("hort",): (("y",),),
    }
    groups = plan("Kita Hort", Synonyms(rules)).synonyms
    assert sum(len(group.others) for group in groups) == MAX_SYNONYMS


@given(st.text(max_size=200) | st.text(alphabet='"„“»«+- aü', max_size=100))
def test_no_text_breaks_the_parser(text: str) -> None:
    made = plan(text)
    assert len(made.terms) <= MAX_TERMS
    assert all(alternatives for alternatives in made.required + made.excluded)
    assert all(group.others for group in made.synonyms)
