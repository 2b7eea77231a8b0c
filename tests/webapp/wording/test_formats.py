"""Dates, numbers and addresses as German readers expect them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kb.model import Event, PartialDate
from webapp.wording.formats import (
    counted,
    format_date,
    format_day,
    format_duration,
    format_event,
    format_number,
    host_of,
    web_address,
)


@pytest.mark.parametrize(
    ("iso", "german"),
    [
        ("2018-11-29", "29. November 2018"),
        ("2018-11", "November 2018"),
        ("2018", "2018"),
        ("--06-26", "26. Juni (Jahr unbekannt)"),
        ("2021-03-01", "1. März 2021"),
    ],
)
def test_dates(iso: str, german: str) -> None:
    assert format_date(PartialDate.parse(iso)) == german


@pytest.mark.parametrize(
    ("start", "end", "german"),
    [
        ("2018-11-29", None, "29. November 2018"),
        ("2018-11-29", "2018-11-29", "29. November 2018"),
        ("2018-11-29", "2018-11-30", "29. bis 30. November 2018"),
        ("2018-11-29", "2018-12-02", "29. November bis 2. Dezember 2018"),
        ("2018-12-30", "2019-01-02", "30. Dezember 2018 bis 2. Januar 2019"),
        ("2018-11", "2018-12", "November bis Dezember 2018"),
        ("2018", "2020", "2018 bis 2020"),
        ("2018", "2018-12", "2018 bis Dezember 2018"),
        ("--06-26", "--06-27", "26. bis 27. Juni (Jahr unbekannt)"),
        ("--06-30", "--07-02", "30. Juni bis 2. Juli (Jahr unbekannt)"),
    ],
)
def test_events(start: str, end: str | None, german: str) -> None:
    event = Event(PartialDate.parse(start), PartialDate.parse(end) if end else None)
    assert format_event(event) == german


def test_a_concluded_year_is_said() -> None:
    assert format_event(Event(PartialDate(2019, 6, 26), inferred=True)) == "26. Juni 2019 (Jahr erschlossen)"


def test_numbers_and_times() -> None:
    assert format_number(1234567) == "1.234.567"
    assert (format_duration(0.4), format_duration(12.4), format_duration(1400)) == (
        "unter 1 ms",
        "12 ms",
        "1,4 s",
    )
    assert (counted(1, "Quelle", "Quellen"), counted(0, "Quelle", "Quellen")) == ("1 Quelle", "0 Quellen")
    assert format_day(datetime(2024, 5, 1, 23, 30, tzinfo=UTC)) == "1. Mai 2024"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//host/x",
        "/pfad",
        "https://",
        "http://[",
        "",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert web_address(url) is None


def test_web_addresses_stay_as_they_are() -> None:
    assert web_address("HTTPS://www.Beispiel.de/ä?b=1#c") == "HTTPS://www.Beispiel.de/ä?b=1#c"
    assert web_address(None) is None
    assert host_of("https://www.beispiel.de/x") == "beispiel.de"
