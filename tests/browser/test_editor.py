"""An editor at work in a real browser: by form, by PDF, by key, beside a colleague, and back in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.browser.conftest import PHONE
from tests.webapp.desk_site import PASSWORD, DeskSite
from tests.webapp.small_site import JAHRESFORUM, STADTTEILMUETTER
from webapp.site.server import serving

pytestmark = pytest.mark.browser

TEXT = "In Bremen trafen sich alle.\n\nDie **Berufswahl** begann im Quartier."


@pytest.fixture
def desk(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path, JAHRESFORUM, STADTTEILMUETTER)


@pytest.fixture
def address(desk: DeskSite) -> Iterator[str]:
    with serving(desk.app) as url:
        yield url


@pytest.fixture
def editor(page: Page, address: str) -> Iterator[Page]:
    """A page of somebody who has signed in; the console must stay silent."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    sign_in(page, address, "oezlem")
    yield page
    assert [message for message in messages if "409" not in message] == []


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/redaktion/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Redaktion")


def write(page: Page) -> None:
    page.get_by_role("link", name="Neues Dokument").first.click()
    page.get_by_label("Titel").fill("Berufswahl im Quartier")
    page.get_by_label("Text", exact=True).fill(TEXT)


def search(page: Page, words: str) -> None:
    page.get_by_label("Suchbegriffe").fill(words)
    page.get_by_label("Suchbegriffe").press("Enter")


def test_add_by_form_decide_by_key_publish_and_find(editor: Page, desk: DeskSite) -> None:
    page = editor
    write(page)
    page.get_by_role("button", name="Vorschau").click()
    expect(page.locator("#vorschau strong")).to_have_text("Berufswahl")
    page.get_by_role("button", name="Weiter zur Prüfung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berufswahl im Quartier")
    expect(page.locator("pre.marked mark.on-place")).to_have_text("Bremen")

    proposals = page.locator("[data-suggestion]")
    expect(proposals.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(proposals.nth(0)).to_contain_text("angenommen")
    expect(proposals.nth(1)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(proposals.nth(2)).to_contain_text("abgelehnt")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(proposals.nth(2)).not_to_contain_text("abgelehnt")
    page.keyboard.press("x")
    expect(proposals.nth(2)).to_contain_text("abgelehnt")
    (doc_id,) = [ref.location for ref in desk.corpus.refs() if "berufswahl-im" in ref.location]
    decisions = desk.corpus.get(doc_id.split("/")[-1].removesuffix(".md")).document.decisions
    assert decisions.doc_type is not None
    assert decisions.topics["quartier"].value == "rejected"

    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Das Dokument ist jetzt veröffentlicht.")
    search(page, "Berufswahl Bremen")
    expect(page.get_by_role("main").get_by_role("link", name="Berufswahl im Quartier")).to_be_visible()


def test_add_by_pdf(editor: Page, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "bericht.pdf"))
    canvas.setTitle("Nachbarschaft in Fürth")
    canvas.drawString(72, 720, "Die Stadtteilmütter begleiten in Fürth Familien nach der Zuwanderung.")
    canvas.save()
    editor.get_by_role("link", name="Datei hochladen").first.click()
    editor.get_by_label("Datei").set_input_files(tmp_path / "bericht.pdf")
    editor.get_by_role("button", name="Lesen und prüfen").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Nachbarschaft in Fürth")
    expect(editor.locator("mark.on-topic", has_text="Zuwanderung")).to_be_visible()


def test_two_editors_and_the_way_back(editor: Page, browser: Browser, address: str) -> None:
    path = f"{address}/redaktion/bearbeiten/{STADTTEILMUETTER.id}"
    colleague = browser.new_page()
    sign_in(colleague, address, "juergen")
    editor.goto(path)
    colleague.goto(path)
    colleague.get_by_label("Text", exact=True).fill("Jürgens Fassung.")
    colleague.get_by_role("button", name="Speichern").click()
    expect(colleague.get_by_role("status")).to_have_text("Gespeichert.")
    editor.get_by_label("Text", exact=True).fill("Özlems Fassung.")
    editor.get_by_role("button", name="Speichern").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Jemand war schneller")
    expect(editor.get_by_role("table")).to_contain_text("Jürgens")
    expect(editor.get_by_role("table")).to_contain_text("Özlems")
    editor.get_by_label("Text", exact=True).fill("Jürgens Fassung.\n\nÖzlems Fassung.")
    editor.get_by_role("button", name="Zusammengeführte Fassung speichern").click()
    expect(editor.locator("pre.marked")).to_have_text("Jürgens Fassung.\n\nÖzlems Fassung.")

    editor.get_by_role("link", name="Fassungen").click()
    editor.get_by_role("link", name="1", exact=True).click()
    editor.get_by_role("button", name="Den Stand davor wiederherstellen").click()
    expect(editor.locator("pre.marked")).to_contain_text("gehen sie von Tür zu Tür")
    colleague.close()


def test_the_source_says_something_new(editor: Page, desk: DeskSite, address: str) -> None:
    stored = desk.corpus.get(STADTTEILMUETTER.id)
    desk.corpus.put(replace(stored.document, text="Von uns gekürzt."), expected=stored.revision)
    desk.news.note(replace(STADTTEILMUETTER, text="In Fürth klingeln sie an 400 Türen."))
    editor.goto(f"{address}/redaktion/")
    section = editor.get_by_role("region", name="Die Quelle sagt etwas Neues (1)")
    section.get_by_role("link", name=STADTTEILMUETTER.title).click()
    expect(editor.get_by_role("table")).to_contain_text("Von uns gekürzt.")
    expect(editor.get_by_role("table")).to_contain_text("400 Türen")
    editor.set_viewport_size(PHONE)
    assert editor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    editor.get_by_role("button", name="Fassung der Quelle übernehmen").click()
    expect(editor.get_by_role("status")).to_have_text("Die Fassung der Quelle ist übernommen.")
    expect(editor.locator("pre.marked")).to_have_text("In Fürth klingeln sie an 400 Türen.")
    editor.goto(f"{address}/redaktion/")
    expect(editor.get_by_text("Die Quelle sagt etwas Neues")).to_have_count(0)


def test_without_scripts_and_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="de-DE")
    page = context.new_page()
    sign_in(page, address, "oezlem")
    write(page)
    page.get_by_role("button", name="Weiter zur Prüfung").click()
    page.get_by_role("button", name="Annehmen: Ort Bremen").click()
    expect(page.locator("[data-suggestion]", has_text="Bremen")).to_contain_text("angenommen")
    review = page.url.partition("#")[0].removeprefix(address)
    for path in ("/redaktion/", review, f"/redaktion/bearbeiten/{JAHRESFORUM.id}", "/konto"):
        page.goto(address + path)
        room = page.evaluate("document.documentElement.scrollWidth")
        assert room <= PHONE["width"], path
    context.close()
