from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.lines.stamps import is_label, is_of_event, read_dateline, read_stamp

DAY, LATER = "2019-05-07", "2019-05-09"


@pytest.mark.parametrize(
    ("line", "published", "modified", "plain"),
    [
        ("Veröffentlicht am 7. Mai 2019", DAY, None, None),
        ("Veröffentlicht am 7. Mai 2019, aktualisiert am 9. Mai 2019", DAY, LATER, None),
        ("Aktualisiert am 09.05.2019 – Erstellt am 07.05.2019", DAY, LATER, None),
        ("Erstellt: 07.05.2019 | Zuletzt geändert: 09.05.2019", DAY, LATER, None),
        ("07.05.2019, 10:00 Uhr | Aktualisiert: 09.05.2019, 11:12 Uhr", None, LATER, DAY),
        ("Pressemitteilung Nr. 12/2019 vom 7. Mai 2019", DAY, None, None),
        ("Pressemitteilung Nr. 12 / 07.05.2019", DAY, None, None),
        ("Gespeichert von redaktion am Di., 7. Mai 2019 - 10:12", DAY, None, None),
        ("Gespeichert von ida.beispiel am Di., 07.05.2019 - 10:12", DAY, None, None),
        ("von Ida Beispiel — veröffentlicht 07.05.2019 10:00", DAY, None, None),
        ("Dieser Beitrag wurde am 7. Mai 2019 von Ida in Allgemein veröffentlicht.", DAY, None, None),
        ("Erschienen im Mai 2019", "2019-05", None, None),
        ("Veröffentlicht: 2007", "2007", None, None),
        ("Erscheinungsjahr 2007", "2007", None, None),
        ("Stand: 07.05.2019", None, DAY, None),
        ("Stand: Mai 2019", None, "2019-05", None),
        ("Letzte Änderung: 7. Mai 2019", None, DAY, None),
        ("Dienstag, 7. Mai 2019, 10:12 Uhr", None, None, DAY),
        ("Datum: 07.05.2019", None, None, DAY),
        ("07.05.19", None, None, DAY),
        ("Görlitz, den 7. Mai 2019", None, None, DAY),
        ("7. Mai 2019 | Schule | Aktuelles", None, None, DAY),
        ("Spielbericht | 07.05.2019 | mdr", None, None, DAY),
        ("07. Mai 2019 / von Ida Beispiel / in Allgemein", None, None, DAY),
        ("Lesezeit: 3 Minuten · 7. Mai 2019", None, None, DAY),
    ],
)
def test_stamps(line: str, published: str | None, modified: str | None, plain: str | None) -> None:
    stamp = read_stamp(line)
    assert stamp is not None
    found = (stamp.published, stamp.modified, stamp.plain)
    assert tuple(str(date) if date else None for date in found) == (published, modified, plain)


@pytest.mark.parametrize(
    "line",
    [
        "Am 7. Mai 2019 fand der Fachtag statt.",
        "Sommerfest am 7. Mai 2019",
        "Termin: 7. Mai 2019",
        "Beginn: 7. Mai 2019, 19 Uhr",
        "7. Mai 2019, 18–20 Uhr",
        "7.–9. Mai 2019",
        "7. Mai 2019 bis 9. Mai 2019",
        "Bewerbungsfrist: 7. Mai 2019",
        "Foto: Paul Muster, 7. Mai 2019",
        "Sitzung vom 7. Mai 2019",
        "Ida Beispiel, geboren am 7. Mai 1969",
        "Presseinformation 12/2019",
        "Veröffentlicht 2007 in Hof",
        "Meldungen 2007",
        "© 2019 Stadt Hof",
        "7. Mai",
        "Seite 3 von 12",
        "",
    ],
)
def test_other_lines_are_no_stamps(line: str) -> None:
    assert read_stamp(line) is None


@pytest.mark.parametrize(
    "text",
    [
        "Görlitz, 7. Mai 2019. Das Bildungsbüro hat Nachbarinnen geschult.",
        "Görlitz, den 7. Mai 2019",
        "Görlitz/Zittau, 07.05.2019 – Der Verein lädt ein.",
        "Frankfurt am Main, 7. Mai 2019: Der Magistrat …",
        "Halle (Saale), 7. Mai 2019. Der Rat …",
        "(Görlitz, 7. Mai 2019) Der Rat …",
    ],
)
def test_datelines(text: str) -> None:
    assert str(read_dateline(text)) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "Dienstag, 7. Mai 2019. Wir fuhren früh los.",
        "Am Samstag, 7. Mai 2019, fand der Lauf statt.",
        "Stand, 7. Mai 2019",
        "Görlitz, 7. Mai 2019, und Zittau, 9. Mai 2019, sind die Termine.",
        "Das Fest beginnt in Görlitz, 7. Mai 2019.",
        "Görlitz, Mai 2019. Der Rat",
        "Görlitz",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


def test_labels() -> None:
    assert is_label("Veröffentlicht am:")
    assert is_label("Datum")
    assert is_label("Termin:")
    assert not is_label("Meinung der Stadt:")
    assert is_of_event("Ort: Stadthalle")
    assert is_of_event("Uhrzeit")
    assert not is_of_event("Der Ort war gut gewählt")


@given(
    st.lists(
        st.sampled_from(
            ["7.", "5.", "2019", " Mai ", "Stand", ": ", ", ", " bis ", "–", " am ", "von ", "Hof", "10:12"]
        ),
        max_size=30,
    ).map("".join)
)
def test_any_line_is_a_stamp_or_none(line: str) -> None:
    stamp = read_stamp(line)
    assert stamp is None or any((stamp.published, stamp.modified, stamp.plain))
    read_dateline(line)
