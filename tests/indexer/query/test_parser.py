"""What people type, and what attackers do."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.parser import MAX_CHARS, MAX_CLAUSES, MAX_DEPTH, parse_query
from indexer.query.tree import (
    And,
    AtAddress,
    Group,
    InFacet,
    InField,
    InTitle,
    InYears,
    Node,
    Or,
    Phrase,
    Prefix,
    loosened,
)
from kb.errors import InvalidQueryError
from kb.model import Notice, NoticeKind


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Übergang Schule", Group("Übergang Schule")),
        ('"Agentur für Arbeit" Hof', Group("Hof", required=(Phrase("Agentur für Arbeit"),))),
        ("„Agentur für Arbeit“", Phrase("Agentur für Arbeit")),
        ("“x” »y« «z»", Group(required=(Phrase("x"), Phrase("y"), Phrase("z")))),
        ("Kita -Hof +Bremen", Group("Kita", demanded=("Bremen",), excluded=(Phrase("Hof"),))),
        ('-"am Ort" Kita', Group("Kita", excluded=(Phrase("am Ort"),))),
        ("Kita-Integration 1990-2000", Group("Kita-Integration 1990-2000")),
        ("Berufswahl und -orientierung", Group("Berufswahl und -orientierung")),
        ("Berufswahl, -orientierung", Group("Berufswahl, -orientierung")),
        ("Schul- und Berufswahl", Group("Schul- und Berufswahl")),
        ('offenes "Zitat', Group("offenes Zitat")),
        ('""', None),
        ("  \x00 ", None),
        ("Kita ODER Hort", Or((Group("Kita"), Group("Hort")))),
        ("Kita UND Hort OR Schule", Or((And((Group("Kita"), Group("Hort"))), Group("Schule")))),
        ("(Kita ODER Hort) AND Schule", And((Or((Group("Kita"), Group("Hort"))), Group("Schule")))),
        ("Kita NICHT Hort", Group("Kita", excluded=(Phrase("Hort"),))),
        ("NOT (Kita OR Hort)", Group(excluded=(Or((Group("Kita"), Group("Hort"))),))),
        ("Kita und Hort oder nicht", Group("Kita und Hort oder nicht")),
        ("UND ODER", None),
        ("UND Kita ODER", Group("Kita")),
        ("berufs*", Prefix("berufs")),
        ("Schüler*innen Lehrer(innen) Kolleg:in", Group("Schüler*innen Lehrer(innen) Kolleg:in")),
        ("titel:Kita", InTitle("Kita")),
        ('TITEL:"Kita und Hort"', InTitle("Kita und Hort")),
        ("thema:migration -ort:Köln", Group(required=(InFacet("topic", "migration"),), excluded=(
            InFacet("place", "Köln"),))),
        ("jahr:2018..2021", InYears(2018, 2021)),
        ("jahr:2018-2021", InYears(2018, 2021)),
        ("jahr:2018..", InYears(2018, 9999)),
        ("jahr:..2018", InYears(0, 2018)),
        ("jahr:2018", InYears(2018, 2018)),
        ("titel:", Group("titel:")),
        ("quelle:x typ:y", Group(required=(InFacet("source", "x"), InFacet("doc_type", "y")))),
        ("autor:Beispiel", InField("author", "Beispiel")),
        ('-Autorin:"Ida Beispiel"', Group(excluded=(InField("author", "Ida Beispiel"),))),
        ("herausgeber:Stadt Hof", Group("Hof", required=(InField("publisher", "Stadt"),))),
        ("Lehrer:innen http://example.org", Group("Lehrer:innen", required=(AtAddress("http://example.org"),))),
        ("„https://www.hof.example/a?b=c“", AtAddress("https://www.hof.example/a?b=c")),
        ("hof.example/berichte", AtAddress("hof.example/berichte")),
        ("www.hof.de.", AtAddress("www.hof.de.")),
        ("z.B./etc bzw.und/oder ida@hof.de", Group("z.B./etc bzw.und/oder ida@hof.de")),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(text: str, tree: Node | None) -> None:
    assert parse_query(text).tree == tree


@pytest.mark.parametrize(
    ("text", "tree", "dropped"),
    [
        ("ab* Kita", Group("ab Kita"), "ab*"),
        ("*a*", Group("a"), "*a*"),
        ("*wahl", Group("wahl"), "*wahl"),
        ("1234*", Group("1234"), "1234*"),
    ],
)
def test_a_star_without_three_letters_before_it_is_dropped_and_named(
    text: str, tree: Node, dropped: str
) -> None:
    parsed = parse_query(text)
    assert parsed.tree == tree
    assert parsed.notices == (Notice(NoticeKind.STAR_DROPPED, dropped),)


def test_parentheses_have_a_depth_and_keep_their_words() -> None:
    deep = parse_query("(a (b (c (d (e")
    assert deep.tree == Group("a b c d e"), "without fellows they are nothing"
    nested = "(" * MAX_DEPTH + "Kita" + ")" * MAX_DEPTH
    assert parse_query(nested).notices == ()
    parsed = parse_query(f"({nested})")
    assert parsed.tree == Group("Kita")
    assert parsed.notices == (Notice(NoticeKind.TOO_DEEP, str(MAX_DEPTH)),)
    assert parse_query("(" * 999 + ")" * 999).tree is None


def test_further_clauses_are_not_looked_at_and_that_is_said() -> None:
    parsed = parse_query("-a " * 600)
    assert isinstance(parsed.tree, Group)
    assert len(parsed.tree.excluded) == MAX_CLAUSES
    assert Notice(NoticeKind.SHORTENED, str(MAX_CLAUSES)) in parsed.notices


def test_too_long_a_query_is_refused_and_the_longest_is_not() -> None:
    parse_query("a" * MAX_CHARS)
    with pytest.raises(InvalidQueryError, match=str(MAX_CHARS)):
        parse_query("a" * (MAX_CHARS + 1))


@pytest.mark.parametrize("year", ["jahr:bald", "jahr:20", "jahr:..", "jahr:2018x"])
def test_a_year_that_is_none_is_refused_with_the_remedy(year: str) -> None:
    with pytest.raises(InvalidQueryError, match=r"jahr:2018\.\.2021"):
        parse_query(year)


@given(st.text(max_size=300) | st.text(alphabet='"„“»«+- aü*():jahrUNDODER.', max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    with suppress(InvalidQueryError):
        assert isinstance(parse_query(text).notices, tuple)


def test_phrases_beside_words_can_be_loosened() -> None:
    tree = parse_query('Kita "im Ort" (Hort "der Stadt") -"ohne uns"').tree
    assert tree is not None
    assert loosened(tree) == Group(
        "Kita im Ort", required=(Group("Hort der Stadt"),), excluded=(Phrase("ohne uns"),)
    )
    assert loosened(Phrase("im Ort")) == Phrase("im Ort")
