"""A document that makes the program fail: its own page tells less, no other page does, and editors are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import RecordError
from kb.failure_file import FailureFile
from kb.model import (
    Annotations,
    Change,
    Document,
    Evidence,
    Failure,
    Role,
    SearchHit,
    SearchQuery,
    Status,
    Step,
    Version,
    VersionDraft,
    VersionProgress,
)
from kb.settings import Settings, load_settings
from kb.wiring import open_corpus, open_site, update_index
from tests.webapp.desk_site import DeskSite, form_fields
from tests.webapp.pages import soup, texts
from tests.webapp.small_site import DRAFT, JAHRESFORUM, STADTTEILMUETTER, WordAnnotator
from webapp.changes.desk import Desk
from webapp.document import evidence
from webapp.document import page as document_page
from webapp.search import hits
from webapp.wording import formats


class StumblingAnnotator(WordAnnotator):
    """Fails with one document, as soon as it is told to."""

    stumbles = False

    def annotate(self, document: Document) -> Annotations:
        if self.stumbles and document.id == JAHRESFORUM.id:
            raise OverflowError("date value out of range")
        return super().annotate(document)


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    site = DeskSite(tmp_path, JAHRESFORUM, STADTTEILMUETTER, DRAFT, annotator=StumblingAnnotator())
    StumblingAnnotator.stumbles = True
    return site


@pytest.fixture(autouse=True)
def steady() -> None:
    StumblingAnnotator.stumbles = False


def test_its_page_shows_the_text_and_what_the_index_knows(
    site: DeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotes = evidence._quotes

    def stumbling(text: str, pieces: Sequence[Evidence]) -> tuple[evidence.Quote, ...]:
        if text == JAHRESFORUM.text:
            raise OverflowError("date value out of range")
        return quotes(text, pieces)

    monkeypatch.setattr(evidence, "_quotes", stumbling)
    page = soup(site.app.test_client(), f"/dokument/{JAHRESFORUM.id}")
    assert "trafen sich Koordinator*innen" in page.get_text()
    assert any("Übergang Schule–Beruf" in one for one in texts(page, "a"))
    (failure,) = site.failures.all()
    assert (failure.doc_id, failure.step, failure.is_unforeseen) == (JAHRESFORUM.id, Step.PAGE, True)
    soup(site.app.test_client(), f"/dokument/{STADTTEILMUETTER.id}")
    soup(site.app.test_client(), f"/dokument/{JAHRESFORUM.id}")
    assert len(site.failures.all()) == 1


def test_a_page_that_cannot_be_made_is_an_error_of_this_page_alone(
    site: DeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, *, title: str, base_url: str | None) -> str:
        raise RecursionError

    monkeypatch.setattr(document_page, "render_markdown", broken)
    page = soup(site.app.test_client(), f"/dokument/{STADTTEILMUETTER.id}", 500)
    assert "Da ist etwas schiefgegangen" in page.get_text()
    assert [one.doc_id for one in site.failures.all()] == [STADTTEILMUETTER.id]


def test_a_hit_that_cannot_be_shown_is_left_out(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    original = formats.web_address

    def broken(url: str | None) -> str | None:
        if url == JAHRESFORUM.url:
            raise ValueError("no address")
        return original(url)

    monkeypatch.setattr(hits, "web_address", broken)
    page = soup(site.app.test_client(), "/")
    assert [one for one in texts(page, "main h2 a") if "Jahresforum" in one or "Fürth" in one] == [
        STADTTEILMUETTER.title
    ]
    assert [one.doc_id for one in site.failures.all()] == [JAHRESFORUM.id]


def test_a_snippet_that_cannot_be_cut_costs_no_hit(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    from indexer.answer import maker

    def broken(found: object) -> str:
        raise IndexError

    monkeypatch.setattr(maker, "snippet", broken)
    found = site.backend.search(SearchQuery("Quartier")).hits
    assert [(hit.entry.id, hit.snippet) for hit in found] == [(JAHRESFORUM.id, "")]
    assert [hit.snippet for hit in site.backend.similar(JAHRESFORUM.id)] == [""] * len(
        site.backend.similar(JAHRESFORUM.id)
    )
    assert isinstance(found[0], SearchHit)


def test_editors_are_told_and_can_mend_and_withdraw_it(site: DeskSite) -> None:
    site.failures.note(Failure("documents/hand/kaputt.md", Step.INDEX, "der Kopf hat kein Ende"))
    editor = site.signed_in()
    review = editor.page(f"/redaktion/pruefen/{JAHRESFORUM.id}")
    assert "trafen sich Koordinator*innen" in review.get_text()
    assert "OverflowError" in " ".join(texts(review, ".notice"))
    desk = editor.page("/redaktion/")
    assert "Hier stimmt etwas nicht (2)" in texts(desk, "h2")
    rows = texts(desk, "section tbody tr")
    assert "documents/hand/kaputt.md fehlt in der Suche Der Kopf hat kein Ende." in rows
    assert desk.select_one(f"section a[href='/redaktion/pruefen/{JAHRESFORUM.id}']") is not None
    form = form_fields(review, "/redaktion/status/")
    answer = editor.send(
        f"/redaktion/status/{JAHRESFORUM.id}", {**form, "schritt": "zurueckziehen", "grund": "unklar"}
    )
    assert answer.status_code == 302
    assert site.corpus.get(JAHRESFORUM.id).document.status is Status.WITHDRAWN


def test_a_site_where_nothing_fails_says_nothing_of_it(tmp_path: Path) -> None:
    editor = DeskSite(tmp_path, JAHRESFORUM).signed_in()
    assert "stimmt etwas nicht" not in editor.page("/redaktion/").get_text()


# --- publishing, recovery, start ---


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A real corpus whose annotators fail with one document."""
    from indexer.annotate import DocumentAnnotator
    from kb.corpus import ensure_corpus

    original = DocumentAnnotator.annotate

    def annotate(self: DocumentAnnotator, document: Document) -> Annotations:
        if "STOLPERSTEIN" in document.text:
            raise OverflowError("date value out of range")
        return original(self, document)

    monkeypatch.setattr(DocumentAnnotator, "annotate", annotate)
    settings = load_settings(corpus=tmp_path / "corpus", var=tmp_path / "var")
    ensure_corpus(settings.corpus)
    corpus = open_corpus(settings)
    for document in (JAHRESFORUM, DRAFT, replace(DRAFT, id="schlecht", text="Ein STOLPERSTEIN.")):
        corpus.put(document, expected=None)
    update_index(settings, progress=lambda done, total, label: None)
    return settings


def test_publishing_it_is_told_and_the_desk_goes_on(settings: Settings) -> None:
    from webapp.site.services import _EXTENSION, SiteServices

    app = open_site(settings)
    services: SiteServices = app.extensions[_EXTENSION]
    assert services.desk is not None
    services.desk.accounts.add("oezlem", "ein recht langes Kennwort", Role.EDITOR)
    desk, corpus = services.desk.desk, services.corpus
    saved = desk.publish("schlecht", corpus.get("schlecht").revision, "oezlem")
    assert saved.index_problem is not None
    assert "OverflowError" in saved.index_problem
    log = FailureFile(settings.failures_file)
    assert [(one.doc_id, one.step) for one in log.all()] == [("schlecht", Step.INDEX)]
    assert desk.publish(DRAFT.id, corpus.get(DRAFT.id).revision, "oezlem").index_problem is None
    found = {hit.entry.id for hit in services.backend.search(SearchQuery()).hits}
    assert found == {JAHRESFORUM.id, DRAFT.id}
    # The next start takes the change up once more, fails with this one document, and starts.
    app = open_site(settings)
    assert app.test_client().get(f"/dokument/{DRAFT.id}").status_code == 200
    assert app.test_client().get("/dokument/schlecht").status_code == 200
    mended = replace(corpus.get("schlecht").document, text="Ein Quartier.")
    corpus.put(mended, expected=corpus.get("schlecht").revision)
    open_site(settings)
    assert {hit.entry.id for hit in services.backend.search(SearchQuery()).hits} == {
        JAHRESFORUM.id,
        DRAFT.id,
        "schlecht",
    }
    assert log.all() == ()


def test_recovery_of_one_change_that_fails_holds_up_no_other(site: DeskSite) -> None:
    followed: list[str] = []

    def index_document(doc_id: str) -> None:
        followed.append(doc_id)
        if doc_id == "a":
            raise ZeroDivisionError

    class Versions:
        """Two changes that a crash interrupted, and a record that fails with a third."""

        def unfinished(self) -> list[Version]:
            return [site_version(name, number) for number, name in enumerate(("a", "kaputt", "b"))]

        def advance(self, version_id: int, progress: VersionProgress) -> None:
            if version_id == 1:
                raise RecordError("die Datenbank antwortet nicht")

    def site_version(name: str, number: int) -> Version:
        draft = VersionDraft(name, "oezlem", Change.EDITED, None, "---\n", "")
        planned = site.versions.plan(replace(draft, document_id=name))
        return replace(planned, id=number, progress=VersionProgress.WRITTEN)

    desk = Desk(site.corpus, Versions(), site.news, index_document)  # type: ignore[arg-type]
    assert desk.recover() == 3
    assert followed == ["a", "b"]


def test_editors_see_which_sources_do_not_answer_as_ever(site: DeskSite) -> None:
    alarm = "eine Zustimmungswand steht vor den Seiten (5 Adressen)"
    site.failures.note(Failure("auenbrueck", Step.SOURCE, alarm, source="auenbrueck"))
    desk = site.signed_in().page("/redaktion/")
    assert "Quellen, die nicht wie sonst antworten (1)" in texts(desk, "h2")
    assert any(alarm[1:] in row for row in texts(desk, "section[aria-labelledby=quellen] tbody tr"))
    assert not any("auenbrueck" in row for row in texts(desk, "section[aria-labelledby=fehler] tbody tr"))
    site.failures.replace(Step.SOURCE, (), ["auenbrueck"])
    assert "nicht wie sonst" not in site.signed_in().page("/redaktion/").get_text()
