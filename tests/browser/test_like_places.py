"""„Kommunen wie meine“ in a browser: typed, explained, put in order, taken back; without a script too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.model import Document
from tests.browser.conftest import PHONE
from tests.webapp.real_site import real_site
from webapp.site.server import serving

pytestmark = pytest.mark.browser

BREMEN = Document(
    "elternarbeit-bremen",
    "Elternarbeit in Bremen",
    "In Bremen beraten Stadtteilmütter die Eltern. Bremen setzt auf Ausbildung und Übergänge.",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(real_site(tmp_path_factory.mktemp("wie"), BREMEN)) as url:
        yield url


def test_typed_explained_and_taken_back(page: Page, address: str) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"{address}/?q=Ausbildung")
    page.get_by_label("Kommunen wie meine").fill("Dortmund")
    page.get_by_role("button", name="Ähnliche zeigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 Treffer für „Ausbildung“")
    expect(page.locator(".likeness")).to_have_text(
        re.compile(r"Bremen: etwa gleich groß \(569\.352 Einwohner\).* – ähnlich wie Dortmund")
    )
    page.get_by_role("link", name="Ähnlichkeit").click()
    expect(page.locator(".hit-title").first).to_have_text("Jahresforum Schul- und Berufswahl")
    page.get_by_role("combobox", name="Suchbegriffe").fill("Stadtteilmütter")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".hit-title")).to_have_text(["Elternarbeit in Bremen"])
    page.get_by_role("link", name="Filter entfernen: Orte wie Dortmund").click()
    expect(page.locator(".hit-title")).to_have_count(2)
    assert messages == []


def test_on_a_phone_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="de-DE")
    page = context.new_page()
    page.goto(f"{address}/?q=Ausbildung&place=Dortmund")
    page.get_by_role("link", name="auch Orte wie Dortmund").click()
    expect(page.locator(".hit-title")).to_have_count(2)
    page.get_by_text("Filter (2 gesetzt)").click()
    page.get_by_label("Kommunen wie meine").fill("Atlantis")
    page.get_by_role("button", name="Ähnliche zeigen").click()
    expect(page.locator(".notice").first).to_contain_text("„Atlantis“")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
