"""Whole crawls over accidents of a source: nothing is overwritten by an error page, and gone is gone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.prose import report as prose
from crawler.page.watch import ONE_TEXT
from crawler.report.outcomes import PageAction
from crawler.report.report import CrawlReport
from crawler.run.crawl import run_crawl
from kb.corpus import DirectoryCorpus
from kb.errors import CrawlError
from kb.model import Document, Status
from tests.crawler.crawls import a_job, a_source, by_path
from tests.crawler.loopback import Answer, Site, link_list, page, serve
from tests.crawler.visit.test_resume import killer

pytestmark = pytest.mark.crawl

COUNT = 8
PATHS = [f"/bericht/{n}" for n in range(COUNT)]
HOME = link_list(*PATHS)
# What no list of expressions has, so that only its likeness tells.
ODD = "Der Kobold sitzt im Schaltschrank und wir jagen ihn. " * 8
AWAY = Answer(status=302, headers={"Location": "/"})


def _prose(number: int) -> Answer:
    found = prose(number, seed=16)
    return page(found.title, "</p><p>".join(found.paragraphs))


def _town() -> dict[str, Answer]:
    return {"/": HOME, **{path: _prose(n) for n, path in enumerate(PATHS)}}


def _crawl(folder: Path, site: Site, **values: object) -> CrawlReport:
    return run_crawl(a_job(folder, [a_source("stadt", site.base)], state_dir=folder / "state", **values))


def _documents(folder: Path) -> dict[str, Document]:
    corpus = DirectoryCorpus(folder / "corpus")
    found = [corpus.load(ref).document for ref in corpus.refs()]
    return {"/" + (document.url or "").split("/", 3)[3]: document for document in found}


def _next_day(folder: Path) -> None:
    with sqlite3.connect(folder / "state" / "sources" / "stadt.sqlite") as database:
        database.execute("UPDATE gone SET last = date(last, '-1 day'), first = date(first, '-1 day')")
    database.close()


def _alarms(report: CrawlReport) -> str:
    return " / ".join(report.sources[0].totals.alarms)


def _for_all(answer: Answer) -> Callable[[str], Answer | None]:
    """Every address of the site, invented ones too, but not its files of rules."""
    return lambda path: None if re.match(r"/(robots|ai)\.txt|/\.well-known", path) else answer


def test_one_unknown_text_in_place_of_all_changes_nothing_and_passes(tmp_path: Path) -> None:
    """The invented address is answered as it should be, so that only the pages themselves tell."""
    with serve(_town()) as site:
        site.answers[PATHS[0]] = replace(_prose(0), headers={"ETag": '"1"'})
        first = _crawl(tmp_path, site)
        assert (first.count(PageAction.ADDED), _alarms(first)) == (COUNT, "")
        before = _documents(tmp_path)
        sound = dict(site.answers)
        for n, path in enumerate(PATHS[:5]):
            site.answers[path] = replace(
                page("Kobold", f"{ODD} Vorgang {n}{n}4711"), headers={"ETag": '"kobold"'}
            )
        second = _crawl(tmp_path, site)
        assert _documents(tmp_path) == before
        assert [by_path(second)[path].reason for path in PATHS[:5]] == [ONE_TEXT] * 5
        assert by_path(second)[PATHS[5]].action is PageAction.UNCHANGED
        assert "viele Seiten haben plötzlich ein und denselben Text („Kobold“, 5 Adressen)" in _alarms(second)
        site.answers |= sound
        site.answers[PATHS[1]] = _prose(101)
        third = _crawl(tmp_path, site)
    assert PATHS[0] in site.unchanged, "asked for by the validator of the text that was kept"
    assert by_path(third)[PATHS[1]].action is PageAction.UPDATED
    assert (third.count(PageAction.UNCHANGED), _alarms(third)) == (COUNT - 1, "")


def test_relaunch_with_new_texts_everywhere_goes_through(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        ids = {document.id for document in _documents(tmp_path).values()}
        for n, path in enumerate(PATHS):
            site.answers[path] = replace(_prose(200 + n), headers={"ETag": f'"{n}"'})
        site.answers["/neu"] = _prose(300)
        site.answers[PATHS[0]] = replace(
            site.answers[PATHS[0]],
            body=site.answers[PATHS[0]].body.replace(b"</nav>", b"<a href='/neu'>x</a></nav>"),
        )
        second = _crawl(tmp_path, site)
        assert (second.count(PageAction.UPDATED), second.count(PageAction.ADDED)) == (COUNT, 1)
        assert _alarms(second) == ""
        third = _crawl(tmp_path, site)
    assert set(PATHS) <= set(site.unchanged), "what waited is asked for on condition the next time"
    assert third.changed == 0
    assert ids < {document.id for document in _documents(tmp_path).values()}


def test_kill_while_pages_wait_loses_nothing(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        for n, path in enumerate(PATHS[:4]):
            site.answers[path] = _prose(400 + n)
        site.answers["/"] = link_list(*PATHS)
        with pytest.raises(CrawlError, match="SIGKILL"):
            run_crawl(
                a_job(tmp_path, [a_source("stadt", site.base)], state_dir=tmp_path / "state"), killer(COUNT - 4)
            )
        assert _documents(tmp_path).keys() == before.keys()
        report = _crawl(tmp_path, site)
    done = by_path(report)
    assert {done[path].action for path in PATHS[:4]} == {PageAction.UPDATED}
    assert {done[path].action for path in PATHS[4:]} == {PageAction.UNCHANGED}


@pytest.mark.parametrize("answer", [page("Kobold", ODD), page("Kurz", "Der Kobold."), page("Wartungsarbeiten")])
def test_whole_site_with_one_answer_is_an_accident(tmp_path: Path, answer: Answer) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        site.answers.clear()
        site.beyond = _for_all(answer)
        report = _crawl(tmp_path, site)
    assert _documents(tmp_path) == before
    assert _alarms(report)
    assert all(
        "behält" in by_path(report)[path].reason or "bleibt" in by_path(report)[path].reason for path in PATHS
    )


def test_error_page_without_its_status_is_known_by_an_invented_address(tmp_path: Path) -> None:
    """Its words are in no list; the page repeats the address, as such pages do."""

    def strayed(path: str) -> Answer | None:
        if path in ("/robots.txt", "/ai.txt", "/.well-known/tdmrep.json"):
            return None
        return page("Auenbrück", f"{ODD} Gesucht war {path}.")

    with serve(_town()) as site:
        site.beyond = strayed
        site.answers["/"] = link_list(*PATHS, "/nie-da", "/auch-nie")
        first = _crawl(tmp_path, site)
        assert set(_documents(tmp_path)) == set(PATHS)
        assert "erfundenen Adresse" in by_path(first)["/nie-da"].reason
        invented = [path for path in site.paths if "gibt-es-nicht" in path]
        assert len(invented) == 1, "once a run"
        del site.answers[PATHS[3]]
        for _ in range(3):
            report = _crawl(tmp_path, site)
            _next_day(tmp_path)
    assert by_path(report)[PATHS[3]].action is PageAction.WITHDRAWN
    assert _documents(tmp_path)[PATHS[3]].text == prose_text(3)
    assert _alarms(report) == ""
    assert len({path for path in site.paths if "gibt-es-nicht" in path}) == 4, "another one each time"


def prose_text(number: int) -> str:
    return "\n\n".join(prose(number, seed=16).paragraphs)


def test_invented_address_is_not_asked_for_where_robots_forbid_it(tmp_path: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /\nAllow: /bericht\nAllow: /$", content_type="text/plain")
    with serve({**_town(), "/robots.txt": rules}) as site:
        assert _crawl(tmp_path, site).count(PageAction.ADDED) == COUNT
    assert not any("gibt-es-nicht" in path for path in site.paths)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=403), "Status 403"),
        (AWAY, "leitet auf die Startseite um"),
        (Answer(status=301, headers={"Location": "/service/404.html"}), "leitet auf eine Fehlerseite um"),
        (Answer(status=302, headers={"Location": "/login?zurueck=x"}), "leitet auf eine Anmeldeseite um"),
        (page("Seite nicht gefunden", "Bitte prüfen Sie die Schreibweise. " * 8), "Seite nicht gefunden"),
    ],
)
def test_page_that_is_gone_without_a_404_is_withdrawn_after_days(
    tmp_path: Path, answer: Answer, said: str
) -> None:
    with serve(_town()) as site:
        site.answers["/service/404.html"] = page("Auenbrück", "Ins Leere gelaufen. " * 15)
        site.answers["/login?zurueck=x"] = page("Auenbrück", "Konto und Passwort eingeben. " * 15)
        _crawl(tmp_path, site)
        text = _documents(tmp_path)[PATHS[2]].text
        site.answers[PATHS[2]] = answer
        reports = []
        for _ in range(3):
            reports.append(_crawl(tmp_path, site))
            _next_day(tmp_path)
        ends = [by_path(one)[PATHS[2]] for one in reports]
        assert [end.action for end in ends] == [PageAction.FAILED, PageAction.FAILED, PageAction.WITHDRAWN]
        assert "an 1 von 3 Tagen bis zum Rückzug" in ends[0].reason
        assert said in ends[2].reason
        document = _documents(tmp_path)[PATHS[2]]
        assert (document.status, document.text) == (Status.WITHDRAWN, text)
        site.answers[PATHS[2]] = _prose(2)
        assert by_path(_crawl(tmp_path, site))[PATHS[2]].reason == "wieder erreichbar"
    assert _documents(tmp_path)[PATHS[2]].status is Status.PUBLISHED


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (Answer(status=403), "8 Seiten sind plötzlich gesperrt"),
        (AWAY, "8 Seiten leiten plötzlich auf die Startseite um"),
        (page("Anmelden", "Bitte melden Sie sich an. Passwort vergessen? " * 5), "eine Anmeldeseite steht vor"),
        (page("Seite nicht gefunden", "Zur Startseite. " * 20), "„Seite nicht gefunden“"),
    ],
)
def test_firewall_and_relaunch_take_no_document_away(tmp_path: Path, answer: Answer, alarm: str) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        site.answers |= dict.fromkeys(PATHS, answer)
        for _ in range(3):
            report = _crawl(tmp_path, site)
            _next_day(tmp_path)
    assert _documents(tmp_path) == before
    assert alarm in _alarms(report)
    assert all("das Dokument bleibt" in by_path(report)[path].reason for path in PATHS)


def test_some_refused_pages_are_too_many_and_two_are_not(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        site.answers |= dict.fromkeys(PATHS[:3], Answer(status=403))
        third = _crawl(tmp_path, site)
        assert "viele andere Seiten" in by_path(third)[PATHS[0]].reason
        site.answers[PATHS[2]] = _prose(2)
        second = _crawl(tmp_path, site)
    assert "an 1 von 3 Tagen" in by_path(second)[PATHS[0]].reason, "the day of the accident does not count"
    assert _alarms(second) == ""


def test_what_was_withdrawn_before_makes_no_crowd(tmp_path: Path) -> None:
    """Two at a time, four in the end: each pair is gone by itself."""
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        for pair in (PATHS[:2], PATHS[2:4]):
            site.answers |= dict.fromkeys(pair, Answer(status=403))
            for _ in range(3):
                report = _crawl(tmp_path, site)
                _next_day(tmp_path)
            assert [by_path(report)[path].action for path in pair] == [PageAction.WITHDRAWN] * 2
        assert _alarms(report) == ""


def test_time_out_and_server_error_never_count(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        site.answers[PATHS[0]] = Answer(status=500)
        site.answers[PATHS[1]] = Answer(manner="drop")
        report = _crawl(tmp_path, site)
    assert _documents(tmp_path) == before
    assert all("Tagen" not in by_path(report)[path].reason for path in PATHS)


def test_walls_are_no_documents_on_a_first_visit(tmp_path: Path) -> None:
    wall = page("Ihre Zustimmung", "Ohne Ihre Zustimmung können wir die Seiten nicht zeigen. " * 5)
    with serve({"/": HOME}) as site:
        site.beyond = lambda path: wall if path.startswith("/bericht") else None
        report = _crawl(tmp_path, site)
    assert _documents(tmp_path) == {}
    assert "eine Zustimmungswand steht vor den Seiten (8 Adressen)" in _alarms(report)


def test_start_page_behind_a_wall_is_told(tmp_path: Path) -> None:
    wall = page("Wartungsarbeiten", "Unsere Website wird gerade gewartet. Bitte haben Sie ein wenig Geduld.")
    with serve({"/": wall}) as site:
        report = _crawl(tmp_path, site)
    assert by_path(report)["/"].reason == "statt der Übersicht kommt eine Wartungsseite"
    assert "eine Wartungsseite" in _alarms(report)


def test_many_pages_that_lead_to_one_keep_their_documents(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        site.answers |= dict.fromkeys(PATHS[:4], Answer(status=302, headers={"Location": "/voruebergehend"}))
        site.answers["/voruebergehend"] = page("Kobold", ODD)
        report = _crawl(tmp_path, site)
    assert _documents(tmp_path) == before, "what they lead to is no document of its own either"
    assert "ein und dieselbe Adresse" in _alarms(report)


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (
            Answer(status=302, headers={"Location": "http://zustimmung.invalid/?zurueck=x"}),
            "8 Seiten leiten plötzlich aus der Quelle hinaus um",
        ),
        (Answer(b""), "8 Seiten haben plötzlich keinen lesbaren Text mehr"),
    ],
)
def test_pages_that_lead_away_or_are_empty_together_are_told(
    tmp_path: Path, answer: Answer, alarm: str
) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        before = _documents(tmp_path)
        site.answers |= dict.fromkeys(PATHS, answer)
        report = _crawl(tmp_path, site)
    assert _documents(tmp_path) == before
    assert alarm in _alarms(report)


def test_pages_that_move_together_are_no_accident(tmp_path: Path) -> None:
    with serve(_town()) as site:
        _crawl(tmp_path, site)
        ids = {document.id for document in _documents(tmp_path).values()}
        for n, path in enumerate(PATHS):
            site.answers[f"/neu/{n}"] = site.answers[path]
            site.answers[path] = Answer(status=301, headers={"Location": f"/neu/{n}"})
        report = _crawl(tmp_path, site)
    assert {document.id for document in _documents(tmp_path).values()} == ids
    assert set(_documents(tmp_path)) == {f"/neu/{n}" for n in range(COUNT)}
    assert _alarms(report) == ""
