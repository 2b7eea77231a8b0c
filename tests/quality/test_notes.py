"""Floors of the annotators on labelled notes of one to three sentences; they only go up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from indexer.evaluation.annotations import AnnotationReport, evaluate_annotations
from tests.annotators import shipped

HERE = Path(__file__).parent / "notes"


@dataclass(frozen=True, slots=True)
class Floors:
    """What must be reached; ``wrong`` must not be exceeded."""

    topics: float
    kinds: float
    places: float
    events: float
    wrong: float


FLOORS = {
    "library": Floors(0.85, 0.84, 0.89, 1.0, 0.0),
    "newsletters": Floors(0.81, 0.85, 0.93, 0.86, 0.0),
    "teasers": Floors(0.80, 0.88, 0.91, 0.92, 0.08),
    "press": Floors(0.76, 0.85, 0.84, 0.93, 0.04),
    "summaries": Floors(0.88, 0.85, 0.96, 0.91, 0.02),
    "readings": Floors(0.65, 0.76, 1.0, 0.85, 0.15),
    "projects": Floors(0.90, 0.80, 0.97, 1.0, 0.0),
    "coordinators": Floors(0.79, 0.80, 0.88, 0.71, 0.0),
    "portal": Floors(0.66, 0.88, 0.93, 1.0, 0.0),
}
each_set = pytest.mark.parametrize(("name", "floors"), FLOORS.items(), ids=tuple(FLOORS))


@cache
def report(name: str) -> AnnotationReport:
    return evaluate_annotations(HERE / name, shipped().annotate)


def test_every_set_has_floors() -> None:
    assert {folder.name for folder in HERE.iterdir() if folder.is_dir()} == set(FLOORS)


@each_set
def test_topics(name: str, floors: Floors) -> None:
    assert report(name).topics_f1 >= floors.topics


@each_set
def test_kinds(name: str, floors: Floors) -> None:
    assert report(name).kinds_accuracy >= floors.kinds


@each_set
def test_places(name: str, floors: Floors) -> None:
    assert report(name).places.f1 >= floors.places


@each_set
def test_events(name: str, floors: Floors) -> None:
    assert report(name).events_right >= floors.events
    assert report(name).events_wrong <= floors.wrong
