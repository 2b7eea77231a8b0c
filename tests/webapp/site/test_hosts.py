"""The site answers to its own names alone, and tells browsers what to keep and how to ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import ConfigurationError
from kb.settings import load_settings
from kb.wiring.site import known_hosts
from tests.webapp.desk_site import DeskSite
from tests.webapp.small_site import JAHRESFORUM, site_services
from webapp import create_app


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> DeskSite:
    return DeskSite(tmp_path_factory.mktemp("desk"), JAHRESFORUM)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "suche.example", "SUCHE.example:443"]
)
def test_known_names_are_answered(site: DeskSite, host: str) -> None:
    answer = site.app.test_client().get("/", headers={"Host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    ["anderswo.example", "suche.example.anderswo.example", "xsuche.example", "suche.example:x", "", "a b"],
)
@pytest.mark.parametrize("path", ["/", "/anmelden", "/static/logo.svg", "/healthz"])
def test_other_names_are_told_that_nobody_is_here(site: DeskSite, host: str, path: str) -> None:
    answer = site.app.test_client().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert "KB_PUBLIC_URL und KB_HOSTS" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_site_for_searching_alone_answers_to_this_machine() -> None:
    client = create_app(site_services(JAHRESFORUM)).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"Host": "anderswo.example"}).status_code == 400


def test_a_name_with_umlauts_is_known_as_browsers_send_it() -> None:
    app = create_app(replace(site_services(), hosts=("Übergänge.example",)))
    assert app.test_client().get("/hilfe", headers={"Host": "xn--bergnge-8wa5s.example"}).status_code == 200


def test_the_name_that_a_proxy_of_ours_passes_on_counts(tmp_path: Path) -> None:
    forwarded = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "anderswo.example"}
    for proxies, status in ((0, 200), (1, 400)):
        site = DeskSite(tmp_path / str(proxies), JAHRESFORUM, proxies=proxies)
        assert site.app.test_client().get("/", headers=forwarded).status_code == status


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        ({}, ("127.0.0.1",)),
        ({"host": "0.0.0.0"}, ()),
        ({"host": "::", "public_url": "https://Suche.example.de/"}, ("suche.example.de",)),
        ({"host": "192.0.2.7", "hosts": " a.example, b.example ,"}, ("a.example", "b.example", "192.0.2.7")),
        ({"host": "2001:db8::1"}, ("[2001:db8::1]",)),
    ],
)
def test_the_settings_name_the_names(settings: dict[str, object], more: tuple[str, ...]) -> None:
    assert known_hosts(load_settings(**settings)) == ("localhost", "127.0.0.1", "[::1]", *more)


@pytest.mark.parametrize("url", ["suche.example", "ftp://suche.example", "https://", "http://[::1"])
def test_a_public_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(ConfigurationError, match="keine Adresse einer Website") as caught:
        known_hosts(load_settings(public_url=url))
    assert caught.value.subject == "KB_PUBLIC_URL"


def test_browsers_are_told_to_ask_by_tls_where_they_did(site: DeskSite) -> None:
    client = site.app.test_client()
    secure = client.get("/", base_url="https://suche.example")
    assert secure.headers["Strict-Transport-Security"] == "max-age=3600"
    assert "Strict-Transport-Security" not in client.get("/", base_url="http://localhost").headers
    without = create_app(site_services()).test_client().get("/", base_url="https://localhost")
    assert "Strict-Transport-Security" not in without.headers


PUBLIC = ("/", "/?q=Quartier", f"/dokument/{JAHRESFORUM.id}", "/hilfe", "/vorschlaege?q=Ja", "/nichts")


def test_no_cache_keeps_what_signed_in_people_see(site: DeskSite) -> None:
    editor = site.signed_in("chefin")
    for path in (*PUBLIC, "/redaktion/", "/redaktion/neu", "/konto", "/konten"):
        assert editor.get(path).headers["Cache-Control"] == "no-store", path
    assert "max-age" in editor.get("/static/logo.svg").headers["Cache-Control"]
    visitor = site.client()
    for path in ("/anmelden", "/konto", "/redaktion/"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store", path
    for path in PUBLIC:
        assert visitor.get(path).headers["Cache-Control"] in ("no-cache", "private, max-age=60"), path
