"""The shipped synonyms file, line by line: what an editor gets wrong without any reader complaining."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from indexer.german import GermanAnalyzer, load_synonyms

ANALYZER = GermanAnalyzer()
SHIPPED = Path(__file__).parents[3] / "corpus" / "synonyms.txt"
Phrase = tuple[str, ...]


class Line(NamedTuple):
    """A line of the file: its members as written, by side; a group has one side, a rule two."""

    number: int
    sides: tuple[tuple[str, ...], ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Who finds whom, as written."""
        left, right = self.sides[0], self.sides[-1]
        return [(one, other) for one in left for other in right if one is not other]


def read() -> list[Line]:
    lines = []
    for number, text in enumerate(SHIPPED.read_text("utf-8").splitlines(), start=1):
        content = text.split("#", 1)[0].strip()
        if content:
            sides = tuple(tuple(part.strip() for part in side.split(",")) for side in content.split("=>"))
            lines.append(Line(number, sides))
    return lines


LINES = read()


def phrase(member: str) -> Phrase:
    return tuple(token.term for token in ANALYZER.analyze(member) if not token.extra)


def others(text: str) -> list[str]:
    synonyms = load_synonyms(SHIPPED, ANALYZER)
    return [" ".join(other) for _, phrases in synonyms.expand(phrase(text)) for other in phrases]


def contains(longer: Phrase, shorter: Phrase) -> bool:
    spots = range(len(longer) - len(shorter) + 1)
    return any(longer[start : start + len(shorter)] == shorter for start in spots)


def test_it_has_the_size_that_the_field_needs() -> None:
    groups = [line for line in LINES if len(line.sides) == 1]
    assert len(groups) >= 180
    assert len(LINES) >= 240


def test_the_loader_knows_every_pair_of_the_file() -> None:
    rules = load_synonyms(SHIPPED, ANALYZER).rules
    missing = [
        (line.number, one, other)
        for line in LINES
        for one, other in line.pairs
        if phrase(other) not in rules.get(phrase(one), ())
    ]
    assert missing == []


def test_no_two_members_of_a_line_are_one_word_to_the_analyzer() -> None:
    collapsed = [
        (line.number, one, other) for line in LINES for one, other in line.pairs if phrase(one) == phrase(other)
    ]
    assert collapsed == []


def test_no_member_holds_another_of_its_line() -> None:
    """Who searches for the short one finds the long one anyway, and the other way round."""
    idle = [
        (line.number, one, other)
        for line in LINES
        for one, other in line.pairs
        if contains(phrase(one), phrase(other)) or contains(phrase(other), phrase(one))
    ]
    assert idle == []


def test_no_pair_is_given_twice() -> None:
    seen: dict[tuple[Phrase, Phrase], int] = {}
    twice = []
    for line in LINES:
        for one, other in line.pairs:
            first = seen.setdefault((phrase(one), phrase(other)), line.number)
            if first != line.number:
                twice.append((first, line.number, one, other))
    assert twice == []


def test_no_member_is_a_stop_word_or_a_letter() -> None:
    """„OB“ is the stop word „ob“ to an analyzer that ignores case: it would stand in every document."""
    idle = [
        (line.number, member)
        for line in LINES
        for side in line.sides
        for member in side
        if all(token.stop or len(token.term) < 2 for token in ANALYZER.analyze(member))
    ]
    assert idle == []


def test_no_word_stands_for_more_than_a_query_may_use() -> None:
    """A query takes 32 synonyms: one word must leave room for the others."""
    widest = max(load_synonyms(SHIPPED, ANALYZER).rules.items(), key=lambda rule: len(rule[1]))
    assert len(widest[1]) <= 16, widest


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("KI", "kommunal integrationszentrum"),
        ("Kommunales Integrationszentrum", "ki"),
        ("Künstliche Intelligenz", "ki"),
        ("OGS", "offen ganztag"),
        ("BuT", "bildungspaket"),
        ("JMD", "jugendmigrationsdienst"),
        ("BAMF", "bundesamt fur migration und fluchtling"),
        ("IFK", "internationale forderklasse"),
        ("IFK", "integrationsfachkraft"),
        ("QM", "quartiersmanagement"),
        ("Quartiersbüro", "stadtteilbüro"),
        ("Kita", "krippe"),
        ("Schülerinnen und Schüler", "sus"),
        ("Jugendamt", "amt für kinder, jugend und familie"),
        ("Hartz IV", "bürgergeld"),
    ],
)
def test_what_practitioners_type(typed: str, found: str) -> None:
    assert " ".join(phrase(found)) in others(typed)


@pytest.mark.parametrize(
    ("typed", "not_found"),
    [
        ("KI", "künstliche intelligenz"),
        ("Integrationsfachkraft", "ifk"),
        ("Quartiersmanagement", "qm"),
        ("Herkunftssprachlicher Unterricht", "hsu"),
        ("Krippe", "kita"),
        ("Agentur für Arbeit", "arbeitsamt"),
    ],
)
def test_what_would_mislead_them(typed: str, not_found: str) -> None:
    assert " ".join(phrase(not_found)) not in others(typed)
