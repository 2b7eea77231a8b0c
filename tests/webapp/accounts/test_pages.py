"""Signing in and out: what is said, what is set, and when a session ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.record import sessions
from kb.record.sessions import ABSOLUTE, IDLE
from tests.webapp.desk_site import PASSWORD, DeskSite
from tests.webapp.pages import faults


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


@pytest.mark.parametrize("target", ["/redaktion/", "/redaktion/neu", "/redaktion/neues", ""])
def test_who_signed_in_elsewhere_meanwhile_is_shown_the_page(site: DeskSite, target: str) -> None:
    """What a page of the desk needs it has too where the login shows it."""
    visitor = site.signed_in()
    answer = visitor.post("/anmelden", {"name": "oezlem", "passwort": PASSWORD, "weiter": target})
    assert answer.status_code == 400
    assert 'href="/abmelden"' in answer.text or 'action="/abmelden"' in answer.text


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
    visitor, now = site.signed_in(), sessions._now()
    for passed, status in ((IDLE * 0.99, 200), (IDLE * 1.98, 200), (IDLE * 4, 302)):
        monkeypatch.setattr(sessions, "_now", lambda passed=passed: now + passed)
        assert visitor.get("/redaktion/").status_code == status


def test_a_session_does_not_outlive_a_working_day(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, now = site.signed_in(), sessions._now()
    for step in range(1, 13):
        monkeypatch.setattr(sessions, "_now", lambda step=step: now + step * ABSOLUTE / 13)
        assert visitor.get("/redaktion/").status_code == 200
    monkeypatch.setattr(sessions, "_now", lambda: now + ABSOLUTE + IDLE / 60)
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


def test_signing_out_ends_the_session_on_the_server(site: DeskSite) -> None:
    visitor, copy = site.signed_in(), site.client()
    kept = visitor.cookie("fundstelle")
    assert kept is not None
    copy.set_cookie("fundstelle", kept)
    assert copy.get("/redaktion/").status_code == 200
    assert visitor.send("/abmelden", {}, token_from="/redaktion/neu").status_code == 302
    for one in (visitor, copy):
        assert one.get("/redaktion/").status_code == 302


def test_signing_in_again_ends_the_session_before(site: DeskSite) -> None:
    visitor, copy = site.signed_in(), site.client()
    copy.set_cookie("fundstelle", visitor.cookie("fundstelle") or "")
    visitor.send("/anmelden", {"name": "oezlem", "passwort": PASSWORD}, token_from="/redaktion/neu")
    assert visitor.get("/redaktion/").status_code == 200
    assert copy.get("/redaktion/").status_code == 302


PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def test_sessions_are_listed_and_ended(site: DeskSite) -> None:
    here, phone, tablet = site.signed_in(), site.signed_in(user_agent=PHONE), site.signed_in(user_agent=PHONE)
    stranger = site.signed_in("juergen")
    page = here.page("/konto")
    assert faults(here.get("/konto").text) == []
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("table.listing tbody tr")]
    assert len(rows) == 3
    assert [row.startswith("Firefox unter Android") for row in rows] == [True, True, False]
    assert rows[2].endswith("diese hier")
    forms = [str(form["action"]) for form in page.select("table.listing form")]
    assert len(forms) == 2
    assert stranger.send(forms[0], {}, token_from="/konto").status_code == 302
    assert tablet.get("/redaktion/").status_code == 200, "nobody ends another's"
    here.send(forms[0], {}, token_from="/konto")
    assert "Die Sitzung ist beendet." in here.page("/konto").get_text()
    assert tablet.get("/redaktion/").status_code == 302
    assert phone.get("/redaktion/").status_code == 200
    here.send(forms[0], {}, token_from="/konto")
    assert "Diese Sitzung war schon zu Ende." in here.page("/konto").get_text()
    here.send("/konto/sitzungen", {}, token_from="/konto")
    assert "1 andere Sitzung ist beendet." in here.page("/konto").get_text()
    assert phone.get("/redaktion/").status_code == 302
    assert here.get("/redaktion/").status_code == 200
    assert "Alle anderen beenden" not in here.page("/konto").get_text()


def test_another_role_ends_the_sessions(site: DeskSite) -> None:
    admin, editor = site.signed_in("chefin"), site.signed_in("juergen")
    admin.send("/konten/juergen", {"rolle": "admin"}, token_from="/konten")
    assert "Das Konto juergen gehört jetzt zur Administration." in admin.page("/konten").get_text()
    assert editor.get("/redaktion/").status_code == 302
    assert site.signed_in("juergen").get("/konten").status_code == 200
    assert faults(admin.get("/konten").text) == []
    assert admin.send("/konten/chefin", {"rolle": "editor"}, token_from="/konten").status_code == 400
    assert admin.get("/konten").status_code == 200


def test_an_account_has_one_address(site: DeskSite) -> None:
    admin = site.signed_in("chefin")
    for name in ("CHEFIN", "Chefin", "JUERGEN", "niemand"):
        assert admin.send(f"/konten/{name}", {"aktiv": "nein"}, token_from="/konten").status_code == 404
    assert all(one.active for one in site.accounts.accounts())


def test_admins_add_and_disable_accounts(site: DeskSite) -> None:
    admin, editor = site.signed_in("chefin"), site.signed_in("juergen")
    answer = admin.send("/konten", {"name": "Neu", "passwort": "ein erstes langes Kennwort", "rolle": "editor"})
    assert answer.status_code == 302
    assert "neu" in admin.page("/konten").get_text()
    assert admin.send("/konten", {"name": "neu", "passwort": PASSWORD, "rolle": "editor"}).status_code == 409
    admin.send("/konten/juergen", {"aktiv": "nein"}, token_from="/konten")
    assert editor.get("/redaktion/").status_code == 302
    assert admin.send("/konten/chefin", {"aktiv": "nein"}, token_from="/konten").status_code == 400
    assert editor.get("/konten").status_code == 302
    assert site.signed_in("oezlem").get("/konten").status_code == 403
