"""Pages that seem to be gone: what a redirect says, when it is believed, and addresses nobody has linked."""

from __future__ import annotations

import re

import pytest

from crawler.manners.scope import Scope
from crawler.page.departures import Departure, Sign, believed, is_home, redirect_sign
from crawler.page.invented import InventedAnswer, invent, text_without_address
from crawler.sources.source import Source

BASE = "https://stadt.de"
STARTS = (f"{BASE}/themen/",)
URL = f"{BASE}/themen/schule/bericht-3.html"


@pytest.mark.parametrize(
    ("target", "sign"),
    [
        ("/", Sign.HOME),
        ("/de/", Sign.HOME),
        ("/index.php", Sign.HOME),
        ("/Startseite.html", Sign.HOME),
        ("/themen", Sign.HOME),
        ("/404", Sign.ERROR_PAGE),
        ("/fehler.html?von=/themen/schule", Sign.ERROR_PAGE),
        ("/service/seite-nicht-gefunden", Sign.ERROR_PAGE),
        ("/user/login?destination=x", Sign.LOGIN),
        ("/wp-login.php", Sign.LOGIN),
        ("/index.php?id=7", None),
        ("/themen/schule/", None),
        ("/themen/schule/bericht-neu.html", None),
        ("/themen/anmeldung", None),
        ("/fehler-vermeiden", None),
    ],
)
def test_what_a_redirect_says(target: str, sign: Sign | None) -> None:
    assert redirect_sign(URL, BASE + target, STARTS) is sign


def test_redirect_of_a_home_page_or_to_itself_says_nothing() -> None:
    assert redirect_sign(f"{BASE}/index.html", f"{BASE}/", STARTS) is None
    assert redirect_sign(URL, URL.replace("https", "http"), STARTS) is None
    assert redirect_sign(f"{BASE}/fehler", f"{BASE}/service/fehler", STARTS) is None


def test_redirect_to_where_unknown_addresses_lead() -> None:
    target = f"{BASE}/suche"
    assert redirect_sign(URL, target, STARTS) is None
    assert redirect_sign(URL, target, STARTS, is_where_unknown_leads=True) is Sign.ERROR_PAGE


def _departures(count: int, host: str = "stadt.de") -> list[Departure]:
    return [Departure(f"https://{host}/{n}", f"{host}{n}", Sign.HOME, "weg") for n in range(count)]


@pytest.mark.parametrize(
    ("count", "sound", "gone"),
    [(1, 1, 1), (2, 1, 2), (3, 1, 0), (3, 27, 0), (3, 28, 3), (9, 82, 9), (10, 90, 0)],
)
def test_fewer_than_a_tenth_are_believed_and_one_or_two_always(count: int, sound: int, gone: int) -> None:
    there = {f"{BASE}/da/{n}" for n in range(sound)}
    departed, doubted = believed(_departures(count), there)
    assert (len(departed), len(doubted)) == (gone, count - gone)


def test_host_of_which_nothing_else_answers_is_not_believed() -> None:
    there = {f"{BASE}/da/{n}" for n in range(100)}
    departed, doubted = believed([*_departures(1), *_departures(1, "www.kreis.de")], there)
    assert [one.url for one in departed] == ["https://stadt.de/0"]
    assert [one.url for one in doubted] == ["https://www.kreis.de/0"]


def test_home_pages() -> None:
    assert is_home(f"{BASE}/EN/")
    assert not is_home(f"{BASE}/?id=3")
    assert is_home(f"{BASE}/themen/?utm_source=x", STARTS)


@pytest.mark.parametrize(
    ("allowed", "place"),
    [((), "/"), (("/themen/*",), "/themen/"), (("/themen/", "/presse/"), "/themen/"), (("/*/kita/",), None)],
)
def test_invented_address_lies_where_the_source_may_go(allowed: tuple[str, ...], place: str | None) -> None:
    source = Source("stadt", "Stadt", "Stadt", start_urls=STARTS, allowed=allowed)
    found = invent(source, Scope(source), URL)
    if place is None:
        assert found is None
        return
    assert found is not None
    assert re.fullmatch(re.escape(BASE + place) + r"gibt-es-nicht-[a-z]{16}\.html", found)
    assert found != invent(source, Scope(source), URL)


def test_invented_address_obeys_what_the_source_excludes() -> None:
    source = Source("stadt", "Stadt", "Stadt", start_urls=STARTS, excluded=("/",))
    assert invent(source, Scope(source), URL) is None


def test_likeness_to_the_invented_answer_leaves_the_address_and_numbers_out() -> None:
    text = "Hier wohnt der Kobold, und {} kennt er nicht. Er wartet seit {} Uhr auf Besuch aus der Stadt."
    asked = f"{BASE}/gibt-es-nicht-abc"
    words = text_without_address(text.format(asked, "10:31"), asked)
    answer = InventedAnswer(asked, 200, words=words, length=120)
    assert answer.is_like(URL, text.format("/themen/schule/bericht-3.html", "10:32"))
    assert not answer.is_like(
        URL, "Die Schule am Markt hat einen neuen Garten, und viele Kinder pflegen ihn gern."
    )
    assert not InventedAnswer(asked, 404).is_like(URL, text)
    assert not InventedAnswer(asked, 200, words=words, length=120, canonical=URL).is_like(
        URL, text.format(URL, "10:32")
    ), "a page that answers for any address of its folder is a page"
