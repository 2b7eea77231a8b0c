"""Endless sites end by themselves, with the reason in the report; budgets hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addressing.traps import BARREN_PAGES, QUERIES_A_PATH, Traps, repeats, shape
from crawler.report.outcomes import PageAction
from crawler.run.crawl import run_crawl
from tests.crawler.crawls import a_job, a_source
from tests.crawler.loopback import SENTENCE, link_list, page, serve

HOST = "https://stadt.de"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/a/b/a/b/a/b/x", "endloser Pfad"),
        ("/weiter/weiter/weiter", "endloser Pfad"),
        ("/" + "/".join(f"t{n}" for n in range(30)), "endloser Pfad"),
        ("/x?q=" + "y" * 3_000, "endloser Pfad"),
        ("/kalender/2099/05", "Kalenderblatt"),
        ("/termine?tag=01.05.2031", "Kalenderblatt"),
        ("/events/2031-05-01", "Kalenderblatt"),
        ("/veranstaltungen?monat=3&jahr=1970", "Kalenderblatt"),
        ("/(S(abcdefghij0123456789klmn))/seite.aspx", "Sitzungskennung"),
        ("/shop/sid-4f9a1c0b7de85a23/seite", "Sitzungskennung"),
    ],
)
def test_traps_are_known_by_their_address(path: str, words: str) -> None:
    assert words in (Traps(2025).refusal(HOST + path) or "")


@pytest.mark.parametrize(
    "path",
    [
        "/berichte/2024/05/Übergänge-gestalten.html",
        "/kalender/2025/12",
        "/chronik/1848/revolution",  # an old year, and no calendar
        "/jugend/beruf/jugend/beruf",
        "/sid/wer-wir-sind",
        "/veranstaltungen/fachtag-2019",
        "/veranstaltungen/agenda-2030",
        "/termine/vision-2050/programm",
        "/praevention/2035",  # has an event in it
        "/bildungsdaten/2035/prognose",  # has a date in it
        "/session-dokumentationsstelle",
        "/session-ergebnisse2024konferenz",
    ],
)
def test_honest_addresses_are_not_taken_for_traps(path: str) -> None:
    assert Traps(2025).refusal(HOST + path) is None


def test_shape_without_documents_is_left_and_one_with_documents_never() -> None:
    traps = Traps(2025)
    for n in range(BARREN_PAGES):
        assert traps.refusal(f"{HOST}/blatt/{n}") is None
        traps.note(f"{HOST}/blatt/{n}", is_document=False)
        traps.note(f"{HOST}/bericht/{n}", is_document=n % 10 == 0)
    assert "brachten kein Dokument" in (traps.refusal(f"{HOST}/blatt/999") or "")
    assert traps.refusal(f"{HOST}/bericht/999") is None


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_repetition_is_three_times_the_same_block(segments: list[str]) -> None:
    expected = any(
        segments[i : i + 3 * n] == segments[i : i + n] * 3
        for n in (1, 2, 3)
        for i in range(len(segments))
        if i + 3 * n <= len(segments)
    )
    assert repeats("/" + "/".join(segments)) is expected


def test_shape_forgets_numbers_and_values() -> None:
    assert shape(f"{HOST}/a/12?x=1&b=2") == shape(f"{HOST}/a/7?b=9&x=")
    assert shape(f"{HOST}/a") != shape(f"{HOST}/b")


@pytest.mark.crawl
def test_endless_site_ends_by_itself_and_says_why(tmp_path: Path) -> None:
    filters = {f"/liste?filter={n}": link_list(f"/liste?filter={n + 1}") for n in range(400)}
    deep = {"/ordner" + "/tiefer" * n: link_list("/ordner" + "/tiefer" * (n + 1)) for n in range(30)}
    months = {
        f"/kalender?jahr={year}": page(
            str(year), f"{year}: " + SENTENCE * 4, links=f"<a href='?jahr={year + 1}'>x</a>"
        )
        for year in range(2026, 2200)
    }
    start = {"/": link_list("/liste?filter=0", "/ordner", "/kalender?jahr=2026")}
    with serve(filters | deep | months | start) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base)]))
    reasons = report.sources[0].reasons(PageAction.SKIPPED)
    assert reasons[f"{BARREN_PAGES} gleichartige Adressen in Folge brachten kein Dokument"] == 1
    assert reasons["endloser Pfad: die Adresse wiederholt sich oder ist überlang"] == 1
    assert reasons["Kalenderblatt in ferner Zukunft oder Vergangenheit"] == 1
    assert len(site.paths) < BARREN_PAGES + 20
    assert QUERIES_A_PATH > BARREN_PAGES


@pytest.mark.crawl
def test_byte_budget_stops_a_source_and_says_so(tmp_path: Path) -> None:
    pages = {f"/s{n}": page(f"S {n}", f"{n}. " + SENTENCE * 300) for n in range(40)}
    with serve({"/": link_list(*pages), **pages}) as site:
        job = a_job(tmp_path, [a_source("stadt", site.base, delay=0.05)], max_total_bytes=200_000)
        report = run_crawl(job)
    visit = report.sources[0]
    assert "Höchstmenge von 0,2 MB" in visit.totals.notes[0]
    assert 5 <= visit.count(PageAction.ADDED) < 30
    assert len(visit.outcomes) == visit.totals.found == 41


@pytest.mark.crawl
def test_long_archive_of_declared_listings_is_read_to_its_end(tmp_path: Path) -> None:
    last = BARREN_PAGES + 20
    archive = {f"/archiv?seite={n}": link_list(f"/archiv?seite={n + 1}") for n in range(last)}
    archive[f"/archiv?seite={last}"] = link_list("/bericht")
    with serve({"/": link_list("/archiv?seite=0"), "/bericht": page("Bericht"), **archive}) as site:
        report = run_crawl(a_job(tmp_path, [a_source("stadt", site.base, listings=("/archiv",))]))
    assert report.count(PageAction.ADDED) == 1
