"""Floors for what the annotators reach on the labelled documents; floors only go up."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from indexer.annotate import open_annotator
from indexer.annotation_evaluation import AnnotationReport, evaluate_annotations

CORPUS = Path(__file__).parents[2] / "corpus"
HERE = Path(__file__).parent / "annotations"
REQUIRED = ("migration", "quartier", "uebergaenge")


@cache
def report(half: str) -> AnnotationReport:
    annotator = open_annotator(CORPUS / "topics", CORPUS / "places.tsv")
    return evaluate_annotations(HERE / half, annotator.annotate)


def test_there_are_enough_documents() -> None:
    assert report("tuning").documents + report("development").documents >= 120


@pytest.mark.parametrize(("half", "floor"), [("tuning", 0.95), ("development", 0.92)])
def test_required_topics(half: str, floor: float) -> None:
    assert fmean(report(half).topics[topic].f1 for topic in REQUIRED) >= floor


@pytest.mark.parametrize(("half", "floor"), [("tuning", 0.98), ("development", 0.96)])
def test_kinds(half: str, floor: float) -> None:
    assert report(half).kinds_accuracy >= floor


@pytest.mark.parametrize(("half", "floor"), [("tuning", 0.97), ("development", 0.93)])
def test_places(half: str, floor: float) -> None:
    assert report(half).places.f1 >= floor


@pytest.mark.parametrize(("half", "right", "wrong"), [("tuning", 0.96, 0.04), ("development", 0.92, 0.05)])
def test_events(half: str, right: float, wrong: float) -> None:
    assert report(half).events_right >= right
    assert report(half).events_wrong <= wrong
