"""Pages in place of pages: told by their words, and pages that only speak of such things are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.stand_ins import Kind, kinds, may_stand_in, read_signs, stand_in
from tests.crawler.loopback import SENTENCE

ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("stand_ins.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def _judged(title: str, text: str, *, site: str = "", field: str = "", replaces: bool = False) -> str:
    head = f"{title}{site}"
    html = (
        f"<!doctype html><html><head><title>{head}</title></head><body><nav><a href='/anmelden'>Anmelden</a>"
        f"<a href='/cookies'>Cookie-Einstellungen</a></nav><main><h1>{title}</h1><p>{text}</p>{field}</main>"
    )
    kind = stand_in(read_signs(title, text, html), replaces=replaces)
    return kind.name if kind is not None else "-"


@pytest.mark.parametrize(("kind", "title", "text"), ROWS)
def test_kind_of_page_is_told_by_its_words(kind: str, title: str, text: str) -> None:
    field = "<input name='p' type='password'>" if kind == "login" else ""
    assert _judged(title, text, field=field) == kind
    if kind != "-":
        assert _judged(title, text, field=field, replaces=True) == kind


@pytest.mark.parametrize(
    "site", [" | Stadt Auenbrück", " – Auenbrück", " :: Willkommen in Auenbrück", " » Start"]
)
def test_name_of_the_site_beside_the_title_does_not_matter(site: str) -> None:
    assert _judged("Seite nicht gefunden", "Bitte nutzen Sie die Suche.", site=site) == "gone"
    assert _judged("Fehler 404: Die Seite gibt es nicht mehr", "Zur Startseite", site=site) == "gone"
    assert _judged("Auenbrück baut um", SENTENCE * 3, site=site) == "-"


def test_spelling_of_umlauts_and_capitals_does_not_matter() -> None:
    assert _judged("SEITE NICHT VERFUEGBAR", "Die gewuenschte Seite wurde nicht gefunden.") == "gone"
    assert _judged("Zugriff Verweigert", "") == "denied"


def test_long_text_is_a_page_whatever_its_title() -> None:
    text = "Die Seite wurde nicht gefunden. " + SENTENCE * 40
    assert not may_stand_in(text)
    assert _judged("Seite nicht gefunden", text) == "-"


def test_article_about_an_error_page_is_an_article() -> None:
    text = "So gestalten Kommunen ihre Fehlerseiten. " + SENTENCE * 25
    assert _judged("Hilfe bei: Seite nicht gefunden", text) == "-"


def test_temporary_absence_takes_no_page_away() -> None:
    title, text = (
        "Seite vorübergehend nicht verfügbar",
        "Wegen Wartungsarbeiten ist die Seite nicht erreichbar.",
    )
    assert not kinds()[_judged(title, text)].is_gone


def test_password_field_of_the_page_head_makes_no_login_of_an_article() -> None:
    box = "<form><input type='text'><input type='password'></form>"
    assert _judged("Anmeldung zum Fachtag", SENTENCE * 4, field=box) == "-"
    assert _judged("Anmelden", "Konto", field=box) == "login"


def test_text_without_titles_must_say_more_where_nothing_was_replaced() -> None:
    text = "Unsere Website wird umgebaut. Bitte versuchen Sie es später noch einmal und haben ein wenig Geduld."
    assert _judged("Auenbrück", text, replaces=True) == "maintenance"
    news = "Wegen Wartungsarbeiten ist das Bürgerportal am Freitag geschlossen. Danach gilt die neue Gebühr."
    assert _judged("Bürgerportal am Freitag", news) == "-"


def test_every_kind_is_whole() -> None:
    assert set(kinds()) == {row[0] for row in ROWS} - {"-"}
    for kind in kinds().values():
        assert isinstance(kind, Kind)
        assert kind.label
        assert all(expression.strip() for expression in (*kind.texts, *kind.hints))
        assert all(kind.phrases)


@given(title=st.text(max_size=60), text=st.text(max_size=400), html=st.none() | st.text(max_size=400))
def test_any_page_is_judged_without_accident(title: str, text: str, html: str | None) -> None:
    found = stand_in(read_signs(title, text, html))
    assert found is None or found in kinds().values()
