"""Kinds of documents: an announcement is not a report, a council paper is neither."""

from __future__ import annotations

import pytest

from indexer.annotate import DocumentAnnotator
from tests.indexer.annotate.conftest import document


@pytest.mark.parametrize(
    ("title", "text", "published", "expected"),
    [
        (
            "Fachtag Übergänge",
            "Das Bildungsbüro lädt herzlich zum Fachtag am 3. Mai 2022 ein. Anmeldung bis zum 20. April.",
            "2022-03-01",
            "ankuendigung",
        ),
        (
            "Fachtag Übergänge",
            "Am 3. Mai 2022 fand der Fachtag statt. 80 Fachkräfte nahmen teil und diskutierten.",
            "2022-05-05",
            "veranstaltungsbericht",
        ),
        (
            "Fachtag mit Ausblick",
            "Am 3. Mai 2022 fand der Fachtag statt. 80 Gäste nahmen teil, sie diskutierten lange. Der "
            "Dezernent begrüßte die Gäste. Im Mai 2023 findet der nächste Fachtag statt, wir laden dazu ein.",
            "2022-05-05",
            "veranstaltungsbericht",
        ),
        (
            "Checkliste für Gespräche",
            "Klären Sie das Ziel.\nPrüfen Sie den Raum.\nNotieren Sie Fragen.",
            None,
            "handreichung_konzept",
        ),
        (
            "Beschlussvorlage zur Schulentwicklung",
            "Der Ausschuss beschließt die Fortschreibung. Drucksache 12/2020.",
            None,
            "sonstiges",
        ),
        ("Stadtwald", "Der Wald ist groß und grün.", None, None),
        (
            "Was Jugendliche über Ausbildung denken",
            "Die Studie beruht auf einer Befragung von 900 Jugendlichen. 61 Prozent der Befragten "
            "fühlen sich gut informiert. Abbildung 1 zeigt die Quote.",
            None,
            "sonstiges",
        ),
    ],
)
def test_kinds(
    annotator: DocumentAnnotator, title: str, text: str, published: str | None, expected: str | None
) -> None:
    tag = annotator.annotate(document(text, title=title, published=published)).doc_type
    assert (tag.id if tag is not None else None) == expected


def test_head_lines_of_an_invitation(annotator: DocumentAnnotator) -> None:
    head = "**Termin:** Donnerstag, 17.10.2024, 9 Uhr\n**Ort:** Kornhaussaal\n**Kosten:** keine"
    text = f"{head}\n\nUm Lehrstellen geht es."
    tag = annotator.annotate(document(text, title="Schule – und dann? Fachtag")).doc_type
    assert tag is not None
    assert tag.id == "ankuendigung"
    assert any("Donnerstag, 17.10.2024" in item.text for item in tag.evidence)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Landkreis sucht Verstärkung (m/w/d)",
         "Ihre Aufgaben: Haushalt, Vergabe. Ihr Profil: Studium, Führerschein. Wir bieten TVöD, unbefristet. "
         "Bewerbungsunterlagen bis 3. März 2023. Die Gespräche finden am 21. März statt.", "sonstiges"),
        ("Presseinformation 114/2015",
         "Am vergangenen Samstag öffneten die Lehrwerkstätten ihre Tore. 64 Frauen und Männer nutzten die "
         "Gelegenheit. Eingeladen hatte die Kreishandwerkerschaft. Der Landrat begrüßte die Gäste. "
         "Anschließend erzählten Meister aus ihrem Alltag.", "veranstaltungsbericht"),
        ("Übernahme der Stadtbuslinien",
         "Der Verwaltungsrat hat am 12. November 2015 zugestimmt. Abstimmung: 9 Ja-Stimmen, 1 Nein-Stimme. "
         "Ein Antrag wurde vertagt. Ende der Sitzung: 18.50 Uhr. Die Schriftführerin", "sonstiges"),
        ("Neue Quartiersgarage",
         "Die Arbeiten beginnen am 5. November und dauern bis zum Frühjahr. Während der Bauzeit ist die "
         "Zufahrt gesperrt. Ein Dauerstellplatz kostet 65 Euro im Monat.", "sonstiges"),
        ("Praktikum vorbereiten – Materialien für die Klassen 8 bis 10",
         "Baustein A: Die Jugendlichen erstellen ein Stärkenprofil. Ein Gesprächsleitfaden liegt bei. "
         "Baustein B: In Paaren üben sie ein Telefonat; die Kopiervorlage mit Fragen zum Betrieb sollte vorher "
         "verteilt werden. Baustein C: Nach dem Praktikum berichten sie in der Klasse, was sie überrascht hat. "
         "Jeder ist auf eine Doppelstunde angelegt. Hinweise stehen auf Seite 22.", "handreichung_konzept"),
        ("Forschungsbericht, Zusammenfassung",
         "Ziel der Untersuchung war es, die Wirkung zu prüfen. Verglichen wurden 48 Häuser, 112 Erzieherinnen "
         "wurden interviewt. Die Ergebnisse zeigen ein gemischtes Bild.", "sonstiges"),
    ],
)  # fmt: skip
def test_wrappers_job_advertisements_and_research(
    annotator: DocumentAnnotator, title: str, text: str, expected: str
) -> None:
    found = annotator.annotate(document(text, title=title, published="2015-10-20"))
    assert found.doc_type is not None
    assert found.doc_type.id == expected
