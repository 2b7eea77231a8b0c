"""Guessing passwords: what it costs, whom it holds up, and what is kept of it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from kb.errors import SignInBusyError
from kb.record import Passwords
from tests.webapp.desk_site import PASSWORD, DeskSite, Visitor, form_fields
from tests.webapp.pages import faults

HERE, THERE, ELSEWHERE = "192.0.2.1", "192.0.2.2", "192.0.2.3"


class Clock:
    """Seconds that pass when a test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Hasher(PasswordHasher):
    """Cheap, and counting what it compares."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.compared += 1
        return super().verify(hash, password)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("kb.record.counters._now", clock)
    monkeypatch.setattr("webapp.accounts.guard._now", clock)
    return clock


@pytest.fixture
def hasher() -> Hasher:
    return Hasher()


@pytest.fixture
def site(tmp_path: Path, clock: Clock, hasher: Hasher) -> DeskSite:
    return DeskSite(tmp_path, hasher=hasher)


def guess(visitor: Visitor, name: str = "oezlem", password: str = "falsch") -> TestResponse:
    return visitor.send("/anmelden", {"name": name, "passwort": password}, token_from="/anmelden")


def said(answer: TestResponse) -> str:
    """What a page says, without the token that every page has of its own."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)


def test_known_and_unknown_names_are_told_the_same_for_the_same_work(site: DeskSite, hasher: Hasher) -> None:
    seen = []
    for name, address in (("oezlem", HERE), ("niemand", THERE)):
        visitor, pages = site.client(address), []
        for _ in range(8):
            before = hasher.compared
            answer = guess(visitor, name)
            pages.append(
                (answer.status_code, answer.headers.get("Retry-After"), said(answer), hasher.compared - before)
            )
        seen.append(pages)
    assert seen[0] == seen[1]
    assert [status for status, *_ in seen[0]] == [401] * 5 + [429] * 3
    assert [work for *_, work in seen[0]] == [1] * 5 + [0] * 3, "what is refused is not compared"


def test_the_waits_grow(site: DeskSite, clock: Clock) -> None:
    visitor, guessed = site.client(HERE), 0
    waits: list[int] = []
    while max(waits, default=0) <= 3600:
        answer = guess(visitor)
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.now += waits[-1]
        else:
            guessed += 1
    assert guessed == 50, "what one can try in a day"
    assert list(dict.fromkeys(waits))[:-1] == [60, 56 * 60]
    assert 20 * 3600 < waits[-1] <= 24 * 3600


def test_the_way_on_is_said_and_nothing_typed_is_lost(site: DeskSite) -> None:
    visitor = site.client(HERE)
    for _ in range(5):
        guess(visitor)
    answer = guess(visitor, password=PASSWORD)
    assert answer.status_code == 429
    assert "Zu viele falsche Passwörter. Der nächste Versuch ist in 1 Minute möglich." in answer.text
    assert faults(answer.text) == []


def test_strangers_lock_nobody_out(site: DeskSite) -> None:
    stranger = site.client(HERE)
    for _ in range(10):
        guess(stranger)
    assert guess(stranger, password=PASSWORD).status_code == 429
    assert guess(site.client(THERE), password=PASSWORD).status_code == 302


def test_a_browser_in_which_one_has_signed_in_before_passes(site: DeskSite) -> None:
    own, stranger = site.client(HERE), site.client(HERE)
    assert guess(own, password=PASSWORD).status_code == 302
    own.forget()
    for number in range(40):
        guess(stranger, f"name{number}")
    for _ in range(6):
        guess(stranger)
    assert guess(stranger, "juergen").status_code == 429, "this address has guessed enough"
    assert guess(own, password=PASSWORD).status_code == 302
    own.forget()
    assert guess(own, "juergen", PASSWORD).status_code == 429, "it is known for one name alone"


def test_a_known_browser_may_not_guess_for_ever_either(site: DeskSite) -> None:
    own = site.client(HERE)
    guess(own, password=PASSWORD)
    own.forget()
    assert [guess(own).status_code for _ in range(6)] == [401] * 5 + [429]
    assert guess(site.client(HERE), password=PASSWORD).status_code == 302, "nor hold up its own address"


def test_a_forged_mark_of_a_known_browser_is_none(site: DeskSite) -> None:
    own, other = site.client(HERE), site.client(HERE)
    guess(own, password=PASSWORD)
    cookie = own.cookie("fundstelle-bekannt")
    assert cookie is not None
    assert "oezlem" not in cookie
    other.set_cookie("fundstelle-bekannt", cookie[:-3] + "abc")
    for _ in range(5):
        guess(other)
    assert guess(other, password=PASSWORD).status_code == 429
    assert guess(own, password=PASSWORD).status_code == 302


def test_one_address_may_not_try_many_names(site: DeskSite, hasher: Hasher) -> None:
    visitor = site.client(HERE)
    answers = [guess(visitor, f"name{number}").status_code for number in range(40)]
    assert answers == [401] * 30 + [429] * 10
    assert hasher.compared == 30
    assert guess(site.client(THERE), "name1").status_code == 401


def test_neighbours_in_one_ipv6_network_count_as_one(site: DeskSite) -> None:
    for number in range(5):
        assert guess(site.client(f"2001:db8:1:2::{number}")).status_code == 401
    assert guess(site.client("2001:db8:1:2:ffff::9")).status_code == 429
    assert guess(site.client("2001:db8:1:3::1")).status_code == 401


def test_right_passwords_are_not_counted(site: DeskSite) -> None:
    assert [guess(site.client(HERE), password=PASSWORD).status_code for _ in range(40)] == [302] * 40


def test_who_is_signed_in_may_not_guess_the_password_either(site: DeskSite) -> None:
    visitor = site.signed_in()
    fields = {"passwort_alt": "falsch", "passwort_neu": "noch ein langes Kennwort"}
    answers = [visitor.send("/konto", fields) for _ in range(6)]
    assert [one.status_code for one in answers] == [400] * 5 + [429]
    assert "Der nächste Versuch ist in 1 Minute möglich." in answers[-1].text
    assert faults(answers[-1].text) == []


def test_no_address_and_no_name_is_kept(site: DeskSite, clock: Clock, tmp_path: Path) -> None:
    for address in (HERE, "2001:db8:1:2::7"):
        guess(site.client(address), "ein-seltener-name")
    counted = keys(tmp_path)
    assert len(counted) == 2 * 5, "five windows each"
    clock.now += 24 * 3600
    guess(site.client(HERE), "ein-seltener-name")
    assert not {*counted} & {*keys(tmp_path)}, "the key of the hashes is another one every day"
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("record.sqlite*"))
    for told in (HERE, "2001:db8", "ein-seltener-name"):
        assert told.encode() not in kept


def keys(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "record.sqlite") as connection:
        found = connection.execute("SELECT key FROM counter").fetchall()
    connection.close()
    return [key for (key,) in found]


def test_when_too_many_sign_in_at_once_it_is_said_and_counted_as_nothing(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = DeskSite(tmp_path)

    def busy(self: Passwords, kept: str | None, password: str) -> bool:
        raise SignInBusyError("gerade melden sich zu viele zugleich an", remedy="noch einmal versuchen")

    visitor, signed_in = site.client(HERE), site.signed_in()
    with monkeypatch.context() as patch:
        patch.setattr(Passwords, "matches", busy)
        for _ in range(8):
            answer = guess(visitor)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Gerade melden sich zu viele zugleich an" in answer.text
        assert faults(answer.text) == []
        fields = {"passwort_alt": PASSWORD, "passwort_neu": "noch ein langes Kennwort"}
        assert signed_in.send("/konto", fields).status_code == 503
    assert guess(visitor).status_code == 401


def test_the_form_that_waits_behind_the_login_survives_refusals(site: DeskSite) -> None:
    visitor = site.client(HERE)
    for _ in range(5):
        guess(visitor)
    carried = {"weiter": "/redaktion/neu", "weiter.text": "Ein langer Text."}
    answer = visitor.send("/anmelden", {"name": "oezlem", "passwort": PASSWORD} | carried)
    fields = form_fields(BeautifulSoup(answer.data, "lxml"), "/anmelden")
    assert (answer.status_code, fields["weiter.text"], fields["weiter"]) == (
        429, "Ein langer Text.", "/redaktion/neu",
    )  # fmt: skip
