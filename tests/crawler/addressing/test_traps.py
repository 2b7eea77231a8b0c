"""Traps are known by their addresses and by what they bring; honest addresses are not taken for any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.traps import BARREN_PAGES, Traps, repeats, shape

HOST = "https://stadt.de"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/a/b/a/b/a/b/x", "endloser Pfad"),
        ("/weiter/weiter/weiter", "endloser Pfad"),
        ("/" + "/".join(f"t{n}" for n in range(30)), "endloser Pfad"),
        ("/x?q=" + "y" * 3_000, "endloser Pfad"),
        ("/kalender/2099/05", "Kalenderblatt"),
        ("/termine?tag=01.05.2031", "Kalenderblatt"),
        ("/events/2031-05-01", "Kalenderblatt"),
        ("/veranstaltungen?monat=3&jahr=1970", "Kalenderblatt"),
        ("/(S(abcdefghij0123456789klmn))/seite.aspx", "Sitzungskennung"),
        ("/shop/sid-4f9a1c0b7de85a23/seite", "Sitzungskennung"),
    ],
)
def test_traps_are_known_by_their_address(path: str, words: str) -> None:
    assert words in (Traps(2025).refusal(HOST + path) or "")


@pytest.mark.parametrize(
    "path",
    [
        "/berichte/2024/05/Übergänge-gestalten.html",
        "/kalender/2025/12",
        "/chronik/1848/revolution",  # an old year, and no calendar
        "/jugend/beruf/jugend/beruf",
        "/sid/wer-wir-sind",
        "/veranstaltungen/fachtag-2019",
        "/veranstaltungen/agenda-2030",
        "/termine/vision-2050/programm",
        "/praevention/2035",  # has an event in it
        "/bildungsdaten/2035/prognose",  # has a date in it
        "/session-dokumentationsstelle",
        "/session-ergebnisse2024konferenz",
    ],
)
def test_honest_addresses_are_not_taken_for_traps(path: str) -> None:
    assert Traps(2025).refusal(HOST + path) is None


def test_shape_without_documents_is_left_and_one_with_documents_never() -> None:
    traps = Traps(2025)
    for n in range(BARREN_PAGES):
        assert traps.refusal(f"{HOST}/blatt/{n}") is None
        traps.note(f"{HOST}/blatt/{n}", is_document=False)
        traps.note(f"{HOST}/bericht/{n}", is_document=n % 10 == 0)
    assert "brachten kein Dokument" in (traps.refusal(f"{HOST}/blatt/999") or "")
    assert traps.refusal(f"{HOST}/bericht/999") is None


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_repetition_is_three_times_the_same_block(segments: list[str]) -> None:
    expected = any(
        segments[i : i + 3 * n] == segments[i : i + n] * 3
        for n in (1, 2, 3)
        for i in range(len(segments))
        if i + 3 * n <= len(segments)
    )
    assert repeats("/" + "/".join(segments)) is expected


def test_shape_forgets_numbers_and_values() -> None:
    assert shape(f"{HOST}/a/12?x=1&b=2") == shape(f"{HOST}/a/7?b=9&x=")
    assert shape(f"{HOST}/a") != shape(f"{HOST}/b")
