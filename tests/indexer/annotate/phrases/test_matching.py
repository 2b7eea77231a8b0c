"""The pattern language: stems, parts of compounds, exact spellings, alternatives, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.phrases.matching import PatternIndex, PatternSet
from indexer.annotate.phrases.patterns import Slot, WordTest, fold, parse_pattern
from indexer.annotate.text.language import german, normal_form
from indexer.annotate.text.spans import SpanIndex, TokenSpan
from indexer.annotate.text.tokens import Tokens
from kb.errors import ConfigurationError


def found(pattern: str, text: str) -> list[str]:
    patterns = PatternSet(PatternIndex())
    patterns.add("x", pattern)
    doc = german().tokens(text)
    return [doc.between(span.start, span.end) for span in patterns.find(doc).get("x", [])]


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
    patterns = PatternSet(PatternIndex())
    for pattern in ("quartier*", "*management*", "Quartiersmanagement"):
        patterns.add("x", pattern)
    assert len(patterns.find(german().tokens("Quartiersmanagement"))["x"]) == 1


def test_patterns_added_after_a_search_are_found() -> None:
    patterns = PatternSet(PatternIndex())
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
    assert doc.starts[-1] == 3


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


WORDS = ["Schule", "Schulen", "Beruf", "Übergang", "und", "-", "„", ".", "Quartiersarbeit", "\n", "\n\n", "KI"]
PATTERNS = [
    "Schule Beruf", "Übergang ... Beruf", "(Schule|Beruf) und", "=KI", "quartier*", "*arbeit Schule",
    "Übergang ... ... Beruf", "Schule ... und ... KI",
]  # fmt: skip
gaps = {".", "\n\n"}


def stands(slots: tuple[Slot, ...], words: Sequence[str], at: int) -> Iterator[int]:
    """Where a pattern ends that begins with the word ``at``, found by trying everything."""
    if at >= len(words) or not any(passes(test, words[at]) for test in slots[0]):
        return
    rest = slots[1:]
    if not rest:
        yield at + 1
        return
    gap = 0
    while not rest[gap]:
        gap += 1
    between = 4 * gap or 3
    for place in range(at + 1, at + 2 + between):
        skipped = words[at + 1 : place]
        if all(word not in gaps if gap else word in ("-", "„", "\n") for word in skipped):
            yield from stands(rest[gap:], words, place)


def passes(test: WordTest, word: str) -> bool:
    folded = fold(word)
    match test.kind:
        case "stem":
            return normal_form(word) == test.value
        case "exact":
            return word == test.value
        case "begins":
            return folded.startswith(test.value)
        case _:
            return folded.endswith(test.value)


@given(
    st.lists(st.sampled_from(WORDS), max_size=12), st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4)
)
def test_many_patterns_are_found_in_one_pass_as_each_alone(words: list[str], chosen: list[str]) -> None:
    tokens = Tokens("", words, [0] * len(words), {})
    index = PatternIndex()
    sets = [PatternSet(index) for _ in chosen]
    for patterns, pattern in zip(sets, chosen, strict=True):
        patterns.add("x", pattern)
    for patterns, pattern in zip(sets, chosen, strict=True):
        slots = parse_pattern(pattern)
        spans = sorted({(at, end) for at in range(len(words)) for end in stands(slots, words, at)})
        expected: list[tuple[int, int]] = []
        for start, end in spans:
            if not expected or expected[-1][1] <= start:
                expected.append((start, end))
        assert [(span.start, span.end) for span in patterns.find(tokens).get("x", [])] == expected


def test_what_a_word_passes_is_forgotten_before_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.annotate.phrases.matching._CACHED_FORMS", 20)
    index = PatternIndex()
    patterns = PatternSet(index)
    patterns.add("x", "Garten")
    for number in range(30):
        assert patterns.find(german().tokens(f"Garten w{number} v{number} u{number}"))["x"]
        assert len(index._forms) <= 20
