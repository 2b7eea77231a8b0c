"""Floors for how well labelled pages are read, by the author of the pages; they only become stricter.

The pages lie in ``pages/AUTHOR``; what the figures mean stands in ``pages.py``, which prints them too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.quality.pages import LABELS, Report, labels, plain, read, report

HERE = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Floors:
    """Of one author's pages; ``taken``, ``days_wrong`` and ``authors_wrong`` are ceilings."""

    recall: float
    taken: float
    titles: float
    days_right: float
    days_wrong: float
    authors_right: float
    authors_wrong: float


FLOORS = {
    "towns": Floors(0.99, 0.01, 1.0, 1.0, 0.0, 0.97, 0.0),
    "mixed": Floors(0.99, 0.04, 0.97, 0.95, 0.023, 0.84, 0.023),
    "press": Floors(0.99, 0.055, 0.90, 0.92, 0.072, 0.88, 0.072),
}
FOLDERS = sorted(folder.name for folder in HERE.glob("*/")) if HERE.is_dir() else []


@cache
def figures(name: str) -> Report:
    return report(map(read, labels(HERE / name)))


def test_every_folder_has_floors() -> None:
    assert set(FOLDERS) <= set(FLOORS)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_text_is_found(name: str) -> None:
    assert figures(name).recall >= FLOORS[name].recall


@pytest.mark.parametrize("name", FOLDERS)
def test_furniture_is_not_taken(name: str) -> None:
    assert figures(name).taken <= FLOORS[name].taken


@pytest.mark.parametrize("name", FOLDERS)
def test_titles(name: str) -> None:
    assert figures(name).titles >= FLOORS[name].titles


@pytest.mark.parametrize("name", FOLDERS)
def test_days(name: str) -> None:
    assert figures(name).days_right >= FLOORS[name].days_right
    assert figures(name).days_wrong <= FLOORS[name].days_wrong


@pytest.mark.parametrize("name", FOLDERS)
def test_authors(name: str) -> None:
    assert figures(name).authors_right >= FLOORS[name].authors_right
    assert figures(name).authors_wrong <= FLOORS[name].authors_wrong


def test_the_measure_counts_what_is_missing_and_what_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><main><h1>Der Bücherbus</h1><p>Der Bus hält im Mai wieder an <b>zwölf</b> Orten.</p>"
        "<p>Er ist CO<sub>2</sub>-frei.</p></main></body></html>"
    )
    label = {
        "file": "a.html",
        "address": "https://a.example/bus",
        "title": "Der Bücherbus",
        "published": "2021-05-03",
        "authors": [],
        "with": ["Der Bus hält im Mai wieder an zwölf Orten.", "Er ist CO2-frei.", "Fahrplan als Datei"],
        "without": ["im Mai wieder an zwölf", "Impressum"],
    }
    (tmp_path / LABELS).write_text(json.dumps(label))
    outcomes = [read(one) for one in labels(tmp_path)]
    assert outcomes[0].missing == ("Fahrplan als Datei",)
    assert outcomes[0].taken == ("im Mai wieder an zwölf",)
    found = report(outcomes)
    assert (found.recall, found.taken, found.titles, found.days_right, found.days_wrong) == (
        2 / 3,
        0.5,
        1,
        0,
        0,
    )
    assert found.f1 == pytest.approx(2 / 3)


def test_marks_of_markdown_are_no_part_of_a_passage() -> None:
    assert plain("## Das **neue** [Haus](https://a.example/1)\n- für „alle“") == plain("Das neue Haus für alle")
