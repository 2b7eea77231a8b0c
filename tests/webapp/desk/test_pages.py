"""The editors' way: add, decide, publish, edit, meet a colleague, withdraw, restore; nothing is ever lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage

from kb.model import SearchQuery, Status
from tests.crawler.extract.samples import partly_scanned
from tests.webapp.desk_site import PASSWORD, DeskSite, Visitor, form_fields
from tests.webapp.pages import faults
from tests.webapp.small_site import DRAFT, JAHRESFORUM, STADTTEILMUETTER, WITHDRAWN

TEXT = (
    "Das Quartiersbüro in Gelsenkirchen lädt zur Berufswahl ein.\n\n"
    "Die Stadtteilmütter*innen berichten aus dem Quartier."
)
FIELDS = {"titel": "Schul- und Berufswahl im Quartier", "text": TEXT, "vorgang": "abc", "sprache": "de"}
DOC = "schul-und-berufswahl-im-quartier-ba7816bf"


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path, JAHRESFORUM, STADTTEILMUETTER, DRAFT, WITHDRAWN)


@pytest.fixture
def editor(site: DeskSite) -> Visitor:
    return site.signed_in()


def review(editor: Visitor, doc_id: str = DOC) -> dict[str, str]:
    """The fields of the publishing form, with the revision at hand."""
    return form_fields(editor.page(f"/redaktion/pruefen/{doc_id}"), "/redaktion/status/")


def decide(editor: Visitor, kind: str, name: str, value: str, doc_id: str = DOC) -> None:
    fields = {"stand": review(editor, doc_id)["stand"], "art": kind, "name": name, "wert": value}
    assert editor.send(f"/redaktion/entscheiden/{doc_id}", fields).status_code == 302


def titles(site: DeskSite, text: str) -> list[str]:
    return [hit.entry.title for hit in site.backend.search(SearchQuery(text)).hits]


def test_from_the_form_to_a_hit(site: DeskSite, editor: Visitor) -> None:
    answer = editor.send("/redaktion/neu", FIELDS)
    assert answer.headers["Location"] == f"/redaktion/pruefen/{DOC}"
    assert titles(site, "Quartiersbüro") == []
    answer = editor.send(f"/redaktion/status/{DOC}", review(editor) | {"schritt": "veroeffentlichen"})
    assert answer.status_code == 302
    assert titles(site, "Quartiersbüro") == ["Schul- und Berufswahl im Quartier"]
    assert site.client().get(f"/dokument/{DOC}").status_code == 200


def test_a_form_sent_twice_is_one_document(site: DeskSite, editor: Visitor) -> None:
    for _ in range(2):
        assert editor.send("/redaktion/neu", FIELDS).status_code == 302
    assert [one.title for one in documents(site)].count("Schul- und Berufswahl im Quartier") == 1
    assert len(site.versions.versions(DOC)) == 1


def documents(site: DeskSite) -> list:  # type: ignore[type-arg]
    return [site.corpus.load(ref).document for ref in site.corpus.refs()]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(editor: Visitor, site: DeskSite) -> None:
    wrong = FIELDS | {"titel": " ", "adresse": "www.hof.de", "veroeffentlicht": "gestern", "termin_bis": "2020"}
    answer = editor.send("/redaktion/neu", wrong)
    assert answer.status_code == 400
    for part in (
        "Der Titel fehlt.",
        "Bitte mit http:// oder https:// beginnen.",
        "TT.MM.JJJJ",
        "Der Beginn fehlt.",
    ):
        assert part in answer.text
    assert "Stadtteilmütter*innen berichten" in answer.text
    assert 'value="www.hof.de"' in answer.text
    assert len(documents(site)) == 4


def test_german_dates_are_understood(editor: Visitor, site: DeskSite) -> None:
    editor.send("/redaktion/neu", FIELDS | {"veroeffentlicht": "29.11.2018", "termin_von": "3. 5. 2019"})
    document = site.corpus.get(DOC).document
    assert (str(document.published), str(document.event.start if document.event else "")) == (
        "2018-11-29",
        "2019-05-03",
    )


@pytest.mark.parametrize("date", ["9999-12-31", "1.1.0001", "0001", "2999-01"])
def test_a_year_that_nobody_means_is_told_beside_its_field(editor: Visitor, site: DeskSite, date: str) -> None:
    answer = editor.send("/redaktion/neu", FIELDS | {"veroeffentlicht": date})
    assert answer.status_code == 400
    assert "Das Jahr muss zwischen 1500 und 2100 liegen." in answer.text
    assert f'value="{date}"' in answer.text
    assert DOC not in [document.id for document in documents(site)]


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 201])
@pytest.mark.parametrize("kind", ["place", "topic"])
def test_what_is_decided_on_has_a_name(editor: Visitor, site: DeskSite, kind: str, name: str) -> None:
    before = site.corpus.get(JAHRESFORUM.id)
    fields = {"stand": before.revision, "art": kind, "name": name, "wert": "confirmed"}
    assert editor.send(f"/redaktion/entscheiden/{JAHRESFORUM.id}", fields).status_code == 302
    assert "Ein Name hat 1 bis 200 Zeichen." in editor.page(f"/redaktion/pruefen/{JAHRESFORUM.id}").get_text()
    assert site.corpus.get(JAHRESFORUM.id) == before


def test_where_a_decision_goes_on_may_hold_anything(editor: Visitor, site: DeskSite) -> None:
    fields = {"stand": review(editor, JAHRESFORUM.id)["stand"], "art": "topic", "name": "migration"}
    for following in ("a\nLocation: x", "\r\n", "ü #?&", "\x00"):
        answer = editor.send(f"/redaktion/entscheiden/{JAHRESFORUM.id}", fields | {"weiter": following})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/redaktion/pruefen/")


def test_proposals_show_the_words_that_speak_for_them(editor: Visitor) -> None:
    editor.send("/redaktion/neu", FIELDS)
    page = editor.page(f"/redaktion/pruefen/{DOC}")
    proposed = [" ".join(one.get_text(" ").split()) for one in page.select(".suggestion .what")]
    assert proposed == [
        "Art Praxisbeispiel", "Thema Übergang Schule–Beruf", "Thema Quartier", "Ort Gelsenkirchen",
    ]  # fmt: skip
    marks = {(mark["class"][0], mark.get_text()) for mark in page.select("pre.marked mark")}
    assert {("on-topic", "Berufswahl"), ("on-topic", "Quartier"), ("on-place", "Gelsenkirchen")} <= marks
    assert page.select_one("pre.marked").get_text() == TEXT  # type: ignore[union-attr]


def test_decisions_are_kept_with_name_and_time_and_win(site: DeskSite, editor: Visitor) -> None:
    editor.send("/redaktion/neu", FIELDS)
    decide(editor, "topic", "quartier", "rejected")
    decide(editor, "topic", "migration", "confirmed")
    decide(editor, "doc_type", "", "veranstaltungsbericht")
    decide(editor, "place", "Gelsenkirchen", "confirmed")
    decide(editor, "event", "", "2020-03-12/2020-03-13")
    decisions = site.corpus.get(DOC).document.decisions
    assert {name: one.value for name, one in decisions.topics.items()} == {
        "quartier": "rejected",
        "migration": "confirmed",
    }
    assert decisions.topics["quartier"].by == "oezlem"
    assert decisions.topics["quartier"].at is not None
    assert decisions.event is not None
    assert decisions.event.value == "2020-03-12/2020-03-13"
    page = editor.page(f"/redaktion/pruefen/{DOC}").get_text(" ")
    assert "abgelehnt" in page
    assert "oezlem" in page
    decide(editor, "topic", "quartier", "")
    assert "quartier" not in site.corpus.get(DOC).document.decisions.topics


@pytest.mark.parametrize(("kind", "value"), [("laune", "gut"), ("event", "gestern"), ("topic", "vielleicht")])
def test_nonsense_decisions_change_nothing(site: DeskSite, editor: Visitor, kind: str, value: str) -> None:
    editor.send("/redaktion/neu", FIELDS)
    before = site.corpus.get(DOC)
    decide(editor, kind, "x", value)
    assert site.corpus.get(DOC) == before
    assert "Das ging nicht" in editor.page(f"/redaktion/pruefen/{DOC}").get_text()


def test_two_editors_on_one_document_both_see_both_versions(site: DeskSite, editor: Visitor) -> None:
    editor.send("/redaktion/neu", FIELDS)
    other = site.signed_in("juergen")
    mine, theirs = (
        form_fields(one.page(f"/redaktion/bearbeiten/{DOC}"), "/redaktion/bearb") for one in (editor, other)
    )
    path = f"/redaktion/bearbeiten/{DOC}"
    assert other.send(path, theirs | {"text": TEXT + "\n\nJürgens Zusatz."}).status_code == 302
    answer = editor.send(path, mine | {"text": TEXT + "\n\nÖzlems Zusatz.", "titel": "Neuer Titel"})
    assert answer.status_code == 409
    for part in ("juergen", "Jürgens", "Özlems", "Zusammengeführt"):
        assert part in answer.text
    assert "Neuer Titel" not in site.corpus.get(DOC).document.title
    merged = {"stand": site.corpus.get(DOC).revision, "text": TEXT + "\n\nJürgens Zusatz.\n\nÖzlems Zusatz."}
    assert editor.send(path, mine | merged).status_code == 302
    assert "Jürgens Zusatz.\n\nÖzlems" in site.corpus.get(DOC).document.text
    assert [one.account for one in site.versions.versions(DOC)] == ["oezlem", "juergen", "oezlem"]


def test_withdraw_and_publish_again(site: DeskSite, editor: Visitor) -> None:
    doc_id = STADTTEILMUETTER.id
    path = f"/redaktion/status/{doc_id}"
    assert (
        editor.send(path, review(editor, doc_id) | {"schritt": "zurueckziehen", "grund": ""}).status_code == 302
    )
    assert site.corpus.get(doc_id).document.status is Status.PUBLISHED
    editor.send(path, review(editor, doc_id) | {"schritt": "zurueckziehen", "grund": "Auf Wunsch der Stadt"})
    assert titles(site, "Stadtteilmütter") == []
    page = site.client().get(f"/dokument/{doc_id}")
    assert page.status_code == 410
    assert "Auf Wunsch der Stadt" in page.text
    assert "von Tür zu Tür" not in page.text
    editor.send(path, review(editor, doc_id) | {"schritt": "veroeffentlichen"})
    assert titles(site, "Stadtteilmütter") == [STADTTEILMUETTER.title]
    assert site.corpus.get(doc_id).document.withdrawal is None


def test_every_version_can_be_seen_compared_and_restored(site: DeskSite, editor: Visitor) -> None:
    doc_id = STADTTEILMUETTER.id
    path = f"/redaktion/bearbeiten/{doc_id}"
    fields = form_fields(editor.page(path), path)
    editor.send(path, fields | {"text": "Ganz anderer Text.", "notiz": "gekürzt"})
    listed = editor.page(f"/redaktion/fassungen/{doc_id}").get_text(" ")
    assert "gekürzt" in listed
    compared = editor.page(f"/redaktion/vergleich/{doc_id}?von=0&bis=1").get_text()
    assert "von Tür zu Tür" in compared
    assert "Ganz anderer Text." in compared
    shown = form_fields(editor.page(f"/redaktion/fassung/1/{doc_id}"), "/redaktion/wieder")
    editor.send(f"/redaktion/wiederherstellen/1/{doc_id}", shown | {"welche": "vorher"})
    restored = site.corpus.get(doc_id).document
    assert restored.text == STADTTEILMUETTER.text
    assert restored.status is Status.PUBLISHED
    assert len(site.versions.versions(doc_id)) == 2


def test_the_same_text_or_address_is_shown(site: DeskSite, editor: Visitor) -> None:
    editor.send("/redaktion/neu", FIELDS | {"adresse": str(JAHRESFORUM.url)})
    assert JAHRESFORUM.id in editor.page(f"/redaktion/pruefen/{DOC}").get_text()


def upload(editor: Visitor, data: bytes, name: str) -> object:
    return editor.send("/redaktion/hochladen", {"datei": FileStorage(io.BytesIO(data), filename=name)})


@pytest.mark.parametrize(
    "name", ["bericht.txt", "../../x.txt", "C:\\Eigene\\bericht.txt", "ä" * 300 + ".txt", "a\u202eb.txt"]
)
def test_an_upload_is_read_and_kept_under_a_generated_name(site: DeskSite, editor: Visitor, name: str) -> None:
    data = b"Ein Abend im Quartier\n\nIn Bremen ging es um Zuwanderung und Ausbildung."
    for _ in range(2):
        assert upload(editor, data, name).status_code == 302  # type: ignore[attr-defined]
    (stored,) = site.uploads.iterdir()
    assert stored.read_bytes() == data
    assert stored.stat().st_mode & 0o777 == 0o600
    (document,) = [one for one in documents(site) if one.title == "Ein Abend im Quartier"]
    assert document.status is Status.DRAFT
    assert "/" not in document.extra["original"]["name"]
    assert len(document.extra["original"]["name"]) <= 200


def test_what_of_an_upload_is_missing_is_said_at_the_review(editor: Visitor) -> None:
    answer = upload(editor, partly_scanned(4, text_on=[1]), "halb.pdf")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    page = editor.page(answer.headers["Location"])  # type: ignore[attr-defined]
    assert "halb.pdf: Seiten 2 bis 4 haben keinen Text" in page.get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "leer"),
        (b"%PDF-1.7 kaputt", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "bild.txt"),
        (b"a " * 30_000, "50000"),
    ],
)
def test_what_cannot_be_read_is_said(site: DeskSite, editor: Visitor, data: bytes, said: str) -> None:
    answer = upload(editor, data, "bild.txt")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in answer.text.replace(".", "") or said in answer.text  # type: ignore[attr-defined]
    assert len(documents(site)) == 4


def test_a_file_beyond_the_limit_is_not_even_read(editor: Visitor) -> None:
    assert upload(editor, b"x" * 2_100_000, "gross.txt").status_code == 413  # type: ignore[attr-defined]


HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"


def test_hostile_text_is_shown_as_text(site: DeskSite, editor: Visitor) -> None:
    editor.send("/redaktion/neu", FIELDS | {"titel": HOSTILE, "text": HOSTILE, "vorgang": "b"})
    (document,) = [one for one in documents(site) if "script" in one.title]
    path = f"/redaktion/status/{document.id}"
    editor.send(path, review(editor, document.id) | {"schritt": "veroeffentlichen"})
    for address in (
        f"/redaktion/pruefen/{document.id}",
        f"/dokument/{document.id}",
        "/redaktion/",
        f"/redaktion/fassungen/{document.id}",
    ):
        page = editor.page(address)
        assert [
            one for one in page.find_all("script") if not str(one.get("src", "")).startswith("/static/")
        ] == []
        assert page.find(attrs={"onerror": True}) is None
        assert [link for link in page.find_all("a") if str(link.get("href")).startswith("javascript")] == []


def test_a_session_that_ended_while_writing_loses_no_text(site: DeskSite, editor: Visitor) -> None:
    token = form_fields(editor.page("/redaktion/neu"), "/redaktion/neu")["csrf_token"]
    end_sessions(site)
    answer = editor.post("/redaktion/neu", FIELDS | {"csrf_token": token})
    assert answer.status_code == 401
    assert "Stadtteilmütter*innen berichten" in answer.text
    carried = form_fields(BeautifulSoup(answer.data, "lxml"), "/anmelden")
    again = editor.post("/anmelden", carried | {"name": "oezlem", "passwort": PASSWORD})
    assert "Ihre Eingaben sind erhalten" in again.text
    fields = form_fields(BeautifulSoup(again.data, "lxml"), "/redaktion/neu")
    assert fields["text"].replace("\r\n", "\n") == TEXT
    assert fields["vorgang"] == "abc"
    assert len(documents(site)) == 4
    assert editor.post("/redaktion/neu", fields).status_code == 302


def end_sessions(site: DeskSite, name: str = "oezlem") -> None:
    for active in (False, True):
        site.accounts.set_active(name, active=active)


def test_an_edit_comes_along_with_its_note_and_the_state_that_was_seen(site: DeskSite, editor: Visitor) -> None:
    path = f"/redaktion/bearbeiten/{STADTTEILMUETTER.id}"
    fields = form_fields(editor.page(path), path)
    end_sessions(site)
    sent = fields | {"text": "Kürzer.", "notiz": "gekürzt", "gesehen": "abc"}
    carried = form_fields(BeautifulSoup(editor.post(path, sent).data, "lxml"), "/anmelden")
    again = editor.post("/anmelden", carried | {"name": "oezlem", "passwort": PASSWORD})
    resumed = form_fields(BeautifulSoup(again.data, "lxml"), path)
    for name in ("text", "notiz", "gesehen", "stand", "titel"):
        assert resumed[name] == sent[name]


def test_only_known_fields_of_our_own_forms_come_along(site: DeskSite, editor: Visitor) -> None:
    token = form_fields(editor.page("/redaktion/neu"), "/redaktion/neu")["csrf_token"]
    end_sessions(site)
    more = {"unbekannt": "Blindtext eins", "weiter.titel": "Blindtext zwei"}
    answer = editor.post("/redaktion/neu", FIELDS | more | {"csrf_token": token})
    assert "Stadtteilmütter*innen berichten" in answer.text
    assert "Blindtext" not in answer.text
    for path in (
        "/redaktion/status/x",
        "/konten",
        "/abmelden",
        f"/redaktion/entscheiden/{STADTTEILMUETTER.id}",
    ):
        answer = editor.post(path, FIELDS | more | {"csrf_token": token})
        assert (answer.status_code, "berichten" in answer.text, "Blindtext" in answer.text) == (
            401,
            False,
            False,
        )
    carried = {"weiter": "/redaktion/neu", "weiter.titel": "T", "weiter.unbekannt": "Blindtext drei"}
    answer = editor.post("/anmelden", carried | {"csrf_token": token, "name": "oezlem", "passwort": "falsch"})
    assert form_fields(BeautifulSoup(answer.data, "lxml"), "/anmelden")["weiter.titel"] == "T"
    assert "Blindtext" not in answer.text


@pytest.mark.parametrize("token", ["", "falsch"])
def test_without_the_token_of_its_session_nothing_comes_along(
    site: DeskSite, editor: Visitor, token: str
) -> None:
    for visitor in (site.client(), editor):
        end_sessions(site)
        answer = visitor.post("/redaktion/neu", FIELDS | {"csrf_token": token})
        assert answer.status_code == 401
        assert "berichten" not in answer.text
        assert "Der Knopf „Zurück“ Ihres Browsers führt zum Formular." in answer.text
        assert faults(answer.text) == []
        sent = {"weiter": "/redaktion/neu", "weiter.text": "Blindtext", "csrf_token": token}
        answer = visitor.post("/anmelden", sent | {"name": "oezlem", "passwort": PASSWORD})
        assert (answer.status_code, "Blindtext" in answer.text) == (400, False)


def test_who_signed_in_in_another_window_goes_on_in_this_one(site: DeskSite, editor: Visitor) -> None:
    sent = {"weiter": "/redaktion/neu", "weiter.text": "Mein Text.", "csrf_token": "von vorhin"}
    answer = editor.post("/anmelden", sent | {"name": "oezlem", "passwort": PASSWORD})
    assert form_fields(BeautifulSoup(answer.data, "lxml"), "/redaktion/neu")["text"].strip() == "Mein Text."


def test_a_long_text_is_saved_and_outlives_its_session(site: DeskSite, editor: Visitor) -> None:
    long_text = "Übergänge gestalten. " * 60_000
    token = form_fields(editor.page("/redaktion/neu"), "/redaktion/neu")["csrf_token"]
    fields = FIELDS | {"text": long_text, "csrf_token": token}
    assert editor.post("/redaktion/neu", fields).status_code == 302
    end_sessions(site)
    carried = form_fields(BeautifulSoup(editor.post("/redaktion/neu", fields).data, "lxml"), "/anmelden")
    again = editor.post("/anmelden", carried | {"name": "oezlem", "passwort": PASSWORD})
    assert "Ihre Eingaben sind erhalten" in again.text
    assert again.text.count("Übergänge gestalten.") == 60_000
    stranger = site.client().post("/redaktion/neu", fields)
    assert (stranger.status_code, "Übergänge" in stranger.text) == (401, False)
    assert "zu groß" in stranger.text


def test_a_file_of_somebody_whose_session_ended_is_asked_for_again(site: DeskSite, editor: Visitor) -> None:
    token = form_fields(editor.page("/redaktion/hochladen"), "/redaktion/hochladen")["csrf_token"]
    end_sessions(site)
    for size, said in ((10, "bitte wählen Sie sie danach neu"), (1_500_000, "zu groß")):
        file = FileStorage(io.BytesIO(b"x" * size), filename="bericht.txt")
        answer = editor.post("/redaktion/hochladen", {"csrf_token": token, "datei": file})
        assert answer.status_code == 401
        assert said in answer.text


def test_a_token_of_another_session_saves_nothing_and_keeps_the_text(site: DeskSite, editor: Visitor) -> None:
    answer = editor.post("/redaktion/neu", FIELDS | {"csrf_token": "falsch"})
    assert answer.status_code == 400
    assert "Stadtteilmütter*innen berichten" in answer.text
    assert len(documents(site)) == 4


def test_preview_shows_what_readers_will_see(editor: Visitor) -> None:
    answer = editor.send(
        "/redaktion/vorschau",
        {"titel": "T", "text": "## Ablauf\n\n**fett** <b>x</b>"},
        token_from="/redaktion/neu",
    )
    assert "<strong>fett</strong>" in answer.text
    assert "&lt;b&gt;x" in answer.text
