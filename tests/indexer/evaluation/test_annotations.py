"""The figures of ``kb eval --annotations``: counted by hand, and clear about broken files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.evaluation.agreement import Agreement
from indexer.evaluation.annotations import Conclusions, compare, evaluate_annotations
from indexer.evaluation.cards import Quotation
from kb.errors import UnreadableInputError
from kb.model import (
    Annotations,
    CardField,
    DocTypeTag,
    Document,
    Event,
    EventTag,
    Evidence,
    PartialDate,
    PlaceTag,
    TopicTag,
)

REPORT, NEWS = "veranstaltungsbericht", "sonstiges"


def said(topics: str, kind: str, places: str, event: str | None) -> Conclusions:
    return Conclusions(frozenset(topics.split()), kind, frozenset(places.split()), event)


def test_figures_counted_by_hand() -> None:
    report = compare(
        {
            "a": (said("m q", REPORT, "Essen", "2020-01-02"), said("m", REPORT, "Essen Hof", "2020-01-02")),
            "b": (said("q", NEWS, "Hof", None), said("q x", REPORT, "", "2021-05-05")),
            "c": (said("", REPORT, "", "2022"), said("q", REPORT, "", None)),
            "d": (said("", REPORT, "", "2022-03"), said("", NEWS, "", "2022-04")),
        }
    )
    assert report.topics == {"m": Agreement(hits=1), "q": Agreement(hits=1, missed=1, wrong=1)}
    assert report.topics_f1 == pytest.approx((1 + 0.5) / 2)
    assert report.kinds_accuracy == 0.5
    assert report.confusion == {(REPORT, REPORT): 2, (NEWS, REPORT): 1, (REPORT, NEWS): 1}
    assert report.places.f1 == pytest.approx(2 / 4)
    assert report.events_stated == 3
    assert report.events_right == pytest.approx(1 / 3)
    assert report.events_wrong == pytest.approx(2 / 3)
    assert "a Thema fehlt: q" in report.differences
    assert "d Termin: 2022-03 → 2022-04" in report.differences


def annotate(document: Document) -> Annotations:
    """Stands for annotators that find one thing of each in every document."""
    event = EventTag(Event(PartialDate(2020, 1, 2), PartialDate(2020, 1, 3)))
    return Annotations(DocTypeTag(REPORT), (TopicTag("m", 1.0),), (PlaceTag("Essen"),), event)


def write(folder: Path, docs: str, labels: str) -> Path:
    (folder / "docs.jsonl").write_text(docs, encoding="utf-8")
    (folder / "labels.jsonl").write_text(labels, encoding="utf-8")
    return folder


DOC = json.dumps({"id": "1", "text": "Ein Text.", "published": "2020-02"})


@pytest.mark.parametrize(
    "event", [{"start": "2020-01-02", "end": "2020-01-03", "inferred": True}, "2020-01-02/2020-01-03"]
)
def test_labels_with_or_without_objects(tmp_path: Path, event: object) -> None:
    label = {"id": "1", "topics": ["m"], "doc_type": {"id": REPORT}, "places": [{"name": "Essen"}]}
    folder = write(tmp_path, DOC, json.dumps(label | {"event": event}))
    report = evaluate_annotations(folder, annotate)
    assert (report.topics_f1, report.kinds_accuracy, report.places.f1) == (1, 1, 1)
    assert (report.events_right, report.events_wrong, report.differences) == (1, 0, ())


@pytest.mark.parametrize(
    ("docs", "labels", "problem"),
    [
        (DOC, "", "steht nichts in labels.jsonl"),
        ("", "", "keine Dokumente"),
        (DOC, '{"id": "1"}', "nicht die Form von"),
        ("{", "", "kein JSON-Objekt"),
        ('{"id": "1"}', '{"id": "1", "doc_type": "sonstiges"}', "kein Dokument"),
        (DOC, '{"id": "1", "doc_type": "x", "card": [{"id": "ziel", "text": "Fehlt."}]}', "kein Feld ziel"),
        (DOC, '{"id": "1", "doc_type": "x", "card": [{"id": "zeil", "text": "Text"}]}', "kein Feld zeil"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, docs: str, labels: str, problem: str) -> None:
    with pytest.raises(UnreadableInputError, match=problem) as caught:
        evaluate_annotations(write(tmp_path, docs, labels), annotate)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"labels\.jsonl.*fehlt"):
        evaluate_annotations(tmp_path, annotate)


def test_cards_and_roles_are_judged_where_labels_speak_of_them(tmp_path: Path) -> None:
    text = "Alle sollen lesen. Der Verein hilft. Es klappt gut."

    def drafted(document: Document) -> Annotations:
        """Quotes the aim a little too long, calls the help a result, and tells the venue."""
        card = (
            CardField("ziel", (Evidence(0, 19, document.text[:19], "r"),)),
            CardField("ergebnis", (Evidence(19, 36, document.text[19:36], "r"),)),
        )
        places = (PlaceTag("Essen", role="venue"), PlaceTag("Hof", role="venue"), PlaceTag("Celle"))
        return Annotations(DocTypeTag(REPORT), (), places, None, card)

    label = {
        "id": "1",
        "doc_type": REPORT,
        "places": [{"name": "Essen", "role": "venue"}, {"name": "Hof", "role": "practice"}, "Celle"],
        "card": [
            {"id": "ziel", "text": "Alle sollen lesen."},
            {"id": "beteiligte", "text": "Der Verein hilft."},
            {"id": "ergebnis", "text": "Es klappt gut."},
        ],
    }
    doc = json.dumps({"id": "1", "text": text})
    report = evaluate_annotations(write(tmp_path, doc, json.dumps(label)), drafted)
    assert report.card == {
        "ziel": Agreement(hits=1),
        "beteiligte": Agreement(missed=1),
        "ergebnis": Agreement(missed=1, wrong=1),
    }
    assert report.card_fields.precision == 0.5
    assert report.card_fields.recall == pytest.approx(1 / 3)
    assert (report.roles_judged, report.roles_right) == (2, 0.5)


def test_a_card_where_readers_see_none_is_wrong() -> None:
    nothing = Conclusions(frozenset(), NEWS, frozenset(), None)
    card = Conclusions(frozenset(), NEWS, frozenset(), None, card=(Quotation("ziel", 0, 5),))
    unjudged = compare({"a": (nothing, card)})
    assert unjudged.card == {}
    judged = compare({"a": (nothing, card), "b": (card, card)})
    assert judged.card == {"ziel": Agreement(hits=1, wrong=1)}
