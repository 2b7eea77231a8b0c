"""``kb source``, ``kb links`` and the reports of ``kb crawl``, run as people run them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawler.loopback import SENTENCE, Answer, Site, link_list, page, serve
from tests.kb.conftest import Kb


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("KB_ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("KB_CRAWL_DELAY", "0")
    answers = {
        "/": link_list("/berichte/eins", "/impressum"),
        "/berichte/eins": page("Übergänge gestalten", SENTENCE * 5),
        "/impressum": page("Impressum", SENTENCE * 5),
    }
    with serve(answers) as running:
        yield running


def _drafted(kb: Kb, site: Site) -> None:
    assert kb("source", "add", site.base, "--name", "auenbrueck").exit_code == 0
    path = kb.corpus / "sources" / "auenbrueck.toml"
    path.write_text(path.read_text("utf-8").replace("delay = 2", "delay = 0"), "utf-8")


@pytest.mark.crawl
def test_from_a_look_to_a_crawl_to_its_report_and_its_links(kb: Kb, site: Site) -> None:
    assert "enabled = false" in kb("source", "add", site.base, "--print").out
    assert not (kb.corpus / "sources").exists(), "--print writes nothing"
    _drafted(kb, site)
    again = kb("source", "add", site.base, "--name", "auenbrueck")
    assert (again.exit_code, "gibt es schon" in again.err) == (1, True)

    tried = kb("source", "test", "auenbrueck", "--json")
    assert tried.exit_code == 0
    assert [one["title"] for one in tried.json["pages"]] == ["Übergänge gestalten"]
    assert "Titel: Übergänge gestalten" in kb("source", "test", "auenbrueck").out

    assert "kb crawl" in kb("crawl", "--report").err, "there is none yet"
    assert kb("crawl", "auenbrueck", "--no-index").exit_code == 0
    assert "1 neu" in kb("crawl", "--report").out
    assert kb("crawl", "--report", "--json").json["sources"][0]["added"] == 1

    assert kb("links").exit_code == 0
    site.answers.clear()
    rotten = kb("links", "--json")
    assert (rotten.exit_code, rotten.json["gone"]) == (1, 1)
    assert list((kb.var / "state" / "reports").glob("links-*.json"))


@pytest.mark.crawl
def test_a_source_behind_a_wall_is_marked_until_it_answers_again(kb: Kb, site: Site) -> None:
    """In the report, and by ``kb doctor``; a visit that meets nobody changes nothing of it."""
    _drafted(kb, site)
    assert kb("crawl", "auenbrueck", "--no-index").exit_code == 0
    sound = dict(site.answers)
    wall = page("Ihre Zustimmung", "Ohne Ihre Zustimmung können wir nichts zeigen. " * 5)
    site.answers.update(dict.fromkeys(sound, wall))
    walled = kb("crawl", "auenbrueck", "--no-index")
    assert walled.exit_code == 1
    assert "Achtung: eine Zustimmungswand steht vor den Seiten" in walled.out

    def marks() -> list[str]:
        checks = kb("doctor", "--json").json["checks"]
        return [one["found"] for one in checks if one["check"] == "Quellen" and one["level"] == "warning"]

    assert ["auenbrueck" in one and "Zustimmungswand" in one for one in marks()] == [True]
    site.answers.update(dict.fromkeys(sound, Answer(status=404)))
    kb("crawl", "auenbrueck", "--no-index")
    assert len(marks()) == 1
    site.answers.update(sound)
    assert kb("crawl", "auenbrueck", "--no-index").exit_code == 0
    assert marks() == []


def test_trying_a_source_out_names_a_wall(kb: Kb, site: Site) -> None:
    _drafted(kb, site)
    site.answers["/berichte/eins"] = page("Anmelden", "Bitte melden Sie sich an. Passwort vergessen? " * 6)
    tried = kb("source", "test", "auenbrueck")
    assert (tried.exit_code, "statt der Seite kommt eine Anmeldeseite" in tried.out) == (1, True)


def test_a_source_that_gives_nothing_fails_its_test(kb: Kb, site: Site) -> None:
    _drafted(kb, site)
    site.answers.clear()
    tried = kb("source", "test", "auenbrueck")
    assert (tried.exit_code, "Status 404" in tried.out) == (1, True)


def test_the_schedule_names_this_installation(kb: Kb, site: Site) -> None:
    kb("init")
    _drafted(kb, site)
    shown = kb("crawl", "--schedule", "auenbrueck")
    assert shown.exit_code == 0
    assert f"KB_CORPUS={kb.corpus.resolve()}" in shown.out
    assert "crawl auenbrueck" in shown.out
    assert "[Timer]" in shown.out
    assert kb("crawl", "--schedule", "gibt-es-nicht").exit_code == 1
