"""The places file: what a row must hold, and that a wrong one is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.annotate.places.rows import COLUMNS, read_places
from kb.errors import ConfigurationError

GOOD = {"name": "Hof", "kind": "city", "state": "Bayern", "population": "46000"}


def places_file(folder: Path, **fields: str) -> Path:
    row = "\t".join((GOOD | fields).get(column, "") for column in COLUMNS)
    path = folder / "places.tsv"
    path.write_text("\t".join(COLUMNS) + f"\n{row}\n", "utf-8")
    return path


def test_a_row_is_a_place(tmp_path: Path) -> None:
    (place,) = read_places(places_file(tmp_path, aliases="Hof an der Saale|Hof/Saale", population=""))
    assert (place.name, place.aliases, place.population) == ("Hof", ("Hof an der Saale", "Hof/Saale"), 0)


@pytest.mark.parametrize("field", ["name", "aliases", "adjectives"])
@pytest.mark.parametrize("value", [" ", "\u2003", "x" * 201, "a\x07b"])
def test_empty_and_overlong_names_are_named_with_their_line(tmp_path: Path, field: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"places\.tsv:2: .* ist kein Name eines Ortes"):
        read_places(places_file(tmp_path, **{field: value}))


def test_a_place_has_a_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ist kein Name eines Ortes"):
        read_places(places_file(tmp_path, name=""))


@pytest.mark.parametrize("population", ["²", "46.000", "-1", "9" * 11, "9" * 5_000, "viele"])
def test_a_population_is_a_number(tmp_path: Path, population: str) -> None:
    with pytest.raises(ConfigurationError, match="keine gültige Art oder Einwohnerzahl"):
        read_places(places_file(tmp_path, population=population))
