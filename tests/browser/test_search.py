"""A person searches, narrows, reads and goes back: by mouse, by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def faultless(page: Page, base_url: str) -> Iterator[Page]:
    """A page on which no message may appear in the console and no address but the site's may be loaded."""
    messages: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(base_url) else foreign.append(request.url)
    )
    page.goto(base_url)
    yield page
    assert messages == []
    assert foreign == []


def test_search_narrow_read_and_go_back(faultless: Page) -> None:
    page = faultless
    page.get_by_role("combobox", name="Suchbegriffe").fill("quartier")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("38 Treffer für „quartier“")

    page.get_by_role("group", name="Thema").get_by_role("link", name="Übergang Schule–Beruf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „quartier“")
    expect(page.get_by_role("checkbox", name="Übergang Schule–Beruf ankreuzen")).to_be_checked()

    page.get_by_role("main").get_by_role("link", name=re.compile("^Jahresforum")).click()
    expect(page).to_have_url(re.compile(r"/dokument/jahresforum-dortmund$"))
    page.get_by_text("Warum diese Themen?").click()
    expect(page.locator(".why mark").first).to_be_visible()

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „quartier“")
    page.get_by_role("link", name="Filter entfernen: Thema: Übergang Schule–Beruf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("38 Treffer für „quartier“")


def test_several_boxes_are_applied_together_and_survive_new_words(faultless: Page) -> None:
    page = faultless
    page.get_by_role("checkbox", name="2018 ankreuzen").check()
    page.get_by_role("checkbox", name="2021 ankreuzen").check()
    page.get_by_role("button", name="Auswahl anwenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 Dokumente")
    page.get_by_role("combobox").fill("fürth")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „fürth“")
    expect(page).to_have_url(re.compile(r"year=2018.*year=2021|year=2021.*year=2018"))


def test_paging(faultless: Page) -> None:
    page = faultless
    page.get_by_role("link", name="Weiter →").click()
    expect(page.locator(".result-meta")).to_contain_text("11–20 von 40")
    page.get_by_role("link", name="Seite 4").click()
    expect(page.get_by_role("link", name="Weiter →")).to_have_count(0)
    page.get_by_role("link", name="← Zurück").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("Seite 3")


def test_from_the_hits_to_the_further_documents(faultless: Page) -> None:
    page = faultless
    page.get_by_role("combobox").fill("bildungskonferenz quartier")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("37 Treffer für „bildungskonferenz quartier“")
    page.get_by_role("link", name="Datum", exact=True).click()
    page.get_by_role("link", name="1 weiteres Dokument ansehen").click()
    section = page.get_by_role("region", name="Weitere Dokumente, die nicht alle Wörter enthalten (1)")
    expect(section.get_by_role("heading", level=2)).to_be_in_viewport()
    expect(section.get_by_role("listitem").filter(has=page.get_by_role("article"))).to_have_count(1)
    expect(section).to_contain_text("Es fehlt ‚bildungskonferenz‘")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")).strip()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something with these words has the focus, and see that the focus can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in focused(page):
            width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert width >= 2, f"no focus ring on {words}"
            return
    pytest.fail(f"Tab never reaches {words!r}")


def test_keyboard_only(faultless: Page) -> None:
    page = faultless
    tab_to(page, "Zum Inhalt springen")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_in_viewport()
    tab_to(page, "q")
    page.keyboard.type("bildungskonferenz")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("37 Treffer für „bildungskonferenz“")
    tab_to(page, "Zum Inhalt springen")
    page.keyboard.press("Enter")
    tab_to(page, "Quartier")
    page.keyboard.press("Enter")
    expect(page.locator(".active-filters")).to_contain_text("Thema: Quartier")
    tab_to(page, "Werkstattbericht")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Werkstattbericht")
    tab_to(page, "Warum dieses Thema?")
    page.keyboard.press("Enter")
    expect(page.locator(".why mark").first).to_be_visible()


@pytest.fixture
def without_javascript(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="de-DE")
    yield context
    context.close()


def test_without_javascript(without_javascript: BrowserContext) -> None:
    page = without_javascript.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("quartier")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Übergang Schule–Beruf ankreuzen").check()
    page.get_by_role("button", name="Auswahl anwenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „quartier“")
    page.get_by_role("link", name="Datum", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=re.compile("^Jahresforum")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jahresforum")


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        base_url=base_url,
        has_touch=True,
        is_mobile=True,
    )
    yield context
    context.close()


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=quartier&topic=quartier&year=2020", "/?q=nix", "/dokument/jahresforum-dortmund",
     "/?q=quartier+jugendberufsagentur", "/?q=quartier+" + "Donaudampfschifffahrt" * 5,
     "/gibt-es-nicht", "/?q=" + "Donaudampfschifffahrtsgesellschaft" * 5],
)  # fmt: skip
def test_a_phone_never_scrolls_sideways(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_filters_on_a_phone_are_folded_and_open(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/?q=quartier")
    topic = page.get_by_role("group", name="Thema").get_by_role("link", name="Übergang Schule–Beruf")
    expect(topic).not_to_be_visible()
    page.get_by_text("Filter", exact=True).tap()
    topic.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „quartier“")
    expect(page.get_by_text("Filter (1 gesetzt)")).to_be_visible()
    target = page.locator(".filters summary").first.bounding_box()
    assert target is not None
    assert target["height"] >= 24  # WCAG 2.2, 2.5.8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_what_the_reader_prefers(page: Page, base_url: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(base_url)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", background)[:3])) / 3
    assert brightness > 200 if scheme == "light" else brightness < 60


def test_on_paper_only_the_document_and_its_origin(page: Page, base_url: str) -> None:
    page.goto(base_url + "/dokument/jahresforum-dortmund")
    page.emulate_media(media="print")
    expect(page.locator(".prose")).to_be_visible()
    expect(page.locator(".citation")).to_be_visible()
    expect(page.get_by_label("Suchbegriffe")).to_have_count(1)
    expect(page.get_by_label("Suchbegriffe")).not_to_be_visible()
    expect(page.locator(".site-footer")).not_to_be_visible()
