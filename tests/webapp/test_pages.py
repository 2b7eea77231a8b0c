"""Every page keeps HTML's rules, works with keyboard and screen reader, and loads nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.webapp.pages import faults, soup, texts

PAGES = [
    ("/", 200),
    ("/?q=quartier", 200),
    ("/?q=quartier&topic=quartier&topic=migration&year=2020&sort=date&page=2", 200),
    ("/?q=marsmission", 200),
    ("/?place=Bremen", 200),
    ("/?q=bildungskonferenz&page=99", 200),
    ("/?q=quartier+jugendberufsagentur&page=2", 200),
    ("/?q=quartier+jugendberufsagentur&sort=date", 200),
    ("/?q=quartier+marsmission", 200),
    ("/?q=%22offen", 400),
    ("/dokument/jahresforum-dortmund", 200),
    ("/dokument/stadtteilmuetter/fuerth", 200),
    ("/dokument/50%20%25%20mehr%3F%23ausbildung", 200),
    ("/dokument/unbekannt", 404),
    ("/hilfe", 200),
]


@pytest.mark.parametrize(("address", "status"), PAGES)
def test_html_and_accessibility(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert faults(answer.text) == []
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize(("address", "status"), PAGES)
def test_landmarks_and_skip_link(client: FlaskClient, address: str, status: int) -> None:
    page = soup(client, address, status)
    first_link = page.select_one("a")
    assert first_link is not None
    assert first_link["href"] == "#inhalt"
    assert page.select_one("main#inhalt") is not None
    assert page.select_one("form[role=search]") is not None
    assert "Fundstelle" in texts(page, "title")[0]
    assert all(tag.get("aria-label") for tag in page.select("nav, aside"))


@pytest.mark.parametrize(("address", "status"), PAGES)
def test_nothing_is_loaded_from_elsewhere_and_everything_is_there(
    client: FlaskClient, address: str, status: int
) -> None:
    page = soup(client, address, status)
    loaded = [str(tag["href"]) for tag in page.select("link[rel=stylesheet], link[rel=icon]")]
    loaded += [str(tag["src"]) for tag in page.select("[src]")]
    assert len(loaded) >= 3
    for one in loaded:
        assert urlsplit(one).netloc == ""
        answer = client.get(one)
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        answer.close()


@pytest.mark.parametrize(("address", "status"), PAGES)
def test_every_link_of_ours_leads_somewhere(client: FlaskClient, address: str, status: int) -> None:
    page = soup(client, address, status)
    for target in sorted({str(tag["href"]) for tag in page.select("a[href^='/']")}):
        assert client.get(target).status_code == 200, target


def test_result_pages_are_not_for_other_search_engines(client: FlaskClient) -> None:
    assert soup(client, "/?q=quartier").select("meta[name=robots]")
    assert not soup(client, "/").select("meta[name=robots]")
    assert not soup(client, "/dokument/jahresforum-dortmund").select("meta[name=robots]")


def test_the_checker_finds_faults() -> None:
    bad = (
        '<html><body><h1>a</h1><h1>b</h1><h4>c</h4><p><div style="x">'
        '<script>alert(1)</script><script src="https://else.where/x.js" defer></script>'
        '<input id="i"><input id="i"><a href="/"></a><img src="x"><label for="nix">l</label></p>'
    )
    found = " ".join(faults(bad))
    for fault in ("2 h1", "h1 is followed by h4", "inside <p>", "has style", "id i twice", "no label",
                  "no text", "no alt", "foreign or inline: <script>alert", 'inline: <script defer',
                  "for=nix", "no lang", "no <main>", "stays open"):  # fmt: skip
        assert fault in found
