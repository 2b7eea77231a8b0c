"""Somebody types and picks a completion: by keyboard, by mouse, on a page with filters, with a broken line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.webapp.real_site import real_site, series
from webapp.site.server import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site with the engine that is shipped."""
    with serving(real_site(tmp_path_factory.mktemp("real"), *series(12))) as url:
        yield url


@pytest.fixture
def quiet(page: Page, base_url: str) -> Iterator[Page]:
    """The start page; the console must stay silent."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(base_url)
    yield page
    assert messages == []


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Suchbegriffe")


def typed(page: Page, words: str) -> Locator:
    """Type words letter by letter; the completions that appear."""
    field(page).click()
    field(page).press_sequentially(words)
    options = page.get_by_role("listbox", name="Vorschläge").get_by_role("option")
    expect(options.first).to_be_visible()
    return options


def test_arrows_move_through_the_list_and_the_focus_stays(quiet: Page) -> None:
    page = quiet
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    options = typed(page, "Stadt")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search-form [aria-live]")).to_contain_text("Vorschl")
    number = options.count()
    assert number >= 2
    for step in range(number):
        field(page).press("ArrowDown")
        expect(options.nth(step)).to_have_attribute("aria-selected", "true")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        marked = options.nth(step).get_attribute("id")
        expect(field(page)).to_have_attribute("aria-activedescendant", str(marked))
        expect(field(page)).to_be_focused()
    field(page).press("ArrowDown")  # past the end stands the field itself
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    field(page).press("ArrowUp")
    expect(options.nth(number - 1)).to_have_attribute("aria-selected", "true")


def test_escape_closes_the_list_and_keeps_what_was_typed(quiet: Page) -> None:
    page = quiet
    typed(page, "Stadtteilm")
    field(page).press("Escape")
    expect(page.locator(".completions")).not_to_be_visible()
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    expect(field(page)).to_have_value("Stadtteilm")
    field(page).press("ArrowDown")
    expect(page.locator(".completions")).to_be_visible()


def test_enter_without_a_choice_searches_what_was_typed(quiet: Page) -> None:
    page = quiet
    typed(page, "Elternarbeit")
    field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 Treffer für „Elternarbeit“")


def test_a_word_is_searched_and_keeps_the_filters(quiet: Page, base_url: str) -> None:
    page = quiet
    page.goto(base_url + "/?q=Werkstatt&year=2003")
    field(page).fill("")
    typed(page, "Elternar")
    page.get_by_role("option", name="Elternarbeit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Treffer für „Elternarbeit“")
    expect(page).to_have_url(re.compile("year=2003"))


def test_a_document_is_opened(quiet: Page) -> None:
    page = quiet
    typed(page, "Quartiersmanagement am")
    page.get_by_role("option", name="Quartiersmanagement am Küchentisch").click()
    expect(page).to_have_url(re.compile(r"/dokument/quartiersmanagement-rostock$"))


def test_a_place_becomes_a_filter_beside_the_others(quiet: Page, base_url: str) -> None:
    page = quiet
    page.goto(base_url + "/?q=Werkstatt&year=2003&year=2019")
    field(page).fill("")
    typed(page, "Rosto")
    field(page).press("ArrowDown")
    field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 Dokument")
    expect(page.locator(".active-filters")).to_contain_text("Ort: Rostock")
    expect(page.locator(".active-filters")).to_contain_text("Jahr: 2003")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Werkstatt")
    expect(page.locator("form#suche input[name=place]")).to_have_count(0)


def test_leaving_the_field_closes_the_list(quiet: Page) -> None:
    page = quiet
    typed(page, "Stadtteilm")
    page.keyboard.press("Tab")
    expect(page.locator(".completions")).not_to_be_visible()


def test_a_line_that_breaks_stops_nobody_from_searching(page: Page, base_url: str) -> None:
    def cut(route: Route) -> None:
        route.abort()

    page.goto(base_url)
    page.route("**/vorschlaege?*", cut)
    with page.expect_event("requestfailed"):
        field(page).press_sequentially("Elternarbeit")
    expect(page.locator(".completions")).not_to_be_visible()
    field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 Treffer für „Elternarbeit“")


def test_a_slow_answer_is_overtaken_by_the_next_letter(quiet: Page) -> None:
    page = quiet
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/vorschlaege?*", hold_the_first)
    with page.expect_request("**/vorschlaege?q=Rost"):
        field(page).press_sequentially("Rost")
    field(page).press_sequentially("o")
    expect(page.get_by_role("option", name="Rostock Ort")).to_be_visible()
    assert len(held) == 1


def test_on_a_phone_the_list_fits(page: Page, base_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(base_url)
    typed(page, "Quartier")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".completions").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
