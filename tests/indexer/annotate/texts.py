"""Whole texts with what they are, for the tests of all annotators together."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model import Document
from tests.indexer.annotate.conftest import document


@dataclass(frozen=True)
class Labelled:
    """A document and what a careful reader would conclude."""

    document: Document
    topics: frozenset[str]
    doc_type: str
    event: str | None
    places: frozenset[str]


ANNOUNCED_FORUM = Labelled(
    document(
        """ Bildung in der Kommune: zusammen weiter

Ein Anlass, viele Jahre
Als um die Jahrtausendwende viele Jugendliche keine Lehrstelle fanden, trafen sich Fachleute aus Städten und
Kreisen. Ihre
Überzeugung: auch „vor Ort“ lassen sich gelingende Übergänge in Ausbildung und Beruf gestalten. 2009 wurde
daraus ein
Netzwerk, das mit der ersten Jahrestagung 2010 in Bochum an die Öffentlichkeit trat.

Jahrestagung zum „Zehnten“ am 5./6.November 2020 in Bochum
Die 11. Jahrestagung findet nun am 5./6.11.2020 in Bochum statt, am Ort der ersten. Die Stadt Bochum war von
Anfang an
dabei. Ihre Praxis am Übergang von der Schule in die Arbeitswelt war ein Vorbild, ebenso wie ihr Augenmerk auf
die
Quartiersentwicklung. Das Schwerpunktthema „Kinder stärken im Quartier“ passt also an diesen Ort. Das Programm
der Tagung
steht auf der Seite www.netzwerk-beispiel.example .

Für Rückfragen: m.muster@netzwerk-beispiel.example""",
        title="Bildung in der Kommune: zusammen weiter",
    ),
    topics=frozenset({"uebergaenge", "quartier"}),
    doc_type="ankuendigung",
    event="2020-11-05/2020-11-06",
    places=frozenset({"Bochum"}),
)

REPORT_WITH_DIRT = Labelled(
    document(
        """Dr. Erika Beispiel
Am 14. März endete in Kiel die Reihe der drei Fachveranstaltungen. Die Teilnehmenden tauschten sich in
Workshops aus.
Nach einer Begrüßung durch das Ministerium folgte ein Impulsvortrag. Die Podiumsgäste diskutierten über die
Rolle der
Kommunalen Koordinatorinnen und Koordinatoren. Gerade bei der Integration Neuzugewanderter ins Bildungssystem
seien
Veränderungen nötig.


Wir sind keine Verwaltung, wir sind eine Werkstatt.
Jonas MusterWichtig sei, so die Runde, den Überblick zu behalten. Er ermutigte dazu, Neues zu wagen.
Modell Sprachklasse 18+ - Kooperation zwischen Berufsschule, Sprachkursträger (BAMF) und Jugendamt
Zielgruppe sind nicht mehr schulpflichtige Migranten und Flüchtlinge, die Unterstützung bei der
Berufsorientierung brauchen.
In dem Workshop wurden die Schritte vorgestellt und diskutiert.
Downloads
Bildergalerie mit Impressionen aus Kiel







Ansprechperson""",
        title="Am 14. März endete in Kiel die Reihe der drei Fachveranstaltungen.",
    ),
    topics=frozenset({"migration"}),
    doc_type="veranstaltungsbericht",
    event="--03-14",
    places=frozenset({"Kiel"}),
)

PRACTICE = Labelled(
    document(
        """## Ausgangslage

Im Kreis Unna fehlten 2017 Menschen, die in Elterngesprächen übersetzen.

## Vorgehen

Seit 2018 betreiben wir einen Pool mit 60 Sprachmittler*innen. Jeden Montag werden Anfragen aus Schulen und
Kitas verteilt.
Das Projekt wird gefördert durch das Land, Träger ist ein Verein aus Lünen.

## Erfahrungen

Im ersten Jahr gab es 400 Einsätze, inzwischen sind es 1.200. Stolpersteine waren kurzfristige Absagen.

## Übertragbarkeit

Eine halbe Stelle genügt für den Anfang.""",
        title="Praxisbeispiel: Sprachmittlung im Kreis Unna",
        published="2020-05-04",
    ),
    topics=frozenset({"migration"}),
    doc_type="praxisbeispiel",
    event=None,
    places=frozenset({"Kreis Unna", "Lünen"}),
)

GUIDE = Labelled(
    document(
        """Diese Handreichung hilft, eine Stadtteilkonferenz vorzubereiten.

1. Klären Sie das Ziel. Was soll sich im Stadtteil ändern?
2. Laden Sie früh ein, auch über Vereine und Kioske.
3. Planen Sie Zeit für Gespräche ein.

## Checkliste

- Prüfen Sie den Raum: Ist er barrierefrei?
- Benennen Sie eine Person, die Ergebnisse festhält.""",
        title="Leitfaden Stadtteilkonferenz",
    ),
    topics=frozenset({"quartier"}),
    doc_type="handreichung_konzept",
    event=None,
    places=frozenset(),
)

MINUTES = Labelled(
    document(
        """Anwesend: Frau Essen, Herr Weiden, Dr. Hof
Entschuldigt: Herr Singen

TOP 1: Genehmigung des Protokolls vom 12.01.2021
TOP 2: Verkehr am Bahnübergang Schulstraße
Die Verwaltung berichtet. Am Bahnübergang kommt es zu Stau.
TOP 3: Verschiedenes
Nächste Sitzung: 09.03.2021""",
        title="Niederschrift über die Sitzung des Verkehrsausschusses",
    ),
    topics=frozenset(),
    doc_type="sonstiges",
    event=None,
    places=frozenset(),
)

ALL = (ANNOUNCED_FORUM, REPORT_WITH_DIRT, PRACTICE, GUIDE, MINUTES)
