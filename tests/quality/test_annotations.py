"""Floors for what the annotators reach on the labelled documents; floors only go up.

What unseen texts gave stands in ``annotations/README.md``: these sets were looked at since.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from indexer.annotate import open_annotator
from indexer.annotation_evaluation import AnnotationReport, evaluate_annotations

CORPUS = Path(__file__).parents[2] / "corpus"
HERE = Path(__file__).parent / "annotations"
SETS = ("tuning", "development", "second", "third", "fourth", "fifth", "sixth")
# The fourth, fifth and sixth set have no labelled cards.
WITH_CARDS = SETS[:4]
REQUIRED = ("migration", "quartier", "uebergaenge")


@cache
def report(name: str) -> AnnotationReport:
    annotator = open_annotator(CORPUS / "topics", CORPUS / "places.tsv")
    return evaluate_annotations(HERE / name, annotator.annotate)


def floors(*values: float, sets: Sequence[str] = SETS) -> pytest.MarkDecorator:
    """One floor for each set, in the order of ``sets``."""
    return pytest.mark.parametrize(("name", "floor"), list(zip(sets, values, strict=True)))


def test_there_are_enough_documents() -> None:
    assert sum(report(name).documents for name in SETS) >= 366


@floors(0.95, 0.97, 0.98, 0.94, 0.96, 1.0, 0.93)
def test_required_topics(name: str, floor: float) -> None:
    assert fmean(report(name).topics[topic].f1 for topic in REQUIRED) >= floor


@floors(0.94, 0.97, 0.94, 0.93, 0.96, 0.89, 0.89)
def test_all_topics(name: str, floor: float) -> None:
    assert report(name).topics_f1 >= floor


@floors(0.98, 0.98, 0.98, 0.92, 0.90, 0.98, 0.97)
def test_kinds(name: str, floor: float) -> None:
    assert report(name).kinds_accuracy >= floor


@floors(0.97, 0.95, 0.98, 0.98, 0.93, 0.90, 0.94)
def test_places(name: str, floor: float) -> None:
    assert report(name).places.f1 >= floor


@floors(0.96, 0.92, 0.98, 0.93, 0.96, 0.98, 0.98)
def test_events_found(name: str, floor: float) -> None:
    assert report(name).events_right >= floor


@floors(0.04, 0.04, 0.0, 0.0, 0.072, 0.0, 0.0)
def test_events_are_seldom_wrong(name: str, floor: float) -> None:
    """Here a floor is a ceiling."""
    assert report(name).events_wrong <= floor


@floors(0.97, 0.97, 0.92, 0.94, sets=WITH_CARDS)
def test_what_cards_quote_is_right(name: str, floor: float) -> None:
    assert report(name).card_fields.precision >= floor


@floors(0.60, 0.55, 0.70, 0.38, sets=WITH_CARDS)
def test_what_cards_find(name: str, floor: float) -> None:
    assert report(name).card_fields.recall >= floor


@pytest.mark.parametrize(
    ("name", "floor"), [("second", 0.97), ("third", 0.88), ("fourth", 0.79), ("sixth", 0.95)]
)
def test_roles_of_places(name: str, floor: float) -> None:
    assert report(name).roles_judged >= 20
    assert report(name).roles_right >= floor
