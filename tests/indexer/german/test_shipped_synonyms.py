"""The synonyms that are shipped: enough of them, each meaning something, none twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexer.german import GermanAnalyzer, load_synonyms

FILE = Path(__file__).parents[3] / "corpus" / "synonyms.txt"
ANALYZER = GermanAnalyzer()
SYNONYMS = load_synonyms(FILE, ANALYZER)
LINES = [line.split("#")[0].strip() for line in FILE.read_text("utf-8").splitlines()]
SETS = [line for line in LINES if line]


def terms(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in ANALYZER.analyze(text) if not token.extra)


def test_there_are_enough() -> None:
    assert len(SETS) >= 140


@pytest.mark.parametrize("line", SETS)
def test_members_are_different_words_for_the_analyzer(line: str) -> None:
    for side in line.split("=>"):
        members = [terms(member) for member in side.split(",")]
        assert all(members)
        assert len(set(members)) == len(members), "inflections and spellings need no synonym"


def test_no_set_stands_twice() -> None:
    seen = Counter(frozenset(terms(member) for member in line.split(",")) for line in SETS if "=>" not in line)
    assert [members for members, times in seen.items() if times > 1] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("JBA", "Jugendberufsagentur"),
        ("Arbeitsamt", "Agentur für Arbeit"),
        ("Schulschwänzen", "Schulabsentismus"),
        ("Kiezfest", "Stadtteilfest"),
        ("Sprachmittler:innen", "Dolmetscher"),
        ("BuT", "Bildungs- und Teilhabepaket"),
        ("KAoA", "Kein Abschluss ohne Anschluss"),
        ("DaZ", "Deutsch als Zweitsprache"),
        ("IFK", "Integrationsfachkraft"),
        ("KI", "Kommunales Integrationszentrum"),
        ("Seiteneinsteigerinnen", "Neuzugewanderte"),
    ],
)
def test_what_people_of_the_field_say_is_found(typed: str, meant: str) -> None:
    assert terms(meant) in SYNONYMS.rules[terms(typed)]


def test_one_way_rules_lead_one_way() -> None:
    assert terms("Arbeitsamt") not in SYNONYMS.rules.get(terms("Agentur für Arbeit"), ())
