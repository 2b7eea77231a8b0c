"""Snippets: the right sentence, every form marked, nothing unescaped, no half words, fast."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.answer.found import FoundText
from indexer.answer.marks import Marker, wanted_by
from indexer.answer.snippets import MAX_CHARS
from indexer.answer.snippets import snippet as make_snippet
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import CompoundSplitter, GermanAnalyzer, SentenceSplitter, Token
from indexer.query.parser import parse_query
from indexer.query.plan import plan_query
from indexer.ranking.document_words import document_words
from kb.model import IndexEntry, SearchQuery
from tests.cost import assert_linear

ANALYZER = GermanAnalyzer()
NO_COMPOUNDS = CompoundSplitter({}, ANALYZER.stem)


def found(text: str, query: str = "", splitter: CompoundSplitter = NO_COMPOUNDS) -> FoundText:
    """What an index knows of a text when it is asked."""
    plan = plan_query(parse_query(query), ANALYZER, splitter=splitter)
    marker = Marker(ANALYZER, splitter, wanted_by(plan, {}))
    entry = IndexEntry("x", "r", "", text, "s", "sonstiges")
    words = document_words(ANALYZER, entry, {})
    places = []
    for word, spans in words.places.items():
        mark = marker.mark(word, words.words[word].term, stop=words.words[word].stop)
        if mark is not None:
            places += [(start, end, mark) for start, end in spans]
    places.sort(key=lambda place: place[:2])
    return FoundText.of(entry, places, SentenceSplitter().ends(text))


REPORT = """# Jahresforum

Am 29. November 2018 trafen sich 80 Fachleute. Sie sprachen z. B. über **Übergänge** von der \
Schule in den Beruf.

Am Nachmittag ging es um das [Quartiersmanagement](https://example.org/uebergang-schule). Die Stadtteilmütter \
stellten sich vor.

- Kaffee & Kuchen
- <script>alert("x")</script> Musik
"""


def snippet(text: str, query: str = "") -> str:
    return make_snippet(found(text, query))


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html))


def test_the_sentence_with_most_words_is_shown_and_its_neighbour_if_it_fits() -> None:
    assert snippet(REPORT, "uebergang Beruf") == (
        "Am 29. November 2018 trafen sich 80 Fachleute. Sie sprachen z. B. über <mark>Übergänge</mark> von der "
        "Schule in den <mark>Beruf</mark>."
    )


def test_the_better_neighbour_is_taken() -> None:
    text = "Die Sonne scheint. Das Quartier blüht. Die Nachbarschaft feiert."
    assert snippet(text, "Quartier Nachbarschaft").endswith("feiert.")
    assert snippet(text, "Quartier Sonne").startswith("Die <mark>Sonne</mark>")


def test_markdown_is_not_shown_and_addresses_are_not_matched() -> None:
    shown = snippet(REPORT, "Quartiersmanagement")
    assert shown.startswith("Am Nachmittag ging es um das <mark>Quartiersmanagement</mark>. Die Stadt")
    assert "Nachmittag" not in snippet(REPORT, "uebergang")
    assert snippet("Siehe [hier](https://example.org/quartier) nach.", "Quartier") == "Siehe hier nach."


def test_html_of_the_text_is_shown_as_text_or_not_at_all() -> None:
    assert snippet(REPORT, "Kuchen") == "Kaffee &amp; <mark>Kuchen</mark> – alert(&quot;x&quot;) Musik"
    assert snippet("5 < 7 & „Schule“ > alles", "Schule") == "5 &lt; 7 &amp; „<mark>Schule</mark>“ &gt; alles"


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Die Koordinator*innen kommen.", "Koordinatorin", "Koordinator*innen"),
        ("Zur Schul- und Berufswahl.", "Schulwahl", "Schul"),
        ("Die Kita-Integration hilft.", "Integration", "Integration"),
        ("Die Kita-Integration hilft.", "Kitaintegration", "Kita-Integration"),
        ("Der U\u0308bergang gelingt.", "Übergang", "U\u0308bergang"),
        ("Seine B i l d u n g zählt.", "Bildung", "B i l d u n g"),
    ],
)
def test_the_form_in_the_text_is_marked(text: str, query: str, marked: str) -> None:
    assert re.findall("<mark>(.*?)</mark>", snippet(text, query)) == [marked]


def test_a_word_broken_at_a_line_end_is_found() -> None:
    shown = snippet("Es geht um die Berufs-\nwahl der Jugendlichen.", "Berufswahl")
    assert "Berufs" in plain(shown)


def test_without_words_or_matches_the_beginning_is_shown_without_headings() -> None:
    beginning = "Am 29. November 2018 trafen sich 80 Fachleute."
    assert snippet(REPORT).startswith(beginning)
    assert snippet(REPORT, "Zeppelin") == snippet(REPORT)
    assert snippet("# Nur ein Titel\n") == "Nur ein Titel"
    assert snippet("") == snippet("  \n") == ""


def test_a_long_sentence_is_cut_between_words_around_the_match() -> None:
    text = " ".join(f"Wort{n}" for n in range(400)) + "."
    shown = snippet(text, "Wort200")
    assert shown.startswith("… Wort")
    assert shown.endswith(" …")
    assert "<mark>Wort200</mark>" in shown
    assert set(plain(shown).strip("… ").split()) <= set(text.rstrip(".").split())
    assert len(plain(shown)) <= MAX_CHARS + 4
    assert snippet(text).endswith(" …")


def test_the_densest_place_of_a_long_text_wins() -> None:
    filler = "Die Verwaltung der Stadt arbeitet. " * 40
    text = f"{filler}\n\nDas Quartier.\n\n{filler}\n\nDas Quartier feiert die Nachbarschaft.\n\n{filler}"
    assert "<mark>Quartier</mark> feiert die <mark>Nachbarschaft</mark>" in snippet(
        text, "Quartier Nachbarschaft"
    )


@pytest.mark.parametrize(
    ("query", "word"), [("Zeppelin", "Zeppelin"), ("Verwaltung Zeppelin Nirgends", "Verwaltung")]
)
def test_a_match_at_the_end_of_a_large_text_is_found_in_linear_time(query: str, word: str) -> None:
    def known(lines: int) -> FoundText:
        text = "Die Verwaltung der Stadt arbeitet an vielen Aufgaben.\n" * lines
        return found(text + "Ganz am Ende steht der Zeppelin.", query)

    assert f"<mark>{word}</mark>" in make_snippet(known(20_000))
    texts = {lines: known(lines) for lines in (2_500, 5_000, 10_000, 20_000)}
    assert_linear(lambda lines: make_snippet(texts[lines]), 2_500)


class CountingAnalyzer(GermanAnalyzer):
    """Counts the characters that it is given to analyse."""

    analysed = 0

    def analyze(self, text: str) -> list[Token]:
        self.analysed += len(text)
        return super().analyze(text)


@pytest.mark.parametrize("word", ["Zeppelin", "Verwaltung", "Nirgends", "Schulwahl"])
def test_no_text_is_analysed_to_answer(tmp_path: Path, word: str) -> None:
    """1 MB; the word stands at the end, everywhere, nowhere, or only together with another one."""
    analyzer = CountingAnalyzer()
    line = "Die Verwaltung der Stadt arbeitet an vielen Aufgaben.\n"
    text = "Zur Schul- und Berufswahl.\n" + line * 20_000 + "Ganz am Ende steht der Zeppelin."
    backend = WhooshBackend(tmp_path / "index", analyzer)
    with backend.writer() as writer:
        writer.put(IndexEntry("x", "r", "Titel", text, "s", "sonstiges"))
    analyzer.analysed = 0
    hits = backend.search(SearchQuery(f"{word} ODER Titel")).hits
    assert ("<mark>" in hits[0].snippet) is (word != "Nirgends")
    assert analyzer.analysed < 200


def test_one_endless_word_is_not_too_much() -> None:
    assert len(snippet("x" * 1_000_000, "Schule")) <= MAX_CHARS + 4
    assert len(plain(snippet("Schule" + "x" * 100_000 + " Schule", "Schule"))) <= 2 * MAX_CHARS


PIECES = ["Schule", "schul-\n", "**Quartier**", "<b>", "&amp;", "[a](b)", "# x\n", "z. B.", "…", "\u00ad"]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=120).map(" ".join),
    st.sampled_from(["", "Schule", "Quartier Schule"]),
)
def test_any_text_gives_safe_html_of_limited_length(text: str, query: str) -> None:
    shown = snippet(text, query)
    assert not re.search("<(?!/?mark>)", shown)
    assert shown.count("<mark>") == shown.count("</mark>")
    assert len(plain(shown)) <= MAX_CHARS * 2 + 4
    assert "\n" not in shown


def test_a_match_in_an_address_gives_way_to_words_that_only_a_sentence_has() -> None:
    text = "Siehe [hier](https://example.org/schulwahl).\n\nEs geht um die Schul- und Berufswahl in der Stadt."
    assert "<mark>Schul</mark>- und Berufswahl" in snippet(text, "Schulwahl")


def test_the_matched_member_of_a_compound_is_marked() -> None:
    words = [("quartier", "quartier", 2), ("management", "management", 2)]
    splitter = CompoundSplitter.learn(words, ANALYZER.stem)
    text = "Das Quartiersmanagement und das Quartiers\u00admanagement."
    shown = make_snippet(found(text, "Management", splitter))
    assert "Quartiers<mark>management</mark> und" in shown
    assert "<mark>Quartiersmanagement</mark>." in shown, "soft hyphens shift letters: all of it is marked"
