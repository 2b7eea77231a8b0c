"""Signing in, in real browsers: on two devices, after a session that ended, and with a forgotten password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_editor import TEXT, sign_in, write
from tests.webapp.desk_site import PASSWORD, DeskSite
from tests.webapp.small_site import JAHRESFORUM
from webapp.site.server import serving

pytestmark = pytest.mark.browser

ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def desk(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path, JAHRESFORUM)


@pytest.fixture
def address(desk: DeskSite) -> Iterator[str]:
    with serving(desk.app) as url:
        yield url


def test_one_device_ends_the_session_of_another(page: Page, browser: Browser, address: str) -> None:
    sign_in(page, address, "oezlem")
    context = browser.new_context(viewport=PHONE, user_agent=ANDROID)
    phone = context.new_page()
    sign_in(phone, address, "oezlem")
    phone.goto(f"{address}/konto")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("link", name="oezlem").click()
    row = page.get_by_role("row").filter(has_text="Firefox unter Android")
    row.get_by_role("button", name="beenden").click()
    expect(page.get_by_role("status")).to_have_text("Die Sitzung ist beendet.")
    expect(page.get_by_role("row").filter(has_text="diese hier")).to_have_count(1)
    expect(page.get_by_text("Firefox unter Android")).to_have_count(0)
    phone.goto(f"{address}/redaktion/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Anmelden")
    context.close()


def test_a_session_that_ended_while_writing_goes_on_after_signing_in(
    page: Page, desk: DeskSite, address: str
) -> None:
    sign_in(page, address, "oezlem")
    write(page)
    for active in (False, True):
        desk.accounts.set_active("oezlem", active=active)
    page.get_by_role("button", name="Weiter zur Prüfung").click()
    expect(page.get_by_role("alert")).to_contain_text("Nach dem Anmelden sind Ihre Eingaben wieder da.")
    page.get_by_label("Name").fill("oezlem")
    page.get_by_label("Passwort").fill("vertippt, zum ersten Mal")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Name oder Passwort stimmt nicht")
    page.get_by_label("Name").fill("oezlem")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("status")).to_contain_text("Ihre Eingaben sind erhalten.")
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    page.get_by_role("button", name="Weiter zur Prüfung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berufswahl im Quartier")


def test_signing_out_and_guessing(page: Page, address: str) -> None:
    sign_in(page, address, "oezlem")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    page.goto(f"{address}/anmelden")
    for _ in range(6):
        page.get_by_label("Name").fill("juergen")
        page.get_by_label("Passwort").fill("vergessen, leider")
        page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Zu viele falsche Passwörter.")
    page.get_by_label("Name").fill("oezlem")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Redaktion")
