"""Which date is the event's: days counted from writing, datelines, and what speaks for and against a date."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.annotate.data.weights import CONSTANT, read_weights
from indexer.annotate.dates.counted_days import find_relative
from indexer.annotate.dates.datelines import is_dateline, written_on
from indexer.annotate.events import choice as event_choice
from kb.errors import ConfigurationError
from tests.indexer.annotate.events.test_find import ANNOUNCEMENT, REPORT, find, start

FRIDAY = date(2023, 11, 17)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("erfuhren gestern Abend rund achtzig Gäste", date(2023, 11, 16), None),
        ("Vorgestern kamen alle", date(2023, 11, 15), None),
        ("Heute Vormittag tagte", FRIDAY, FRIDAY),
        ("Bis heute fehlt er", None, None),
        ("morgen Abend beginnt", None, date(2023, 11, 18)),
        ("Guten Morgen!", None, None),
        ("an diesem Freitag", FRIDAY, date(2023, 11, 24)),
    ],
)
def test_days_named_without_a_weekday(text: str, past: date | None, future: date | None) -> None:
    found = {mention.direction: mention.day for mention in find_relative(text, FRIDAY)}
    assert (found.get("past"), found.get("future")) == (past, future)


def test_a_weekend_has_two_days() -> None:
    (last,) = find_relative("Am vergangenen Wochenende feierte der Stadtteil.", FRIDAY)
    (following,) = find_relative("am kommenden Wochenende", FRIDAY)
    assert (last.day, last.last) == (date(2023, 11, 11), date(2023, 11, 12))
    assert (following.day, following.last) == (date(2023, 11, 18), date(2023, 11, 19))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KASSEL, 29.11.18. Mit dieser Frage war er nicht allein.", True),
        ("Rostock, 03.12.18 | Jule Wittmaack\n\nEin Gong.", True),
        ("Rostock, 3. Dezember 2018, 9 Uhr, Rathaus", False),
        ("Beim Treffen, 29.11.18. war viel los.", True),
        ("29./30. April 2019, Stadthalle", False),
    ],
)
def test_datelines(text: str, expected: bool) -> None:
    digits = next(index for index, char in enumerate(text) if char.isdigit())
    end = next(text.index(stop) + len(stop) for stop in ("11.18", "12.18", "2018", "2019") if stop in text)
    assert is_dateline(text, digits, end) is expected


def test_the_dateline_is_the_day_of_writing_where_it_fits() -> None:
    published = date(2018, 12, 4)
    assert written_on(date(2018, 11, 29), published) == date(2018, 11, 29)
    assert written_on(date(2018, 3, 1), published) == published
    assert written_on(None, published) == published
    assert written_on(date(2018, 11, 29), None) == date(2018, 11, 29)


def test_a_dateline_is_not_the_event_but_days_count_from_it() -> None:
    text = "Rostock, 03.12.18 | Jule\n\nBeim Treffen am 29.11.18 haben 48 Jugendliche mit Betrieben gesprochen."
    assert start(find(text, REPORT)) == "2018-11-29"
    text = (
        "KASSEL, 29.11.18. Rund 120 junge Geflüchtete sind an diesem Donnerstag zum Infotag an die Universität "
        "gekommen. An zwölf Tischen ging es um Zeugnisse und Sprachkurse."
    )
    assert start(find(text, REPORT, published="2018-12-04")) == "2018-11-29"


@pytest.mark.parametrize(
    ("text", "kind", "published", "expected"),
    [
        ("Am kommenden Samstag wird die Veringstraße zur Bewegungsmeile, alle sind eingeladen. Bei Regen wird "
         "das Fest auf den 21. Mai verschoben.", ANNOUNCEMENT, "2022-05-11", "2022-05-14"),
        ("Das Quartiersbüro lädt am kommenden Donnerstag von 17 bis 20 Uhr zur Konferenz ein. Die letzte "
         "Konferenz im September 2021 musste digital stattfinden.", ANNOUNCEMENT, "2023-03-20", "2023-03-23"),
        ("Sonnabend, 16. September 2023, kurz vor neun: 380 Fachkräfte sind zum Kongress gekommen. Danach "
         "wurde diskutiert.\n\nDer 6. Kongress findet am 15. März 2025 statt.", REPORT, None, "2023-09-16"),
        ("Im Saal hat die Volkshochschule gestern die Absolventen ihrer Kurse verabschiedet. Die nächsten "
         "Kurse beginnen am 26. August.", REPORT, "2024-07-03", "2024-07-02"),
    ],
)  # fmt: skip
def test_the_event_among_other_dates(text: str, kind: str, published: str | None, expected: str) -> None:
    assert start(find(text, kind, published=published)) == expected


def test_weights_name_the_kinds_they_are_for() -> None:
    weights = read_weights(event_choice.WEIGHTS, (event_choice.COLUMN,))
    assert CONSTANT in weights
    assert weights["auf der falschen Seite, Bericht"][event_choice.COLUMN] < 0
    with pytest.raises(ConfigurationError, match="Spalten"):
        read_weights(event_choice.WEIGHTS, ("anders",))
