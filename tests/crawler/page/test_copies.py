"""A page that repeats a document's text: one document with several addresses, whoever comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from crawler.addressing.urls import page_key
from crawler.manners.scope import Scope
from crawler.page import copies
from crawler.page.context import FetchedPage, PageContext
from crawler.page.known import KnownAddresses
from crawler.page.pipeline import process_page
from crawler.page.withdrawal import hand_over, withdraw
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.sources.source import Source
from kb.model import Decision, Decisions, Document, Status, Withdrawal
from tests.crawler.page.test_pipeline import LineExtractor
from tests.doubles import MemoryCorpus

SOURCE = Source("stadt", "Stadt", "Stadt", start_urls=("https://stadt.de/",))
BASE = "https://stadt.de/berichte/"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
REPORT = (
    "Der Bericht beschreibt, wie Schulsozialarbeit und Jugendhilfe in Auenbrück zusammenarbeiten. "
    "Vier Übergangslotsinnen begleiten Jugendliche aus den Klassen 8 bis 10 in die Ausbildung. "
    "Befragt wurden 412 Schülerinnen und Schüler sowie ihre Eltern und Lehrkräfte. "
    "Die Bildungsberatung im Rathaus ist der häufigste erste Anlaufpunkt für Familien. "
    "Betriebe wünschen sich verlässliche Ansprechpersonen und frühere Praktika. "
    "Im Schul- und Jugendamt entsteht dafür eine gemeinsame Koordinierungsstelle. "
    "Sie lädt zweimal im Jahr alle Träger zu einer Konferenz ein und veröffentlicht die Ergebnisse. "
)


class Town:
    """A corpus and what a crawl knows of it; every visit is one page read."""

    def __init__(self) -> None:
        self.corpus = MemoryCorpus()
        self.strays: dict[str, str] = {}

    def visit(
        self, name: str, text: str = REPORT, *, title: str = "Bericht", via: tuple[str, ...] = ()
    ) -> PageOutcome:
        known = KnownAddresses(self.corpus)
        context = PageContext(
            SOURCE, Scope(SOURCE), self.corpus, LineExtractor(), known, strays=self.strays, now=lambda: NOON
        )
        earlier = tuple(BASE + one for one in via)
        return process_page(
            FetchedPage(BASE + name, f"{title}\n\n{text.strip()}".encode(), via=earlier), context
        )

    @property
    def documents(self) -> list[Document]:
        return [self.corpus.load(ref).document for ref in self.corpus.refs()]

    def change(self, document: Document) -> None:
        self.corpus.put(document, expected=self.corpus.get(document.id).revision)

    def withdraw(self, name: str) -> None:
        known = KnownAddresses(self.corpus).find(BASE + name)
        assert known is not None
        assert withdraw(self.corpus, (known[0], BASE + name), "weg", NOON)


def test_one_text_under_five_addresses_is_one_document_with_five_addresses() -> None:
    town = Town()
    outcomes = [town.visit(f"download-{n}") for n in range(5)]
    assert [one.action for one in outcomes] == [PageAction.ADDED] + 4 * [PageAction.SKIPPED]
    assert {one.doc_id for one in outcomes} == {outcomes[0].doc_id}
    assert outcomes[4].reason == copies.COPY
    assert outcomes[4].instead == BASE + "download-0"
    (document,) = town.documents
    assert document.url == BASE + "download-0"
    assert document.other_urls == tuple(f"{BASE}download-{n}" for n in range(1, 5))
    before = town.corpus.get(document.id)
    again = [town.visit(f"download-{n}").action for n in (3, 0, 4, 1, 2)]
    assert again == [PageAction.SKIPPED, PageAction.UNCHANGED] + 3 * [PageAction.SKIPPED]
    assert town.corpus.get(document.id) == before, "nothing goes to and fro"


@pytest.mark.parametrize(
    "copy",
    [
        REPORT.replace("Bildungsberatung", "Bildungs-\nberatung").replace("Konferenz", "Kon\u00adfe\u00adrenz"),
        REPORT.replace("ü", "ue").replace("ä", "ae").replace("ö", "oe").replace("Ü", "Ue"),
        REPORT.replace("Schul- und", "Schul-\nund").replace(". ", ".\n"),
        REPORT.replace("Übergangs", "U\u0308bergangs").replace("ffentlicht", "\ufb00entlicht"),
        REPORT + "\n\nStand: 12. März 2024",
        "Zuletzt geändert am 03.04.2024 um 14:05 Uhr\n\n" + REPORT + "\n\nSeite 1 von 1",
    ],
)
def test_accidents_of_typesetting_do_not_make_another_text(copy: str) -> None:
    town = Town()
    town.visit("a", REPORT + "\n\nStand: 1. Februar 2023" if "Stand" in copy else REPORT)
    assert town.visit("b", copy).reason == copies.COPY
    assert len(town.documents) == 1


def test_nearly_the_same_text_is_said_to_be_that() -> None:
    town = Town()
    town.visit("a", long := REPORT + " ".join(f"Im Ort {n} gibt es ein Angebot." for n in range(40)))
    assert town.visit("b", "Drucken Teilen " + long).reason == copies.NEAR_COPY


PROGRAMME = "Der Fachtag Übergänge findet am {day} 2024 in {place} statt. " + REPORT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PROGRAMME.format(day="12. März", place="Halle"), PROGRAMME.format(day="11. März", place="Halle")),
        (PROGRAMME.format(day="12. März", place="Halle"), PROGRAMME.format(day="12. März", place="Jena")),
        (REPORT, REPORT.replace("Auenbrück", "Tannhausen")),
        (REPORT, REPORT.replace("412", "398")),
        ("am 12. März 2024 um 14 Uhr\n\n" + REPORT, "am 13. März 2024 um 14 Uhr\n\n" + REPORT),
    ],
)
def test_another_year_place_or_number_is_another_document(one: str, other: str) -> None:
    padding = " ".join(f"Baustein {n} ist verlässlich vereinbart." for n in range(300))
    town = Town()
    town.visit("a", one + padding)
    assert town.visit("b", other + padding).action is PageAction.ADDED
    assert len(town.documents) == 2


def test_years_in_the_titles_part_two_equal_forms() -> None:
    town = Town()
    town.visit("a", title="Protokoll 2023")
    assert town.visit("b", title="Protokoll 2024").action is PageAction.ADDED
    assert town.visit("c", title="Protokoll").reason == copies.COPY


def test_text_of_another_source_is_not_joined() -> None:
    town = Town()
    town.corpus.put(Document("land-1", "Bericht", REPORT.strip(), source="land"), expected=None)
    assert town.visit("a").action is PageAction.ADDED
    assert len(town.documents) == 2


def test_decided_document_gains_the_address_and_nothing_else() -> None:
    town = Town()
    town.visit("a")
    (document,) = town.documents
    edited = replace(
        document,
        title="Von der Redaktion",
        text="Gekürzt.",
        decisions=Decisions(topics={"uebergang": Decision("confirmed")}),
        status=Status.WITHDRAWN,
        withdrawal=Withdrawal("2024-05-02", "veraltet", "berta"),
    )
    town.change(edited)
    outcome = town.visit("b")
    assert (outcome.reason, outcome.doc_id) == (copies.COPY, document.id)
    assert town.documents == [replace(edited, other_urls=(BASE + "b",))]


def test_first_address_owns_the_text_and_the_other_follows() -> None:
    town = Town()
    town.visit("a")
    town.visit("b")
    new = REPORT + "Neu ist die Jugendberufsagentur am Markt 7 mit täglichen Sprechzeiten."
    assert town.visit("b", new).reason == copies.STRAY, "it may be ahead of the first address"
    assert town.visit("a", new).action is PageAction.UPDATED
    assert town.visit("b", new).reason == copies.COPY
    assert town.strays == {}
    assert len(town.documents) == 1


OWN = "Die Musikschule hat neue Räume in der Alten Brauerei und nimmt Anmeldungen ab Herbst an. " * 4


def test_address_that_goes_its_own_way_becomes_a_document_and_stays_one() -> None:
    town = Town()
    town.visit("a")
    town.visit("b")
    assert town.visit("b", OWN).reason == copies.STRAY
    town.visit("a")
    own = town.visit("b", OWN)
    assert own.action is PageAction.ADDED
    first, second = sorted(town.documents, key=lambda one: one.url or "")
    assert (first.other_urls, second.id) == ((), own.doc_id)
    assert town.visit("b", OWN).action is PageAction.UNCHANGED
    assert town.visit("a").action is PageAction.UNCHANGED


def test_document_that_editors_work_on_is_never_split() -> None:
    town = Town()
    town.visit("a")
    town.visit("b")
    (document,) = town.documents
    edited = replace(document, text="Gekürzt.")
    town.change(edited)
    for text in (REPORT + "Neu.", REPORT + "Noch neuer.", OWN, OWN):
        assert town.visit("b", text).reason == copies.STRAY
    assert town.documents == [edited]


def test_address_that_lags_a_run_behind_is_never_split_off() -> None:
    editions = [f"{REPORT}Ergänzt um Beispiele aus dem Jahr {year}." for year in range(2018, 2024)]
    town = Town()
    town.visit("a", editions[0])
    town.visit("b", editions[0])
    for before, now in pairwise(editions):
        assert town.visit("a", now).action is PageAction.UPDATED
        assert town.visit("b", before).reason == copies.STRAY
    assert len(town.documents) == 1


def test_redirect_of_the_first_address_takes_the_document_along() -> None:
    town = Town()
    first = town.visit("a")
    assert town.visit("neu", REPORT + "Ergänzung.", via=("a",)).doc_id == first.doc_id
    (document,) = town.documents
    assert (document.url, document.other_urls) == (BASE + "neu", (BASE + "a",))
    assert document.text.endswith("Ergänzung.")


def test_redirect_to_a_notice_takes_nothing_along() -> None:
    town = Town()
    town.visit("a")
    assert town.visit("hinweis", OWN, via=("a",)).action is PageAction.ADDED
    assert {one.url for one in town.documents} == {BASE + "a", BASE + "hinweis"}


def test_withdrawn_document_comes_back_under_an_address_that_has_its_text() -> None:
    town = Town()
    first = town.visit("a")
    town.withdraw("a")
    back = town.visit("anderswo")
    assert (back.action, back.doc_id) == (PageAction.UPDATED, first.doc_id)
    (document,) = town.documents
    assert (document.status, document.url) == (Status.PUBLISHED, BASE + "anderswo")
    assert document.other_urls == (BASE + "a",)


def test_heir_speaks_for_the_document() -> None:
    town = Town()
    first = town.visit("a")
    town.visit("b")
    assert first.doc_id is not None
    assert hand_over(town.corpus, (first.doc_id, BASE + "a"), BASE + "b")
    (document,) = town.documents
    assert (document.id, document.url, document.other_urls) == (first.doc_id, BASE + "b", (BASE + "a",))
    assert town.visit("b", REPORT + "Weiter geht es.").action is PageAction.UPDATED


def test_addresses_without_end_are_not_all_noted() -> None:
    town = Town()
    for n in range(copies.MAX_OTHER_URLS + 3):
        last = town.visit(f"filter-{n}")
    assert last.reason == copies.UNNOTED_COPY
    assert copies.is_copy(last)
    (document,) = town.documents
    assert len(document.other_urls) == copies.MAX_OTHER_URLS


def test_strays_are_known_by_the_key_of_their_address() -> None:
    town = Town()
    town.visit("a")
    town.visit("b")
    town.visit("b", OWN)
    assert list(town.strays) == [page_key(BASE + "b")]
