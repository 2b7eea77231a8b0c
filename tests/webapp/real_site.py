"""The site as it is served: the shipped engine, annotator, topics and synonyms over a few German texts."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from kb import wiring
from kb.model import Document, PartialDate
from kb.ports import no_progress
from kb.settings import load_settings

TEXTS = (
    (
        "quartiersmanagement-rostock",
        "Quartiersmanagement am Küchentisch",
        "In Rostock berät das Quartiersmanagement Familien. Die Nachbarschaft im Stadtteil hilft mit.",
        PartialDate(2019, 5, 2),
    ),
    (
        "stadtteilmuetter-neukoelln",
        "Stadtteilmütter in Neukölln",
        "Die Stadtteilmütter gehen von Tür zu Tür und beraten Familien in der Nachbarschaft.",
        PartialDate(2021, 3),
    ),
    (
        "jugendberufsagentur-hof",
        "Jugendberufsagentur Hof: drei Rechtskreise, eine Klingel",
        "Die Jugendberufsagentur berät Jugendliche an den Übergängen von der Schule in die Ausbildung. "
        "Ihr Management sitzt im Quartier.",
        PartialDate(2018, 11, 29),
    ),
    (
        "berufswahl-dortmund",
        "Jahresforum Schul- und Berufswahl",
        "In Dortmund ging es um Übergänge, Berufsberatung und Ausbildung. Die Agentur für Arbeit war dabei. "
        "Gutes Management im Quartier hilft.",
        PartialDate(2018, 6, 1),
    ),
)


def real_site(home: Path, *more: Document) -> Flask:
    """The application that ``kb serve`` serves, over a corpus in this folder."""
    settings = load_settings(corpus=home / "corpus", var=home / "var")
    corpus = wiring.open_corpus_for_writing(settings)
    documents = (Document(id_, title, text, published=day) for id_, title, text, day in TEXTS)
    for document in (*documents, *more):
        corpus.put(document, expected=None)
    wiring.update_index(settings, progress=no_progress)
    return wiring.open_site(settings)


def series(number: int) -> tuple[Document, ...]:
    """So many reports on one thing, one a year, so that there are pages and years."""
    return tuple(
        Document(
            f"werkstatt-{year}",
            f"Werkstatt {year}: Elternarbeit an der Grundschule",
            f"Elternarbeit war {year} das Anliegen der Werkstatt in Bremen.",
            published=PartialDate(year, 4, 1),
        )
        for year in range(2000, 2000 + number)
    )
