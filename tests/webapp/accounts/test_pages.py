"""Signing in and out: what is said, what is set, and when a session ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.webapp.desk_site import PASSWORD, DeskSite
from webapp.accounts import sessions


@pytest.fixture
def site(tmp_path: Path) -> DeskSite:
    return DeskSite(tmp_path)


def test_sign_in_leads_where_one_wanted_to_go(site: DeskSite) -> None:
    visitor = site.client()
    answer = visitor.get("/redaktion/neu?x=1")
    assert answer.headers["Location"] == "/anmelden?weiter=/redaktion/neu?x%3D1"
    fields = {"name": "Oezlem ", "passwort": PASSWORD, "weiter": "/redaktion/neu?x=1"}
    answer = visitor.send("/anmelden", fields)
    assert answer.headers["Location"] == "/redaktion/neu?x=1"


@pytest.mark.parametrize(
    "target", ["https://boese.example/", "//boese.example", "/\\boese.example", "javascript:alert(1)", ""]
)
def test_nobody_is_led_to_another_site(site: DeskSite, target: str) -> None:
    answer = site.client().send("/anmelden", {"name": "oezlem", "passwort": PASSWORD, "weiter": target})
    assert answer.headers["Location"] == "/redaktion/"


def test_the_page_does_not_say_which_part_was_wrong(site: DeskSite) -> None:
    said = [
        site.client().send("/anmelden", {"name": name, "passwort": "falsch"}).text.replace(name, "NAME")
        for name in ("oezlem", "niemand")
    ]
    assert "Name oder Passwort stimmt nicht" in said[0]
    strip = [text.split('name="csrf_token"')[0] + text.split("csrf_token")[1][200:] for text in said]
    assert strip[0] == strip[1]


def test_cookies_are_for_this_site_alone(site: DeskSite) -> None:
    answer = site.client().send("/anmelden", {"name": "oezlem", "passwort": PASSWORD})
    plain = answer.headers.getlist("Set-Cookie")
    assert sorted(one.partition("=")[0] for one in plain) == ["fundstelle", "fundstelle-bekannt"]
    for one in plain:
        assert "HttpOnly" in one
        assert "SameSite=Lax" in one
        assert "Secure" not in one
    public = site.app.test_client().get("/anmelden", base_url="https://suche.example").headers["Set-Cookie"]
    assert public.startswith("__Host-fundstelle=")
    assert "Secure" in public
    careless = site.app.test_client().get("/anmelden", base_url="http://suche.example").headers["Set-Cookie"]
    assert "Secure" in careless


def test_sessions_end(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = site.signed_in()
    now = int(time.time())
    monkeypatch.setattr("webapp.accounts.sessions._now", lambda: now + sessions.IDLE_SECONDS - 5)
    assert visitor.get("/redaktion/").status_code == 200
    monkeypatch.setattr("webapp.accounts.sessions._now", lambda: now + 2 * sessions.IDLE_SECONDS - 20)
    assert visitor.get("/redaktion/").status_code == 200
    monkeypatch.setattr("webapp.accounts.sessions._now", lambda: now + 4 * sessions.IDLE_SECONDS)
    assert visitor.get("/redaktion/").status_code == 302


def test_a_session_does_not_outlive_a_working_day(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = site.signed_in()
    now = int(time.time())
    for step in range(1, 13):
        moment = now + step * sessions.ABSOLUTE_SECONDS // 13
        monkeypatch.setattr("webapp.accounts.sessions._now", lambda moment=moment: moment)
        assert visitor.get("/redaktion/").status_code == 200
    monkeypatch.setattr("webapp.accounts.sessions._now", lambda: now + sessions.ABSOLUTE_SECONDS + 1)
    assert visitor.get("/redaktion/").status_code == 302


def test_a_new_password_ends_other_sessions(site: DeskSite) -> None:
    here, elsewhere = site.signed_in(), site.signed_in()
    wrong = here.send("/konto", {"passwort_alt": "falsch", "passwort_neu": "noch ein langes Kennwort"})
    assert wrong.status_code == 400
    short = here.send("/konto", {"passwort_alt": PASSWORD, "passwort_neu": "kurz"})
    assert "mindestens 12 Zeichen" in short.text
    answer = here.send("/konto", {"passwort_alt": PASSWORD, "passwort_neu": "noch ein langes Kennwort"})
    assert answer.status_code == 302
    assert here.get("/redaktion/").status_code == 200
    assert elsewhere.get("/redaktion/").status_code == 302


def test_signing_out_ends_the_session(site: DeskSite) -> None:
    visitor = site.signed_in()
    assert visitor.send("/abmelden", {}, token_from="/redaktion/neu").status_code == 302
    assert visitor.get("/redaktion/").status_code == 302


def test_admins_add_and_disable_accounts(site: DeskSite) -> None:
    admin, editor = site.signed_in("chefin"), site.signed_in("juergen")
    answer = admin.send("/konten", {"name": "Neu", "passwort": "ein erstes langes Kennwort", "rolle": "editor"})
    assert answer.status_code == 302
    assert "neu" in admin.page("/konten").get_text()
    assert admin.send("/konten", {"name": "neu", "passwort": PASSWORD, "rolle": "editor"}).status_code == 400
    admin.send("/konten/juergen", {"aktiv": "nein"}, token_from="/konten")
    assert editor.get("/redaktion/").status_code == 302
    assert admin.send("/konten/chefin", {"aktiv": "nein"}, token_from="/konten").status_code == 400
    assert editor.get("/konten").status_code == 302
    assert site.signed_in("oezlem").get("/konten").status_code == 403
