"""What nobody meant as title or author, and what only looks like it."""

from __future__ import annotations

import pytest

from crawler.extract.lines.default_names import is_default_author, is_default_title, meant_authors


@pytest.mark.parametrize(
    "title",
    [
        "Dokument1", "Dokument 12", "dokument", "Document1.docx", "Unbenannt-3", "Mappe (2)", "Layout 1",
        "PowerPoint-Präsentation", "Microsoft Word - Einladung_neu.doc", "Microsoft Word - Einladung",
        "Untitled", "2019_Einladung_final", "Jahresbericht.indd", "C:\\Users\\x\\Bericht",
        "Sehr geehrte Damen und Herren,", "Titel hier eingeben", "[Titel]", "Briefvorlage", "0815", "…",
        "", "Dokument1 [Kompatibilitätsmodus]", "<Dokument 3>", "„Unbenannt“",
    ],
)  # fmt: skip
def test_a_title_that_says_nothing(title: str) -> None:
    assert is_default_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Dokumente der Beteiligung", "Layout und Schrift", "Handreichung für Lehrer_innen",
        "Was jede_r wissen muss", "Dokumentation Fachtag 2019", "Mappen packen", "Testlauf im Quartier",
        "Titel, Thesen, Temperamente", "Präsentation der Ergebnisse", "Scannen lernen",
        "2019: Ein Jahr im Quartier", "Standards für Kitas", "Microsoft und die Schulen",
        "Muster für Satzungen", "Text im Wandel",
    ],
)  # fmt: skip
def test_a_title_that_somebody_gave(title: str) -> None:
    assert not is_default_title(title)


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft Office-Benutzer", "Windows-Benutzer", "Windows User", "user", "User1", "Admin", "PC-07",
        "HP", "HP Inc.", "AMT51\\beispieli", "ida.beispiel", "BeispielI", "u123456", "Sabine", "Schüler12",
        "python-docx", "Canon iR-ADV C5235", "Ein zufriedener Microsoft Office Anwender",
        "Vorname Nachname", "-", "", "TYPO3",
    ],
)  # fmt: skip
def test_an_author_who_is_nobody(name: str) -> None:
    assert is_default_author(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ida Beispielmann", "Bildungsbüro", "Beispielmann", "Stadt Musterhausen", "AWO-Landesverband",
        "DJI", "Officina Beispiel", "Testa Musterer", "Schüler helfen Leben", "Hpfner Musterer",
        "Amt für Bildung",
    ],
)  # fmt: skip
def test_an_author_who_is_somebody(name: str) -> None:
    assert not is_default_author(name)


def test_only_who_is_meant_stays() -> None:
    assert meant_authors(["Benutzer", "Ida Beispielmann", "admin"]) == ["Ida Beispielmann"]
