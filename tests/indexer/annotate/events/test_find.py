"""The event's own date among all dates of a text."""

from __future__ import annotations

import pytest

from indexer.annotate.events.find import EventFinder
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.text.language import german
from indexer.annotate.text.reading import read
from kb.model import EventTag
from tests.indexer.annotate.conftest import document

REPORT, ANNOUNCEMENT, PRACTICE = "veranstaltungsbericht", "ankuendigung", "praxisbeispiel"
FINDER = EventFinder(PatternIndex())


def find(
    text: str, kind: str | None, *, title: str = "Ohne Titel", published: str | None = None
) -> EventTag | None:
    reading = read(document(text, title=title, published=published), german())
    return FINDER.dates(reading).event(kind)


def start(tag: EventTag | None) -> str | None:
    return str(tag.event.start) if tag else None


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Der Fachtag fand am 15. Mai 2014 in Halle statt. Anmeldeschluss war der 1. Mai 2014.",
         REPORT, "2014-05-15"),
        ("Termin: Donnerstag, 17.10.2024, 9.00 bis 16.30 Uhr\nBitte bis zum 30. September anmelden.",
         ANNOUNCEMENT, "2024-10-17"),
        ("Stand: 3. Februar 2019\n\nAm 9. März 2019 lädt das Bildungsbüro zum Fachtag ein.",
         ANNOUNCEMENT, "2019-03-09"),
        ("Die Satzung vom 3. Mai 2012 gilt seit dem 1. Januar 2013.", "sonstiges", None),
        ("Wir begleiten seit dem 1. August 2016 Familien.", PRACTICE, None),
        ("Das Netzwerk wurde am 4. Juli 2008 gegründet.", REPORT, None),
    ],
)  # fmt: skip
def test_which_date_is_the_event(text: str, kind: str, expected: str | None) -> None:
    assert start(find(text, kind)) == expected


def test_a_year_that_nobody_states_is_not_invented() -> None:
    tag = find("Am 26. Juni endete in Bremen die Reihe der Fachveranstaltungen.", REPORT)
    assert start(tag) == "--06-26"
    assert tag is not None
    assert not tag.event.inferred


@pytest.mark.parametrize(
    ("kind", "published", "expected"),
    [
        (REPORT, "2019-07-02", "2019-06-26"),
        (REPORT, "2019-02-01", "2018-06-26"),
        (ANNOUNCEMENT, "2019-02-01", "2019-06-26"),
        (ANNOUNCEMENT, "2019-11-20", "2020-06-26"),
        (REPORT, "2019-07", "2019-06-26"),
        (REPORT, "2019", "--06-26"),
    ],
)
def test_years_are_inferred_from_the_publication_and_marked(kind: str, published: str, expected: str) -> None:
    tag = find("Am 26. Juni findet in Bremen der Fachtag statt.", kind, published=published)
    assert start(tag) == expected
    assert tag is not None
    assert tag.event.inferred is (expected[0] != "-")


def test_a_day_soon_after_a_report_is_the_next_events() -> None:
    text = "Der Fachtag war gut besucht. Am 15. März folgt ein Seminar in Jena, alle freuen sich."
    assert find(text, REPORT, published="2024-01-30") is None


def test_the_date_at_the_head_of_a_text_is_its_events() -> None:
    text = "29./30. April 2019, Stadthalle Ludwigslust\n\nWas brauchen Kinder? Frühbucherpreis bis 15. März."
    assert start(find(text, ANNOUNCEMENT)) == "2019-04-29"


def test_the_day_that_was_cancelled_is_not_the_events() -> None:
    text = "Der Workshop am 3. März 2022 ersetzt den ausgefallenen Termin vom 9. Dezember 2021."
    assert start(find(text, ANNOUNCEMENT)) == "2022-03-03"


def test_a_year_in_the_title_is_context() -> None:
    tag = find("Das Forum fand vom 7. bis 9. Mai statt.", REPORT, title="Jahresforum 2016")
    assert tag is not None
    assert (str(tag.event.start), str(tag.event.end), tag.event.inferred) == ("2016-05-07", "2016-05-09", True)


def test_a_year_stated_elsewhere_for_the_same_day_counts_as_stated() -> None:
    text = "Der Fachtag am 5. Mai war gut besucht.\n\nDokumentation des Fachtags vom 05.05.2017"
    tag = find(text, REPORT)
    assert tag is not None
    assert (str(tag.event.start), tag.event.inferred) == ("2017-05-05", False)


def test_a_report_prefers_what_is_past() -> None:
    text = "Am 4. Juni 2020 fand das Forum statt. Das nächste Forum findet am 3. Juni 2021 statt."
    assert start(find(text, REPORT, published="2020-06-10")) == "2020-06-04"


def test_a_weekday_before_publication() -> None:
    tag = find("Vergangenen Dienstag fand in Erfurt der Fachtag statt.", REPORT, published="2017-09-22")
    assert start(tag) == "2017-09-19"
    assert tag is not None
    assert tag.event.inferred


@pytest.mark.parametrize(
    ("day", "inferred"),
    [("am letzten Samstag im September 2017", False), ("am letzten Samstag im September", True)],
)
def test_a_weekday_of_a_month_is_inferred_where_its_year_is(day: str, inferred: bool) -> None:
    tag = find(f"Der Fachtag fand {day} in Erfurt statt.", REPORT, published="2017-10-22")
    assert start(tag) == "2017-09-30"
    assert tag is not None
    assert tag.event.inferred is inferred


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Im Mai kamen in Jena vierzig Gäste zum Fachtag zusammen.", "2019-05"),
        ("Die Gärten der Stadt waren im Mai schon grün.", None),
    ],
)
def test_a_month_alone_needs_words_of_an_event(text: str, expected: str | None) -> None:
    assert start(find(text, REPORT, published="2019-06-15")) == expected


def test_a_weekday_without_publication_is_no_date() -> None:
    assert find("Vergangenen Dienstag fand in Erfurt der Fachtag statt.", REPORT) is None


def test_dates_in_navigation_do_not_count() -> None:
    text = "Ein Text ohne Termin.\n\n## Weitere Veranstaltungen\n\nFachtag am 3. Mai 2020 in Köln"
    assert find(text, ANNOUNCEMENT) is None


@pytest.mark.parametrize(
    ("text", "kind", "published", "expected"),
    [
        ("Ende April trafen sich in Jena alle zur Werkstatt.", REPORT, "2017-05-09", "2017-04"),
        ("Ende April trafen sich in Jena alle zur Werkstatt.", REPORT, "2017-11-09", "2017-04"),
        ("Ende April trafen sich in Jena alle zur Werkstatt.", REPORT, "2018-03-20", None),
        ("Anfang Januar findet der Fachtag statt.", ANNOUNCEMENT, "2017-12-09", "2018-01"),
        ("Der Fachtag fand am ersten Novembersamstag statt.", REPORT, "2018-11-05", "2018-11-03"),
        ("Der Fachtag am Freitag war ein voller Erfolg. Alle kamen.", REPORT, "2018-10-15", "2018-10-12"),
        ("Am Freitag ist das Büro geschlossen.", REPORT, "2018-10-15", None),
        ("Der Fachtag war am Donnerstag, 16. März, ein Erfolg.", REPORT, "2018-01-22", "2017-03-16"),
        (
            "Das Fest zum Jubiläum wurde am Samstag gefeiert.",
            REPORT,
            "2023-09-18",
            "2023-09-16",
        ),
        ("Bis Donnerstagmorgen (4./5. Dezember) fand der Austausch statt.", REPORT, "2013-12-09", "2013-12-04"),
    ],
)
def test_days_counted_from_the_publication_are_marked(
    text: str, kind: str, published: str, expected: str | None
) -> None:
    tag = find(text, kind, published=published)
    assert start(tag) == expected
    assert tag is None or tag.event.inferred


def test_minutes_have_no_event() -> None:
    assert find("Niederschrift. Sitzung am 27.09.2016, Beginn 17 Uhr, Termin: 27.09.2016", "sonstiges") is None


@pytest.mark.parametrize(
    ("text", "kind", "published", "expected"),
    [
        ("Zum Tag des Ehrenamts 2011 erhielten 58 Patinnen ihre Urkunden.", REPORT, None,
         "2011-12-05"),
        ("Am dritten Advent öffnet das Familienhaus seine Türen.", ANNOUNCEMENT, "2018-12-04", "2018-12-16"),
        ("Letzte Woche Freitag traten drei Klassen zum Kochen an.", REPORT, "2023-06-14", "2023-06-09"),
        ("Heute ab 16 Uhr decken wir auf dem Gehweg die Tische.", ANNOUNCEMENT, "2021-09-17", "2021-09-17"),
        ("Am Mittwoch der 12. Kalenderwoche spricht das Forum über Schlaf.", ANNOUNCEMENT, "2019-01-31",
         "2019-03-20"),
        ("In der Nacht vom 3. auf den 4. Mai 2019 nahm die Polizei zwei Männer fest.", None, None,
         None),
        ("Alle Briefe zur Kommunalwahl am 15. März 2020 sind verschickt.", ANNOUNCEMENT, None, None),
    ],
)  # fmt: skip
def test_dates_of_notes(text: str, kind: str | None, published: str | None, expected: str | None) -> None:
    assert start(find(text, kind, published=published)) == expected
