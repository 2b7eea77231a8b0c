"""Floors for what the annotators reach on the labelled documents; floors only go up.

What unseen texts gave stands in ``annotations/README.md``: these sets were looked at since.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from indexer.evaluation.annotations import AnnotationReport, evaluate_annotations
from tests.annotators import shipped

HERE = Path(__file__).parent / "annotations"
REQUIRED = ("migration", "quartier", "uebergaenge")


@dataclass(frozen=True)
class Floors:
    """Of one set: F1 of topics and places, accuracy of kinds, share of events right; ``wrong`` is a ceiling.

    ``roles`` is the share of places found that have their labelled role; ``cards`` precision and recall of the
    practice cards' fields, where a set has labels for them.
    """

    required: float
    topics: float
    kinds: float
    places: float
    events: float
    wrong: float
    roles: float
    cards: tuple[float, float] | None = None


FLOORS = {
    "tuning": Floors(0.95, 0.94, 0.98, 0.97, 0.96, 0.04, 1.0, (0.97, 0.60)),
    "development": Floors(0.97, 0.97, 0.98, 0.95, 0.92, 0.04, 1.0, (0.97, 0.55)),
    "second": Floors(0.98, 0.94, 0.98, 0.98, 0.98, 0.0, 0.97, (0.92, 0.70)),
    "third": Floors(0.94, 0.93, 0.92, 0.98, 0.93, 0.0, 0.92, (0.94, 0.38)),
    "fourth": Floors(0.96, 0.96, 0.90, 0.93, 0.96, 0.072, 0.82),
    "fifth": Floors(1.0, 0.89, 0.98, 0.90, 0.98, 0.0, 0.94),
    "sixth": Floors(0.93, 0.89, 0.97, 0.94, 0.98, 0.0, 0.95),
    "seventh": Floors(0.97, 0.90, 0.96, 0.85, 0.94, 0.06, 0.96),
    "eighth": Floors(0.95, 0.86, 0.96, 0.85, 0.88, 0.07, 0.82),
    "ninth": Floors(0.95, 0.89, 0.96, 0.93, 0.94, 0.06, 0.98),
    "tenth": Floors(0.97, 0.79, 0.96, 0.93, 0.94, 0.06, 0.87),
    "eleventh": Floors(0.95, 0.79, 0.96, 0.96, 0.95, 0.05, 0.95),
    "twelfth": Floors(0.96, 0.86, 0.96, 0.94, 0.94, 0.06, 0.83),
    "thirteenth": Floors(0.96, 0.86, 0.96, 0.87, 0.90, 0.05, 0.74),
    # Nothing was learnt from it: its figures are still the blind ones.
    "fourteenth": Floors(0.94, 0.87, 0.92, 0.94, 0.94, 0.056, 0.79),
}
SETS = tuple(FLOORS)
each_set = pytest.mark.parametrize(("name", "floors"), FLOORS.items(), ids=SETS)


@cache
def report(name: str) -> AnnotationReport:
    return evaluate_annotations(HERE / name, shipped().annotate)


def test_every_set_has_floors() -> None:
    assert {folder.name for folder in HERE.iterdir() if folder.is_dir()} == set(FLOORS)


def test_there_are_enough_documents() -> None:
    assert sum(report(name).documents for name in SETS) >= 806


@each_set
def test_required_topics(name: str, floors: Floors) -> None:
    assert fmean(report(name).topics[topic].f1 for topic in REQUIRED) >= floors.required


@each_set
def test_all_topics(name: str, floors: Floors) -> None:
    assert report(name).topics_f1 >= floors.topics


@each_set
def test_kinds(name: str, floors: Floors) -> None:
    assert report(name).kinds_accuracy >= floors.kinds


@each_set
def test_places(name: str, floors: Floors) -> None:
    assert report(name).places.f1 >= floors.places


@each_set
def test_events_found(name: str, floors: Floors) -> None:
    assert report(name).events_right >= floors.events


@each_set
def test_events_are_seldom_wrong(name: str, floors: Floors) -> None:
    assert report(name).events_wrong <= floors.wrong


@each_set
def test_roles_of_places(name: str, floors: Floors) -> None:
    assert report(name).roles_right >= floors.roles


@pytest.mark.parametrize("name", [name for name in SETS if FLOORS[name].cards])
def test_cards(name: str) -> None:
    """What cards quote is right, and they find it."""
    precision, recall = FLOORS[name].cards or (1.0, 1.0)
    assert report(name).card_fields.precision >= precision
    assert report(name).card_fields.recall >= recall
