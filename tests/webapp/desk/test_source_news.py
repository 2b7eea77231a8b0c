"""What a source says against an editor's decision: shown beside ours, taken over, kept, or merged by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.page.decide import Action, decide
from kb.model import Change, Document, SearchQuery, Status, text_hash, with_marks
from tests.webapp.desk_site import DeskSite, Visitor, form_fields
from tests.webapp.small_site import JAHRESFORUM, STADTTEILMUETTER

MAY, JUNE = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 6, 2, 12, tzinfo=UTC)
SOURCE = replace(
    STADTTEILMUETTER,
    url="https://www.fuerth.example/stadtteilmuetter",
    authors=("Şeyma Öz",),
    fetched_at=MAY,
    source_hash=text_hash(STADTTEILMUETTER.text),
)
ID = SOURCE.id
OURS = "Stadtteilmütter begleiten Familien. In Fürth gehen sie von Tür zu Tür."
NEWER = "Stadtteilmütter begleiten Familien nach der Zuwanderung. In Fürth klingeln sie an 400 Türen."
SAID = replace(
    SOURCE,
    title="Stadtteilmütter in Fürth",
    text=NEWER,
    authors=("Şeyma Öz", "Jürgen Groß"),
    fetched_at=JUNE,
    source_hash=text_hash(NEWER),
)
PATH = f"/redaktion/neues/{ID}"
LATER = replace(SAID, text=NEWER + " Neu.", source_hash=text_hash(NEWER + " Neu."))


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    site = DeskSite(tmp_path, JAHRESFORUM, replace(SOURCE, text=OURS))
    site.news.note(SAID)
    return site


@pytest.fixture
def editor(site: DeskSite) -> Visitor:
    return site.signed_in()


def fields(editor: Visitor) -> dict[str, str]:
    return form_fields(editor.page(PATH), PATH)


def ours(site: DeskSite) -> Document:
    return site.corpus.get(ID).document


def test_the_desk_and_the_document_say_that_something_waits(editor: Visitor) -> None:
    for path in ("/redaktion/", "/redaktion/neues"):
        row = editor.page(path).select_one(f'a[href="{PATH}"]')
        assert row is not None, path
        assert row.get_text() == SOURCE.title
    assert "Die Quelle sagt etwas Neues (1)" in editor.page("/redaktion/").get_text(" ")
    told = editor.page("/redaktion/neues").get_text(" ")
    assert "1 Dokument wartet" in told
    assert "Text, Titel, Autor*innen" in told
    assert "02.06.2024" in told
    for path in (f"/redaktion/pruefen/{ID}", f"/redaktion/bearbeiten/{ID}"):
        assert editor.page(path).select_one(f'.notice a[href="{PATH}"]') is not None, path
    other = editor.page(f"/redaktion/bearbeiten/{JAHRESFORUM.id}")
    assert "Die Quelle sagt etwas Neues" not in other.get_text()


def test_both_are_shown_side_by_side_with_what_differs(editor: Visitor) -> None:
    page = editor.page(PATH)
    details, text = page.select("table.difference")
    assert [row.get_text(" ", strip=True) for row in details.select("tbody th")] == ["Titel", "Autor*innen"]
    assert "Jürgen Groß" in " ".join(one.get_text("") for one in details.select("ins"))
    left, right = text.select("tr.changed td")
    assert "von Tür zu Tür" in left.get_text()
    assert "an 400 Türen" in right.get_text()
    assert right.select("ins")


def test_what_the_source_says_is_taken_over_under_the_revision_that_was_seen(
    site: DeskSite, editor: Visitor
) -> None:
    before = ours(site)
    assert editor.send(PATH, fields(editor) | {"schritt": "uebernehmen"}).status_code == 302
    after = ours(site)
    assert (after.title, after.text, after.authors) == (SAID.title, NEWER, SAID.authors)
    assert (after.status, after.decisions, after.published) == (
        before.status,
        before.decisions,
        before.published,
    )
    (version,) = site.versions.versions(ID)
    assert (version.change, version.account) == (Change.SOURCE_TAKEN, "oezlem")
    assert "02.06.2024" in version.comment
    assert OURS in (version.before or "")
    assert site.news.waiting() == []
    assert [hit.entry.id for hit in site.backend.search(SearchQuery("klingeln")).hits] == [ID]
    assert decide(SAID, after).action is Action.UNCHANGED
    assert decide(LATER, after).action is Action.UPDATE, "it follows its source again"


def test_ours_is_kept_until_the_source_changes_once_more(site: DeskSite, editor: Visitor) -> None:
    assert editor.send(PATH, fields(editor) | {"schritt": "behalten"}).status_code == 302
    kept = ours(site)
    assert (kept.title, kept.text, kept.authors) == (SOURCE.title, OURS, SOURCE.authors)
    assert kept.source_hash == SAID.source_hash
    assert [one.change for one in site.versions.versions(ID)] == [Change.SOURCE_KEPT]
    assert site.news.waiting() == []
    assert decide(SAID, kept).action is Action.UNCHANGED
    assert decide(LATER, kept).action is Action.KEEP
    site.news.note(SAID)  # as after a crash between the two steps of a decision
    assert "Die Quelle sagt etwas Neues" not in editor.page("/redaktion/").get_text()
    assert editor.get(PATH).status_code == 302


@pytest.mark.parametrize(
    ("start", "text"), [("von unserer Fassung", OURS), ("von der Fassung der Quelle", NEWER)]
)
def test_both_are_merged_by_hand_starting_from_either(
    site: DeskSite, editor: Visitor, start: str, text: str
) -> None:
    link = next(one for one in editor.page(PATH).find_all("a") if one.get_text() == start)
    path = f"/redaktion/bearbeiten/{ID}"
    form = form_fields(editor.page(str(link["href"])), path)
    assert form["text"] == text
    merged = OURS + " Sie klingeln an 400 Türen."
    assert editor.send(path, form | {"text": merged, "titel": SOURCE.title}).status_code == 302
    saved = ours(site)
    assert (saved.text, saved.title) == (merged, SOURCE.title)
    assert site.news.waiting() == []
    assert decide(SAID, saved).action in (Action.UNCHANGED, Action.UPDATE)
    assert decide(LATER, saved).action is Action.KEEP


def test_a_colleague_who_was_faster_is_not_overwritten(site: DeskSite, editor: Visitor) -> None:
    seen = fields(editor)
    stored = site.corpus.get(ID)
    theirs = replace(stored.document, text="Jürgens Fassung.")
    site.corpus.put(theirs, expected=stored.revision)
    for step in ("uebernehmen", "behalten"):
        answer = editor.send(PATH, seen | {"schritt": step})
        assert answer.headers["Location"] == PATH
        assert ours(site) == theirs
    assert "inzwischen geändert" in editor.page(PATH).get_text()
    assert len(site.news.waiting()) == 1
    assert site.versions.versions(ID) == []


def test_a_conflict_in_the_form_still_ends_as_a_decision(site: DeskSite, editor: Visitor) -> None:
    path = f"/redaktion/bearbeiten/{ID}"
    digest = site.news.waiting()[0].digest
    form = form_fields(editor.page(f"{path}?gesehen={digest}&von=quelle"), path)
    stored = site.corpus.get(ID)
    site.corpus.put(replace(stored.document, text="Jürgens Fassung."), expected=stored.revision)
    answer = editor.send(path, form)
    assert answer.status_code == 409
    assert len(site.news.waiting()) == 1
    again = form | {"stand": site.corpus.get(ID).revision, "text": "Zusammengeführt."}
    assert f'name="gesehen" value="{digest}"' in answer.text
    assert editor.send(path, again).status_code == 302
    assert ours(site).text == "Zusammengeführt."
    assert site.news.waiting() == []


def test_what_the_source_said_since_is_looked_at_first(site: DeskSite, editor: Visitor) -> None:
    seen = fields(editor)
    site.news.note(LATER)
    before = ours(site)
    for step in ("uebernehmen", "behalten"):
        assert editor.send(PATH, seen | {"schritt": step}).headers["Location"] == PATH
        assert "inzwischen etwas anderes" in editor.page(PATH).get_text()
    assert ours(site) == before
    assert len(site.news.waiting()) == 1


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_what_was_held_back_stays_so_when_its_source_is_taken_over(tmp_path: Path, status: Status) -> None:
    site = DeskSite(tmp_path, replace(SOURCE, status=status))
    site.news.note(SAID)
    editor = site.signed_in()
    editor.send(PATH, fields(editor) | {"schritt": "uebernehmen"})
    assert (ours(site).text, ours(site).status) == (NEWER, status)
    assert site.backend.search(SearchQuery("klingeln")).total == 0


def test_news_of_a_document_that_is_gone_wait_no_longer(site: DeskSite, editor: Visitor) -> None:
    site.corpus.remove(ID, expected=site.corpus.get(ID).revision)
    assert "Nichts wartet" in editor.page("/redaktion/neues").get_text()
    assert site.news.waiting() == []
    assert editor.get(PATH).status_code == 404


@pytest.mark.parametrize("step", ["", "loeschen"])
def test_unknown_steps_change_nothing(site: DeskSite, editor: Visitor, step: str) -> None:
    before = ours(site)
    editor.send(PATH, fields(editor) | {"schritt": step})
    assert (ours(site), len(site.news.waiting())) == (before, 1)


def test_strangers_and_forged_forms_are_refused(site: DeskSite, editor: Visitor) -> None:
    seen = fields(editor) | {"schritt": "uebernehmen"}
    before = ours(site)
    for path in (PATH, "/redaktion/neues"):
        assert site.client().get(path).headers["Location"].startswith("/anmelden")
    site.client().post(PATH, seen)
    assert editor.post(PATH, seen | {"csrf_token": "geraten"}).status_code == 400
    assert ours(site) == before


def test_hostile_texts_of_a_source_stay_text(site: DeskSite, editor: Visitor) -> None:
    site.news.note(replace(SAID, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>"))
    page = editor.page(PATH)
    assert page.select("main script, main img") == []
    assert "<script>alert(1)</script>" in page.get_text()


def test_an_edited_title_survives_the_next_crawl(site: DeskSite, editor: Visitor) -> None:
    """Details too are the editors': the form notes what the source had said."""
    path = f"/redaktion/bearbeiten/{JAHRESFORUM.id}"
    editor.send(path, form_fields(editor.page(path), path) | {"titel": "Jahresforum", "herausgeber": ""})
    document = site.corpus.get(JAHRESFORUM.id).document
    assert document.edited == {"title": JAHRESFORUM.title, "publisher": "Transferagentur Muster"}
    assert decide(JAHRESFORUM, document).action is Action.UNCHANGED
    assert decide(replace(JAHRESFORUM, title="Forum"), document).action is Action.KEEP


def test_a_restored_version_is_not_taken_away_by_the_next_crawl(site: DeskSite, editor: Visitor) -> None:
    editor.send(PATH, fields(editor) | {"schritt": "uebernehmen"})
    shown = form_fields(editor.page(f"/redaktion/fassung/1/{ID}"), "/redaktion/wieder")
    editor.send(f"/redaktion/wiederherstellen/1/{ID}", shown | {"welche": "vorher"})
    restored = ours(site)
    assert (restored.text, restored.title) == (OURS, SOURCE.title)
    assert decide(SAID, restored).action is Action.UNCHANGED
    assert decide(LATER, restored).action is Action.KEEP
    assert with_marks(restored, restored) == restored
