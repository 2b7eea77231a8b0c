"""The form of a document keeps what it does not show."""

from __future__ import annotations

from dataclasses import replace

from kb.model import Document, Event, PartialDate
from webapp.desk.forms import DocumentForm

DAY = PartialDate(2019, 11, 29)


def test_where_a_source_says_that_an_event_is_stays() -> None:
    document = Document(id="a", title="Fachtag", text="Text", event=Event(DAY, place="Kulturhaus, Görlitz"))
    form = DocumentForm.of(document)
    form.values["termin_bis"] = "30.11.2019"
    changed = form.changed(document)
    assert changed is not None
    assert changed.event == Event(DAY, PartialDate(2019, 11, 30), place="Kulturhaus, Görlitz")


def test_an_event_that_is_taken_away_has_no_place_either() -> None:
    document = Document(id="a", title="Fachtag", text="Text", event=Event(DAY, place="Görlitz"))
    form = DocumentForm.of(document)
    form.values["termin_von"] = ""
    changed = form.changed(document)
    assert changed is not None
    assert changed == replace(document, event=None, edited=changed.edited, source_hash=changed.source_hash)
