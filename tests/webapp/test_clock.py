"""A clock that was wrong and is set back: nobody is locked out, nothing is lost, and searching goes on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.record import accounts, counters, sessions
from tests.webapp.desk_site import DeskSite
from tests.webapp.small_site import DRAFT, JAHRESFORUM
from webapp.accounts import guard


class Clock:
    """Tells the time as it is, and then another one."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def seconds(self) -> float:
        return time.time() + self.ahead.total_seconds()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (accounts, sessions):
        monkeypatch.setattr(module, "_now", clock.now)
    for module in (counters, guard):
        monkeypatch.setattr(module, "_now", clock.seconds)
    return clock


@pytest.mark.parametrize("days", [-400, -2, 2])
def test_a_clock_that_is_set(tmp_path: Path, clock: Clock, days: int) -> None:
    site = DeskSite(tmp_path, JAHRESFORUM, DRAFT)
    before = site.signed_in()
    for _ in range(3):
        site.client().send("/anmelden", {"name": "juergen", "passwort": "geraten"})
    clock.ahead = timedelta(days=days)
    assert site.client().get("/?q=Koordinator").status_code == 200
    assert before.get("/redaktion/").status_code in (200, 302)
    for name in ("oezlem", "juergen"):
        now = site.signed_in(name)
        path = f"/redaktion/bearbeiten/{DRAFT.id}"
        page = now.page(path)
        stand = str(page.select("input[name=stand]")[0]["value"])
        fields = {"titel": "Neuer Titel", "text": f"Von {name} geschrieben.", "stand": stand, "sprache": "de"}
        assert now.send(path, fields).status_code == 302
        assert site.corpus.get(DRAFT.id).document.text == f"Von {name} geschrieben."
        assert name in now.page(f"/redaktion/fassungen/{DRAFT.id}").get_text()
