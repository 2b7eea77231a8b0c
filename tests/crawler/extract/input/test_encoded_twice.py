"""Umlauts that were encoded twice come back; whoever writes of such marks is quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.input.encoded_twice import doubtful, repaired
from tests.crawler.extract.samples import PARAGRAPH, read_page

SENTENCE = "Das Bildungsbüro lädt zur „Öffnung“ am Äußeren Ring – für Groß & Klein, Eintritt 5 € …"


def twice(text: str) -> str:
    """As a program spoils it that takes the bytes of UTF-8 for Windows-1252, whose holes stay as they are."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
        for byte in text.encode()
    )


def test_a_spoilt_sentence() -> None:
    assert "BildungsbÃ¼ro" in twice(SENTENCE)
    assert repaired(twice(SENTENCE)) == SENTENCE


def test_a_spoilt_text_within_a_sound_page() -> None:
    page = f"<nav>Menü für Bürger</nav><p>{twice(SENTENCE)}</p>"
    assert repaired(page) == f"<nav>Menü für Bürger</nav><p>{SENTENCE}</p>"


def test_a_page_is_repaired_when_it_is_read() -> None:
    found = read_page(f"<main><h1>{twice('Frühstück')}</h1><p>{twice(SENTENCE)}</p><p>{PARAGRAPH}</p></main>")
    assert found.title == "Frühstück"
    assert SENTENCE in found.text


@pytest.mark.parametrize(
    "text",
    [
        "Steht im Text Ã¼ statt ü, wurde die Datei falsch gelesen.",
        "A CORUÑA, SÃO PAULO und ÂNGELA",
        "Vgl. Â und Ã im Alphabet.",
        "naïve Größe: 5 €",
        SENTENCE,
    ],
)
def test_what_was_meant_stays(text: str) -> None:
    assert repaired(text) == text


@given(st.text("abcäöüÄÖÜß „“–€é.", max_size=60))
def test_sound_german_is_never_changed(text: str) -> None:
    assert repaired(text) == text


def test_what_is_not_sure_is_left_and_said() -> None:
    text = "Wer „Ã¼“ sieht, hat einen Umlaut falsch gelesen."
    assert repaired(text) == text
    assert doubtful(text) == ("einzelne Zeichen sind vielleicht doppelt kodiert („Ã¼“ für „ü“)",)
    assert doubtful("Ångström und Übergänge") == ()
