"""Hyphens at line ends: real German cases, by the rules alone, by the document's words and by the corpus's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.printed.hyphens import join_lines, key, read_stock, words_of
from crawler.extract.printed.page import Line, Page
from crawler.extract.printed.reflow import reflow
from indexer.updating.corpus_words import CorpusWords
from kb.model import Document

BY_RULE = """
der Jugendberufs-      | agentur             | der Jugendberufsagentur
das Quartiers-         | management          | das Quartiersmanagement
ihr Quar-              | tiersmanagement     | ihr Quartiersmanagement
Kinder- und Jugend-    | hilfe               | Kinder- und Jugendhilfe
Unter-                 | offizier            | Unteroffizier
Stun-                  | den                 | Stunden
Zu-                    | sammenarbeit        | Zusammenarbeit
die Ueber-             | gaenge              | die Uebergaenge
Mitarbei-              | terInnen            | MitarbeiterInnen
Fachkräfte-            | gewinnung,          | Fachkräftegewinnung,
Nordrhein-West-        | falen               | Nordrhein-Westfalen
Nord-Süd-Ge-           | fälle               | Nord-Süd-Gefälle
Maß-                   | nahmen              | Maßnahmen
(Bildungs-             | büros)              | (Bildungsbüros)
Eltern/Erziehungs-     | berechtigte         | Eltern/Erziehungsberechtigte
die Kita-              | Integration         | die Kita-Integration
die Nord-              | Stadt               | die Nord-Stadt
die KAoA-              | Koordinierung       | die KAoA-Koordinierung
per E-                 | Mail                | per E-Mail
per E-                 | mail                | per E-mail
EU-                    | weit                | EU-weit
IT-                    | gestützte Verfahren | IT-gestützte Verfahren
Baden-                 | Württemberg         | Baden-Württemberg
Paul-Gerhardt-         | Schule              | Paul-Gerhardt-Schule
Vor-Ort-               | Termin              | Vor-Ort-Termin
SGB-II-                | Leistungen          | SGB-II-Leistungen
Montag-                | Freitag             | Montag-Freitag
2018-                  | 2020                | 2018-2020
§§ 11-                 | 14 SGB VIII         | §§ 11-14 SGB VIII
15-                    | jährige             | 15-jährige
Covid-19-              | Pandemie            | Covid-19-Pandemie
die Schul-             | und Jugendämter     | die Schul- und Jugendämter
Ein-                   | oder zweimal        | Ein- oder zweimal
Ganztags-              | bzw. Halbtagsschule | Ganztags- bzw. Halbtagsschule
Bildungs-              | sowie Sozialplanung | Bildungs- sowie Sozialplanung
haupt-                 | wie ehrenamtlich    | haupt- wie ehrenamtlich
Schulverwaltung und -  | entwicklung         | Schulverwaltung und -entwicklung
Planung bzw. -         | steuerung           | Planung bzw. -steuerung
Schüler*-              | innen               | Schüler*innen
Bürger:-               | innenrat            | Bürger:innenrat
ein Ort –              | und mehr            | ein Ort – und mehr
kein Wort -            | nur Strich          | kein Wort - nur Strich
www.kommunale-         | koordinierung.de    | www.kommunale-koordinierung.de
info@stadt-            | hof.example         | info@stadt-hof.example
weiches\u00ad          | ende                | weichesende
QUARTIERS-             | MANAGEMENT          | QUARTIERS-MANAGEMENT
Wort                   | weiter              | Wort weiter
"""
# The words that stand whole elsewhere, then the line end.
BY_KNOWN_WORDS = """
deutsch-türkische       | deutsch-      | türkischen Familien   | deutsch-türkischen Familien
sozialräumlich          | sozial-       | räumliche Planung     | sozialräumliche Planung
die Werkstatt           | die Werk-     | statt                 | die Werkstatt
Eidgenossen             | der Eidge-    | nosse                 | der Eidgenosse
SchülerInnen            | die Schüler-  | Innen                 | die SchülerInnen
Quartiersmanagements    | QUARTIERS-    | MANAGEMENT            | QUARTIERSMANAGEMENT
Nordstadt               | die Nord-     | Stadt                 | die Nord-Stadt
Make-or-buy             | die Make-or-  | buy-Entscheidung      | die Make-or-buy-Entscheidung
Pro-aktive              | ein pro-      | aktiver Ansatz        | ein pro-aktiver Ansatz
Westfalen               | Nordrhein-West- | falen               | Nordrhein-Westfalen
Nichtregierung          | Nicht-        | regierung und -leute  | Nichtregierung und -leute
"""


def _rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in row.split("|")) for row in table.strip().splitlines()]


@pytest.mark.parametrize(("head", "tail", "joined"), _rows(BY_RULE))
def test_by_rule(head: str, tail: str, joined: str) -> None:
    assert join_lines(head, tail) == joined


@pytest.mark.parametrize(("known", "head", "tail", "joined"), _rows(BY_KNOWN_WORDS))
def test_by_the_words_of_the_document(known: str, head: str, tail: str, joined: str) -> None:
    assert join_lines(head, tail, words_of([f"Hier steht {known} ganz."], {})) == joined


def test_the_document_weighs_more_than_the_corpus() -> None:
    corpus = {key("prosoziales"): 900}
    assert join_lines("pro-", "soziales Handeln", words_of([], corpus)) == "prosoziales Handeln"
    own = words_of(["pro-soziales Verhalten"], corpus)
    assert join_lines("pro-", "soziales Handeln", own) == "pro-soziales Handeln"


def test_pieces_at_line_ends_are_no_words() -> None:
    stock = words_of(["Das Quartiers-", "management der Stadt", "endet."], {})
    assert not {key("Quartiers"), key("management")} & stock.own.keys()
    assert key("Stadt") in stock.own


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_letter_is_ever_lost(head: str, tail: str) -> None:
    joined = join_lines(head, tail)
    assert [c for c in joined if c.isalnum()] == [c for c in head + tail if c.isalnum()]


def _document(number: int, text: str) -> Document:
    return Document(id=f"d-{number}", title="Titel", text=text, source="test")


def _stock_of(path: Path, *texts: str, whole: bool = True) -> Mapping[str, int]:
    words = CorpusWords()
    for number, text in enumerate(texts):
        words.note(_document(number, text))
    words.save(path, whole=whole)
    read_stock.cache_clear()
    return read_stock(str(path))


def test_what_the_index_counted_repairs_a_pdf(tmp_path: Path) -> None:
    pages = [
        Page(
            (
                Line("In dieser Zeile geht es um die Werk-"),
                Line("statt für deutsch-"),
                Line("türkische Vereine."),
            )
        )
    ]
    assert "Werk- statt für deutschtürkische" in reflow(pages)
    text = "Die Werkstatt der deutsch-türkischen Vereine ist eine offene Werkstatt."
    stock = _stock_of(tmp_path / "cache" / "words.tsv", text, text)
    assert "Werkstatt für deutsch-türkische Vereine" in reflow(pages, stock)


def test_words_that_stand_once_are_not_kept_and_later_runs_add_theirs(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    assert set(_stock_of(path, "Kinderschutz Kinderschutz Tippfheler")) == {key("Kinderschutz")}
    later = _stock_of(path, "Kinderschutz Jugendhilfe Jugendhilfe", whole=False)
    assert later == {key("Kinderschutz"): 3, key("Jugendhilfe"): 2}
    assert set(_stock_of(path, "Jugendhilfe Jugendhilfe")) == {key("Jugendhilfe")}


@pytest.mark.parametrize("damage", [None, b"\xff\xfe", b"Wort\tviele\n"])
def test_without_a_usable_list_the_rules_decide(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "words.tsv"
    if damage is not None:
        path.write_bytes(damage)
    read_stock.cache_clear()
    assert read_stock(str(path)) == {}
