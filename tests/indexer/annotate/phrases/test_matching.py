"""The pattern language: stems, parts of compounds, exact spellings, alternatives, gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.phrases.matching import PatternSet
from indexer.annotate.phrases.patterns import fold, parse_pattern
from indexer.annotate.text.language import german, normal_form
from indexer.annotate.text.spans import SpanIndex, TokenSpan
from kb.errors import ConfigurationError


def found(pattern: str, text: str) -> list[str]:
    patterns = PatternSet(german())
    patterns.add("x", pattern)
    doc = german().tokens(text)
    return [doc[span.start : span.end].text for span in patterns.find(doc).get("x", [])]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Übergang", "Viele Übergänge, ein Uebergang.", ["Übergänge", "Uebergang"]),
        ("Übergang Schule", "der Übergang Schule-Beruf", ["Übergang Schule"]),
        ("Schule Beruf", "Schule–Beruf, Schule / Beruf, Schule und Beruf", ["Schule–Beruf", "Schule / Beruf"]),
        ("Schule Beruf", "von der „Schule“ „Beruf“", ["Schule“ „Beruf"]),
        ("quartier*", "Quartiersmanagement im Wohnquartier", ["Quartiersmanagement"]),
        ("*quartier", "Quartiersmanagement im Wohnquartier", ["Wohnquartier"]),
        ("*flücht*", "Geflüchtete, Fluechtling, Flucht", ["Geflüchtete", "Fluechtling"]),
        ("=KI", "KI, ki, KIs, KI-Strategie", ["KI", "KI"]),
        ("(Hecke|Zaun)", "Hecken und Zäune", ["Hecken", "Zäune"]),
        ("Übergang ... Beruf", "Übergang von der Schule in den Beruf", []),
        ("Übergang ... Beruf", "Übergang von der Schule zum Beruf", ["Übergang von der Schule zum Beruf"]),
        ("Übergang ... Beruf", "Übergang. Beruf", []),
        ("Übergang ... Beruf", "Übergang\n\nBeruf", []),
        ("Übergang Beruf", "Übergang\nBeruf", ["Übergang\nBeruf"]),
        ("Schüler", "Schüler:innen, Schüler*innen", ["Schüler:innen", "Schüler*innen"]),
        ("Berufs- und Studienwahl", "Berufs- und Studienwahl", ["Berufs- und Studienwahl"]),
        ("Stadtteil*", "Stadtteil-Konferenz", ["Stadtteil"]),
    ],
)  # fmt: skip
def test_patterns(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize("pattern", ["", "...", "... Beruf", "Beruf ...", "a*b*c", "*", "ab*", "(|a)", "-"])
def test_patterns_that_mean_nothing_are_refused(pattern: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_pattern(pattern)


def test_patterns_under_one_key_do_not_overlap() -> None:
    patterns = PatternSet(german())
    for pattern in ("quartier*", "*management*", "Quartiersmanagement"):
        patterns.add("x", pattern)
    assert len(patterns.find(german().tokens("Quartiersmanagement"))["x"]) == 1


def test_patterns_added_after_a_search_are_found() -> None:
    patterns = PatternSet(german())
    doc = german().tokens("Garten und Haus")
    patterns.add("a", "Garten")
    assert set(patterns.find(doc)) == {"a"}
    patterns.add("b", "Haus")
    assert set(patterns.find(doc)) == {"a", "b"}


@given(st.text(min_size=1, max_size=30))
def test_normal_form_takes_any_word(word: str) -> None:
    assert normal_form(word)
    assert fold(fold(word)) == fold(word) or word != word.lower()


def test_spans_are_code_points_also_after_emoji() -> None:
    doc = german().tokens("🙂🙂 Quartier")
    assert [token.idx for token in doc] == [0, 1, 3] or doc[-1].idx == 3


spans = st.builds(lambda start, length: TokenSpan(start, start + length), st.integers(0, 40), st.integers(1, 8))


@given(others=st.lists(spans, max_size=8), span=spans, window=st.integers(0, 6))
def test_span_index_agrees_with_asking_every_span(
    others: list[TokenSpan], span: TokenSpan, window: int
) -> None:
    expected = any(o.start - window < span.end and span.start < o.end + window for o in others)
    assert SpanIndex(others).near(span, window) is expected


@given(gaps=st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_a_phrase_is_found_wherever_it_stands(gaps: list[int]) -> None:
    text = " ".join("Schule " * gap + "Übergang von der Schule" for gap in gaps)
    assert found("Übergang ... Schule", text) == ["Übergang von der Schule"] * len(gaps)


@pytest.mark.parametrize("run", ["1.1.", "[", "a.b@", "](", "„“"])
def test_endless_runs_without_white_space_are_skipped(run: str) -> None:
    text = f"Quartier {run * 50_000} Quartier"
    assert found("Quartier", text) == ["Quartier", "Quartier"]
