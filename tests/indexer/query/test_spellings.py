"""Every spelling of a word finds every other one, in a text of its own, and the place is marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.backends.memory import MemoryBackend
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer
from kb.model import IndexEntry, SearchHit, SearchQuery

ANALYZER = GermanAnalyzer()
FILLER = "Nachbarinnen backen am Samstag Brot; um 3 Uhr holen sie es mit dem Wagen ab."


def hits(text: str, query: str, *, correct: bool = True) -> tuple[SearchHit, ...]:
    """What a query finds among this text and one that has nothing to do with it."""
    backend = MemoryBackend(ANALYZER)
    with backend.writer() as writer:
        for doc_id, body in (("text", text), ("filler", FILLER)):
            writer.put(
                IndexEntry(doc_id, f"r-{doc_id}", "Ohne Betreff", body, source="hof", doc_type="sonstiges")
            )
    return backend.search(SearchQuery(query, correct=correct)).hits


def assert_found(spelling: str, query: str) -> None:
    text = f"Gestern war von {spelling} die Rede."
    found = hits(text, query)
    assert [hit.entry.id for hit in found] == ["text"], (spelling, query)
    assert "<mark>" in found[0].snippet, (spelling, query, found[0].snippet)
    assert found[0].snippet.replace("<mark>", "").replace("</mark>", "").startswith("Gestern war von")


MUTUAL = [
    # compatibility forms
    ["Proﬁtgrenze", "Profitgrenze"],
    ["Schiﬀahrt", "Schiffahrt"],
    ["inoﬃziell", "inoffiziell", "in\u00adoﬃ\u00adziell"],
    ["Geﬂügelhof", "Geflügelhof"],
    ["Waſſerﬅelle", "Wasserstelle"],
    ["NO₂", "NO2", "no2"],
    ["N₂O-Messung", "N2O-Messung", "n2omessung"],
    ["dm³", "dm3"],
    ["㎢", "km²", "km2"],
    ["Ｗｅｒｋｈｏｆ", "Werkhof"],
    ["Raum ２７", "Raum 27"],
    ["Artikel Ⅳ", "Artikel IV"],
    # dots of plain language
    ["Kinder·garten·platz", "Kindergartenplatz", "Kinder•garten•platz", "Kinder‧garten‧platz"],
    ["Wohn⋅geld⋅stelle", "Wohngeldstelle", "Wohn・geld・stelle"],
    ["Sozial·arbeiter·innen", "Sozialarbeiterinnen", "Sozialarbeiter"],
    # letters
    ["Krđžić", "Krdzic", "KRĐŽIĆ"],
    ["Anđelko", "Andjelko"],
    ["Łukasz", "Lukasz"],
    ["Sørensen", "Sorensen", "Soerensen", "Sörensen"],
    ["Ångström", "Angstrom", "Aangström"],
    ["Þingvellir", "Thingvellir"],
    ["Sæmundsson", "Saemundsson"],
    ["Diyarbakır", "Diyarbakir"],
    ["Šibenik", "Sibenik"],
    ["Hőgyész", "Hogyesz"],
    # capitals
    ["LeseClub", "Lese-Club", "Leseclub", "Lese Club"],
    ["BürgerApp", "Bürger-App", "Bürger App"],
    ["InfoPoint", "Info Point", "infopoint"],
    ["eTutoring", "E-Tutoring", "etutoring"],
    # brackets
    ["(Fort-)Bildung", "(Fort)Bildung", "Fortbildung"],
    ["Stadt(teil)büro", "Stadtteilbüro"],
    ["Schüler(innen)rat", "Schüler*innenrat", "Schülerrat"],
    # letters and digits
    ["Ü27", "Ü-27", "Ü 27", "ü 27", "Ü–27"],
    ["§ 45 k", "§ 45k", "§45k"],
    ["EN 1090", "EN1090", "EN-1090"],
    ["Klasse 7 d", "Klasse 7d"],
    ["12 km", "12km", "12\u00a0km"],
    ["SGB IX", "SGB 9", "SGB Ⅸ", "S.G.B. IX"],
    ["Sekundarstufe II", "Sekundarstufe 2"],
    ["Corona21", "Corona 21", "Corona-21"],
    ["50 000", "50.000", "50000", "50\u202f000", "50\u00a0000", "50'000"],
    ["1½ Stellen", "1 1/2 Stellen"],
    # signs
    ["F&E", "F & E", "f&e"],
    ["C++", "c++"],
    ["Ku'damm", "Ku’damm", "Kudamm"],
    ["Großstraße", "GROẞSTRAẞE", "Grossstrasse"],
]


@pytest.mark.parametrize("spellings", MUTUAL, ids=[group[0] for group in MUTUAL])
def test_every_spelling_finds_every_other(spellings: list[str]) -> None:
    for spelling in spellings:
        for query in spellings:
            assert_found(spelling, query)


@pytest.mark.parametrize(
    ("spelling", "query"),
    [
        ("Lesepaten¹", "Lesepaten"),
        ("Schüler*innen²", "Schüler"),
        ("Kinder·garten·platz", "Garten"),
        ("Stadt(teil)büro", "Stadtbüro"),
        ("(Fort-)Bildung", "Bildung"),
        ("LeseClub", "Club"),
        ("LeseClub", '"Lese Club"'),
        ("Lese Club", '"LeseClub"'),
        ("Ü-27-Treffen", "Ü27"),
        ("Ü-27-Treffen", "Ü 27 Treffen"),
        ("Hartz-IV-Satz", "Hartz 4"),
        ("Schul- und Ausbildungswege", "Schulwege"),
        ("Fahrrad- und Rollerwerkstätten", "Fahrradwerkstatt"),
        ("Auf- und Abstieg", "Aufstieg"),
        ("Wohnungs- und Obdachlosigkeit", "Wohnungslosigkeit"),
        ("Theaterprobe und -aufführung", "Theateraufführung"),
    ],
)
def test_what_a_word_shows_is_found(spelling: str, query: str) -> None:
    assert_found(spelling, query)


@pytest.mark.parametrize(
    ("spelling", "query"),
    [
        ("BAföG", "Baf"),
        ("GmbH", "Gmb"),
        ("KiTa", "Ta"),
        ("LehrerInnen", "Innen"),
        ("Be·ra·tung", "Tung"),
        ("ab 16", "ab16"),
        ("Kita · Hort", "Kitahort"),
        ("Wort(siehe unten)", "Wortsiehe"),
        ("EU¹", "EU1"),
    ],
)
def test_nonsense_is_not_found(spelling: str, query: str) -> None:
    assert hits(f"Gestern war von {spelling} die Rede.", query, correct=False) == ()


def test_an_index_of_files_finds_them_all(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index", ANALYZER)
    with backend.writer() as writer:
        for number, group in enumerate(MUTUAL):
            for spelling in group:
                text = f"Gestern war von {spelling} die Rede."
                writer.put(
                    IndexEntry(
                        f"{number}-{spelling}", "r", "Ohne Betreff", text, source="hof", doc_type="sonstiges"
                    )
                )
    for number, group in enumerate(MUTUAL):
        for query in group:
            found = {hit.entry.id for hit in backend.search(SearchQuery(query, limit=200)).hits}
            assert {f"{number}-{spelling}" for spelling in group} <= found, query


def test_two_words_written_as_one_are_corrected() -> None:
    found = hits("Der Verein lädt zum Kultur Picknick ein.", "kulturpicknick")
    assert [hit.entry.id for hit in found] == ["text"]
