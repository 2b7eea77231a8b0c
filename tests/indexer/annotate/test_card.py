"""The practice card: quoted spans under headings and cue phrases, and nothing where there is nothing."""

from __future__ import annotations

import pytest

from indexer.annotate.card import SECTION_CHARS, CardReader
from indexer.annotate.phrases.matching import PatternIndex
from kb.model import CARD_FIELDS
from tests.indexer.annotate.conftest import reading

CARDS = CardReader(PatternIndex())
PRACTICE, REPORT = "praxisbeispiel", "veranstaltungsbericht"


def card(text: str, kind: str = PRACTICE) -> dict[str, list[str]]:
    source = reading(text)
    fields = CARDS.read(source).card(kind)
    for field in fields:
        for item in field.evidence:
            assert source.document.text[item.start : item.end] == item.text
            assert item.text == item.text.strip()
            assert item.rule
    return {field.id: [item.text for item in field.evidence] for field in fields}


def test_sections_under_headings_in_the_order_of_the_card() -> None:
    text = """## Ergebnisse

Von 112 jungen Leuten sind 91 noch in der Lehre.

## Ausgangslage

Jede vierte Auszubildende denkt ans Aufhören.

Seit Corona häufen sich Ängste.

## Weiteres

Das gehört nicht dazu."""
    assert card(text) == {
        "ausgangslage": ["Jede vierte Auszubildende denkt ans Aufhören.\n\nSeit Corona häufen sich Ängste."],
        "ergebnis": ["Von 112 jungen Leuten sind 91 noch in der Lehre."],
    }
    assert list(card(text)) == ["ausgangslage", "ergebnis"]


@pytest.mark.parametrize(
    ("line", "field", "quoted"),
    [
        ("Problem: Viele leben allein.", "ausgangslage", "Viele leben allein."),
        ("**Hürden:** Schlüsselfrage, Abwasch", "stolpersteine", "Schlüsselfrage, Abwasch"),
        ("Was wir tun. Ein Coach besucht sie im Betrieb.", "vorgehen", "Ein Coach besucht sie im Betrieb."),
        ("Kontakt: Gemeinwesenarbeit Malstatt", "ansprechperson", "Gemeinwesenarbeit Malstatt"),
        ("- Förderung: Land und ESF bis 2023", "laufzeit_foerderung", "Land und ESF bis 2023"),
    ],
)
def test_lines_that_open_with_their_heading(line: str, field: str, quoted: str) -> None:
    assert card(f"Ein Satz davor.\n{line}\nEin Satz danach.") == {field: [quoted]}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Träger ist der Verein Brücke.", "beteiligte"),
        ("Finanziert werden die Bänke aus dem Verfügungsfonds.", "laufzeit_foerderung"),
        ("Schwierig bleibt die Wohnungsfrage.", "stolpersteine"),
        ("Das Angebot richtet sich an Jugendliche ohne Abschluss.", "zielgruppe"),
        ("Angefangen hat es mit einer kaputten Parkbank.", "ausgangslage"),
    ],
)
def test_sentences_with_a_cue_phrase(text: str, field: str) -> None:
    assert card(f"Es regnet heute. {text} Und weiter geht es.") == {field: [text]}


def test_what_is_not_there_stays_empty() -> None:
    assert card("Wir lesen vor. Alle hören zu.") == {}


def test_other_kinds_have_no_card() -> None:
    assert card("## Ziel\n\nAlle lesen.", "sonstiges") == {}


def test_a_report_needs_several_headed_fields() -> None:
    text = "## Ziel\n\nAlle lesen.\n\n## Vorgehen\n\nWir üben.\n\nTräger ist der Verein."
    assert card(text, REPORT) == {}
    assert set(card(text + "\n\n## Ergebnis\n\nEs klappt.", REPORT)) == {"ziel", "vorgehen", "ergebnis"}


def test_long_sections_are_cut_at_a_sentence() -> None:
    (quoted,) = card("## Vorgehen\n\n" + "Ein Satz von einiger Länge steht hier. " * 40)["vorgehen"]
    assert len(quoted) <= SECTION_CHARS
    assert quoted.endswith("hier.")


def test_a_sentence_serves_one_field() -> None:
    text = "Träger ist der Verein, gefördert vom Land, und schwierig war es nicht."
    assert sum(len(quotes) for quotes in card(text).values()) == 1


def test_every_field_of_the_model_can_be_found() -> None:
    assert {field.id for field in CARDS._fields} == set(CARD_FIELDS)


def test_several_fields_in_one_line() -> None:
    text = "Ergebnis: Zwei neue Bäume. Stolperstein: Datenschutz bei Fotos. Fördermittel: Bund, 8.700 Euro."
    assert card(f"{text}\nEin Satz danach.") == {
        "ergebnis": ["Zwei neue Bäume."],
        "stolpersteine": ["Datenschutz bei Fotos."],
        "laufzeit_foerderung": ["Bund, 8.700 Euro."],
    }


def test_a_sentence_goes_on_behind_its_colon() -> None:
    text = "Wichtig ist das erste Gespräch zu dritt: Wenn die Chemie nicht stimmt, wird getauscht."
    assert card(f"Alle lesen. {text} Alle gehen.") == {"uebertragbarkeit": [text]}


def test_a_sentence_ends_with_its_line_even_behind_a_colon() -> None:
    assert card("Wichtig ist uns allen:\n- Geduld\n- Kaffee") == {
        "uebertragbarkeit": ["Wichtig ist uns allen:"]
    }


def test_how_often_something_happens_leaves_a_sentence_to_the_other_fields() -> None:
    text = "Übertragen lässt sich das überall, wo sich alle einmal im Monat an einen Tisch setzen."
    assert card(text) == {"uebertragbarkeit": [text]}


def test_a_question_is_quoted_with_its_answer() -> None:
    text = "Das Team ist zufrieden. Was fehlt? Ein Wickeltisch und Geld für Dolmetscher. Im Mai geht es weiter."
    assert card(text)["stolpersteine"] == ["Was fehlt? Ein Wickeltisch und Geld für Dolmetscher."]
