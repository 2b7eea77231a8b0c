"""Words, signs and lines that are counted: how often, and where first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.kind.counts import Counted, Counts
from kb.errors import ConfigurationError

COUNTS = Counts(
    [
        {"name": "wir", "words": ["Wir", "wir"]},
        {"name": "Euro", "words": ["Euro"], "signs": ["€"]},
        {"name": "Jahr", "word": r"(?:19|20)\d\d"},
        {"name": "Paragraf", "regex": r"§|\bAbs\.", "needs": ["§", "Abs."]},
        {"name": "Liste", "line": r"[^\S\n]*[-•]\s"},
        {"name": "Grundform", "line_endings": ["en", "ern"]},
    ]
)
REGEXES = {
    "wir": r"\b[Ww]ir\b",
    "Euro": r"\bEuro\b|€",
    "Jahr": r"\b(?:19|20)\d\d\b",
    "Paragraf": r"§|\bAbs\.",
    "Liste": r"(?m)^[^\S\n]*[-•]\s",
    "Grundform": r"(?m)\w+(?:en|ern)[.;]?[^\S\n]*$",
}


def count(text: str) -> dict[str, Counted]:
    lines = [match.span() for match in re.finditer(r"[^\n]+", text) if match[0].strip()]
    return COUNTS.of(text, lines)


pieces = st.sampled_from(
    [
        "wir",
        "Wir",
        "Euro",
        "€",
        "1999",
        "2000",
        "§",
        "Abs.",
        "- ",
        "•\n",
        "gehen",
        "ändern",
        "en",
        "_",
        "x",
        "5",
        " ",
        "\n",
        "\n\n",
        ".",
        "; ",
        "-",
        "\t",
    ]
)


@given(st.lists(pieces, max_size=14).map("".join))
def test_counted_at_once_as_by_a_search_for_each(text: str) -> None:
    found = count(text)
    for name, regex in REGEXES.items():
        matches = list(re.finditer(regex, text))
        assert found[name].times == len(matches) if matches else name not in found
        assert not matches or found[name].start == matches[0].start() or name == "Liste"


def test_the_first_place_is_quoted() -> None:
    found = count("Zu zweit: 5 €, dann Euro. Wirklich, wir.")
    assert found["Euro"] == Counted(2, 12, 13)
    assert found["wir"] == Counted(1, 36, 39)


@pytest.mark.parametrize(
    "table",
    [{"words": ["a"]}, {"name": "a", "line": "("}, {"name": "a", "regex": "a"}, {"name": "a", "words": 3}],
)
def test_tables_that_mean_nothing_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="count"):
        Counts([table])
