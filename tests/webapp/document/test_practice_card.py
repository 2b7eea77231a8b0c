"""The practice card on the public page: quoted, a draft until it was confirmed, without what was rejected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from kb.model import Decision, Decisions, Document
from kb.ports import Annotator
from tests.annotators import shipped
from tests.webapp.desk_site import DeskSite, form_fields

PRAXIS = Document(
    id="lotsen",
    title="Übergangslotsen im Landkreis Unna: ein Praxisbeispiel",
    text=(
        "Das Praxisbeispiel stellt die Übergangslotsen vor.\n\n"
        "## Ausgangslage\n\nViele Jugendliche verließen die Schule ohne Anschluss.\n\n"
        "## Ziel\n\nAlle Jugendlichen sollen einen **Anschluss** finden.\n\n"
        "## Zielgruppe\n\n- Schülerinnen und Schüler ab Klasse 8\n- ihre Eltern\n\n"
        "## Vorgehen\n\nLotsinnen und Lotsen begleiten sie zwei Jahre lang.\n\n"
        "## Ergebnis\n\nDie Zahl der Abbrüche sank um 20 %. <script>alert(1)</script>"
    ),
    decisions=Decisions(doc_type=Decision("praxisbeispiel")),
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return shipped()


def _card(site: DeskSite) -> BeautifulSoup | None:
    return site.client().page(f"/dokument/{PRAXIS.id}").select_one(".practice-card")  # type: ignore[return-value]


def _labels(card: BeautifulSoup) -> list[str]:
    return [term.get_text(" ", strip=True) for term in card.select("dt")]


def test_fields_are_quoted_and_marked_as_drafts(tmp_path: Path, annotator: Annotator) -> None:
    card = _card(DeskSite(tmp_path, PRAXIS, annotator=annotator))
    assert card is not None
    assert _labels(card) == ["Ausgangslage", "Ziel", "Zielgruppe", "Vorgehen", "Ergebnis"]
    assert "Maschineller Entwurf" in card.get_text()
    assert card.select("strong, ul") == [], "quotations are plain text"
    assert not set("*|\\") & set(card.get_text())
    lines = [item.get_text() for item in card.select("blockquote p")]
    assert lines[lines.index("Schülerinnen und Schüler ab Klasse 8") + 1] == "ihre Eltern"
    assert card.select("script") == []


def test_an_editors_word_is_seen_on_the_page(tmp_path: Path, annotator: Annotator) -> None:
    site = DeskSite(tmp_path, PRAXIS, annotator=annotator)
    editor = site.signed_in()
    for name, verdict in [("ziel", "confirmed"), ("ergebnis", "rejected")]:
        review = form_fields(editor.page(f"/redaktion/pruefen/{PRAXIS.id}"), "/redaktion/status/")
        fields = {"stand": review["stand"], "art": "card", "name": name, "wert": verdict}
        editor.send(f"/redaktion/entscheiden/{PRAXIS.id}", fields)
    card = _card(site)
    assert card is not None
    assert _labels(card) == [
        "Ausgangslage maschineller Entwurf",
        "Ziel",
        "Zielgruppe maschineller Entwurf",
        "Vorgehen maschineller Entwurf",
    ]
    assert "Abbrüche" not in card.get_text(), "rejected fields are not shown"


def test_what_was_confirmed_throughout_is_no_draft(tmp_path: Path, annotator: Annotator) -> None:
    fields = ("ausgangslage", "ziel", "zielgruppe", "vorgehen", "ergebnis")
    decisions = replace(PRAXIS.decisions, card=dict.fromkeys(fields, Decision("confirmed", "oezlem")))
    card = _card(DeskSite(tmp_path, replace(PRAXIS, decisions=decisions), annotator=annotator))
    assert card is not None
    assert "Entwurf" not in card.get_text()
    assert "von der Redaktion bestätigt" in card.get_text()


def test_other_documents_have_none(tmp_path: Path, annotator: Annotator) -> None:
    other = replace(PRAXIS, decisions=Decisions(doc_type=Decision("ankuendigung")))
    assert _card(DeskSite(tmp_path, other, annotator=annotator)) is None


def test_only_what_may_be_shown_is_quoted(tmp_path: Path, annotator: Annotator) -> None:
    """From a source that allows an excerpt only, the card quotes nothing that stands beyond it."""
    long = PRAXIS.text.replace(
        "zwei Jahre lang.", "zwei Jahre lang. " + "Sie sprechen mit allen Betrieben im Quartier. " * 30
    )
    fetched = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    url = "https://www.stadt.example/lotsen"
    foreign = replace(PRAXIS, text=long, source="stadt", url=url, fetched_at=fetched)
    card = _card(DeskSite(tmp_path, foreign, annotator=annotator))
    assert card is not None
    assert "Ausgangslage" in _labels(card)
    assert "Ergebnis" not in _labels(card)
    assert "Abbrüche" not in card.get_text()
