from __future__ import annotations

import pytest

from crawler.extract.printed.garbled import is_garbled
from kb.errors import UnreadableInputError
from tests.crawler.extract.samples import PARAGRAPH, pdf, read


def _shifted(text: str, by: int) -> str:
    """What a font with an encoding of its own and no character map gives."""
    return "".join(chr(ord(character) + by) if character.isalpha() else character for character in text)


@pytest.mark.parametrize(
    "text",
    [
        _shifted(PARAGRAPH.lower() * 2, 1),
        _shifted(PARAGRAPH.lower() * 2, 2),
        "".join(chr(0xF000 + ord(character) % 200) for character in PARAGRAPH),
        "Gute �berg�nge brauchen gute Nachbarsch�ft. ���� " * 4,
    ],
)
def test_letters_that_stand_for_others_are_noticed(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        PARAGRAPH * 2,
        "",
        "Kurz: KMK BMBF GmbH.",
        # A list of abbreviations and partners has no stop words, and is honest.
        "SGB BMFSFJ KMK DJI IHK HWK gGmbH VHS BNE MINT Kita Hort OGS Schulamt Jugendamt Bildungsbüro " * 8,
        "Schwerpunkt Kraftwerk Herbst Markt Dorf Stadt Wald Volk Schrift Sprung Strumpf Angst " * 8,
        "Müller Schmidt Yıldız Kowalczyk Wójcik Krč Brno Nguyễn Öztürk Şahin Çelik Ağaoğlu " * 8,
        "Образование в районе: переход от школы к профессии и помощь семьям. " * 8,
        "التعليم في الحي والانتقال من المدرسة إلى المهنة " * 10,
    ],
)
def test_honest_texts_are_not(text: str) -> None:
    assert not is_garbled(text)


def test_a_pdf_with_a_broken_text_layer_is_refused_with_its_remedy() -> None:
    lines = [_shifted(line, 1) for line in (PARAGRAPH.lower() * 3).split(", ")]
    with pytest.raises(UnreadableInputError, match=r"kaputt\.pdf: die Textebene.*OCR"):
        read(pdf([lines]), "kaputt.pdf")
