"""Where a source allows only an excerpt, no way out gives visitors the whole text; editors read all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from kb.model import Annotations, CardField, Document, Evidence, PartialDate
from kb.rights import excerpt
from tests.webapp.desk_site import DeskSite
from tests.webapp.small_site import WordAnnotator
from webapp.accounts.permissions import PERMISSIONS, Need

SENTENCE = "Die Übergangsbegleitung im Quartier berät Familien bei der Berufswahl und hält Sprechstunden. "
LAST = "Zum Schluss verriet die Jugendberufsagentur ihr Geheimrezept für Nachbarschaftstreffen."
FOREIGN = Document(
    id="stadt-bericht",
    title="Bildungskonferenz im Quartier",
    text=f"{SENTENCE * 15}\n\n## Ausblick\n\n{LAST}",
    source="stadt",
    url="https://www.stadt.example/bericht",
    publisher="Stadt Beispiel",
    published=PartialDate(2021, 3),
    fetched_at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
)
OPEN = replace(FOREIGN, id="stadt-offen", licence="CC BY 4.0", url="https://www.stadt.example/offen")
# Places in the text that a result list's snippet may quote are not asked for.
ASKED = "q=Bildungskonferenz&format=json&ids=stadt-bericht&id=stadt-bericht"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> DeskSite:
    return DeskSite(tmp_path_factory.mktemp("desk"), FOREIGN, OPEN)


def _public_addresses() -> list[str]:
    """Every public page of the site by its rule; those that come later are asked too."""
    return sorted(endpoint for endpoint, need in PERMISSIONS.items() if need is Need.PUBLIC)


@pytest.mark.parametrize("endpoint", _public_addresses())
def test_no_public_page_gives_the_last_sentence_away(site: DeskSite, endpoint: str) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules(endpoint) if "GET" in (rule.methods or ())]
    for rule in rules:
        values: dict[str, Any] = dict.fromkeys(rule.arguments, FOREIGN.id)
        with site.app.test_request_context(base_url="http://localhost"):
            path = site.app.url_for(endpoint, **values)
        for query in ("", f"?{ASKED}"):
            answer = site.client().get(path + query)
            assert "Geheimrezept" not in answer.get_data(as_text=True), path
            assert answer.status_code < 500


def test_a_visitor_reads_the_excerpt_and_finds_the_way_to_the_source(site: DeskSite) -> None:
    page = site.client().page("/dokument/stadt-bericht")
    prose = page.select_one(".prose")
    assert prose is not None
    assert prose.get_text().strip() == excerpt(FOREIGN.text).strip()
    link = page.select_one(".excerpt-note a")
    assert link is not None
    assert link["href"] == FOREIGN.url
    assert "Den ganzen Text auf stadt.example lesen" in link.get_text()


def test_words_beyond_the_excerpt_stand_without_their_sentence(site: DeskSite) -> None:
    page = site.client().page("/dokument/stadt-bericht")
    quotes = [one.get_text() for one in page.select(".quotes li")]
    assert any(one.strip() == "Jugendberufsagentur" for one in quotes)
    assert not any("verriet" in one for one in quotes)


class CardAnnotator(WordAnnotator):
    """Drafts a card from the first sentence and the last."""

    def annotate(self, document: Document) -> Annotations:
        card = tuple(
            CardField(name, (Evidence(at, at + len(words), words, "karte"),))
            for name, words in (("ziel", SENTENCE.strip()), ("wirkung", LAST))
            if (at := document.text.find(words)) >= 0
        )
        return replace(super().annotate(document), card=card)


def test_the_practice_card_quotes_the_excerpt_only(tmp_path: Path) -> None:
    desk = DeskSite(tmp_path, FOREIGN, OPEN, annotator=CardAnnotator())
    seen = desk.client().page("/dokument/stadt-bericht")
    assert [one.get_text().strip() for one in seen.select(".practice-card blockquote")] == [SENTENCE.strip()]
    assert len(desk.client().page("/dokument/stadt-offen").select(".practice-card blockquote")) == 2
    assert len(desk.signed_in().page("/dokument/stadt-bericht").select(".practice-card blockquote")) == 2


def test_an_open_licence_shows_all(site: DeskSite) -> None:
    page = site.client().page("/dokument/stadt-offen")
    assert "Geheimrezept" in page.get_text()
    assert page.select(".excerpt-note") == []


def test_editors_read_all_and_are_told_what_others_see(site: DeskSite) -> None:
    page = site.signed_in().page("/dokument/stadt-bericht")
    assert "Geheimrezept" in page.get_text()
    assert "Besucher sehen von diesem Text einen Auszug" in _words(page.select_one(".excerpt-note"))
    assert site.signed_in().page("/dokument/stadt-offen").select(".excerpt-note") == []


def test_a_document_without_an_address_says_that_it_is_an_excerpt(tmp_path: Path) -> None:
    desk = DeskSite(tmp_path, replace(FOREIGN, url=None))
    note = desk.client().page("/dokument/stadt-bericht").select_one(".excerpt-note")
    assert "der ganze Text darf hier nicht gezeigt werden" in _words(note)


def test_what_is_found_by_its_last_words_is_shown_by_its_excerpt(site: DeskSite) -> None:
    found = site.client().page("/?q=Geheimrezept")
    assert [one.get_text() for one in found.select(".hit-title")], "the whole text is searched"
    assert "Geheimrezept" not in site.client().page("/dokument/stadt-bericht").get_text()


def _words(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag is not None else ""
