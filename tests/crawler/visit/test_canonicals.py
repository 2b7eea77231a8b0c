"""What a page is worth that names another address: told by what became of that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.manners.robots import FORBIDDEN
from crawler.page.pipeline import ELSEWHERE, TOO_SHORT
from crawler.report.outcomes import PageAction, PageOutcome
from crawler.requests.failures import MOVED
from crawler.visit.canonicals import MANY_PAGES, Canonicals, Verdict

BASE = "https://stadt.de"


def _outcome(
    path: str, action: PageAction, reason: str = "", *, doc_id: str | None = None, instead: str | None = None
) -> PageOutcome:
    target = None if instead is None else BASE + instead
    return PageOutcome(BASE + path, action, reason, doc_id, target)


def _named(path: str, canonical: str) -> PageOutcome:
    return _outcome(path, PageAction.SKIPPED, ELSEWHERE, instead=canonical)


def _judged(named: Mapping[str, str], *told: PageOutcome, postponed: str = "") -> dict[str, Verdict]:
    outcomes = {one.url: one for one in told}
    canonicals = Canonicals(outcomes.get)
    assert all(canonicals.hold(_named(path, canonical)) for path, canonical in named.items())
    judged = dict(canonicals.judged(lambda url: url == BASE + postponed))
    assert canonicals.waiting == frozenset()
    return {outcome.url.removeprefix(BASE): verdict for outcome, verdict in judged.items()}


def _document(path: str) -> PageOutcome:
    return _outcome(path, PageAction.ADDED, "neu", doc_id="d")


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([_document("/c")], Verdict.ELSEWHERE),
        ([_outcome("/c", PageAction.SKIPPED, "gleicher Text", doc_id="d")], Verdict.ELSEWHERE),
        ([_outcome("/c", PageAction.SKIPPED, "bittet darum (noindex)")], Verdict.ELSEWHERE),
        ([], Verdict.ELSEWHERE),
        ([_outcome("/c", PageAction.FAILED, "Status 404")], Verdict.ITSELF),
        ([_outcome("/c", PageAction.FAILED, "Status 404", doc_id="d")], Verdict.ITSELF),
        ([_outcome("/c", PageAction.SKIPPED, TOO_SHORT)], Verdict.ITSELF),
        ([_outcome("/c", PageAction.SKIPPED, FORBIDDEN)], Verdict.ITSELF),
        ([_outcome("/c", PageAction.SKIPPED, MOVED, instead="/a")], Verdict.ITSELF),
        ([_outcome("/c", PageAction.SKIPPED, MOVED, instead="/d"), _document("/d")], Verdict.ELSEWHERE),
        (
            [
                _outcome("/c", PageAction.SKIPPED, MOVED, instead="/d"),
                _outcome("/d", PageAction.SKIPPED, "Übersicht, nur als Quelle von Links gelesen"),
            ],
            Verdict.ITSELF,
        ),
    ],
)
def test_a_page_follows_the_fate_of_the_address_that_it_names(
    told: list[PageOutcome], verdict: Verdict
) -> None:
    assert _judged({"/a": "/c"}, *told) == {"/a": verdict}


def test_what_was_not_asked_for_yet_lets_its_pages_wait() -> None:
    assert _judged({"/a": "/c"}, postponed="/c") == {"/a": Verdict.LATER}


def test_of_pages_that_name_each_other_one_is_taken() -> None:
    assert _judged({"/a": "/b", "/b": "/a"}) == {"/a": Verdict.ITSELF, "/b": Verdict.ELSEWHERE}
    circle = _judged({"/a": "/b", "/b": "/c", "/c": "/a"})
    assert list(circle.values()).count(Verdict.ITSELF) == 1


def test_many_pages_of_one_address_are_taken_themselves() -> None:
    paths = [f"/bericht-{n}" for n in range(MANY_PAGES)]
    few = _judged(dict.fromkeys(paths[1:], "/c"), _document("/c"))
    assert set(few.values()) == {Verdict.ELSEWHERE}
    many = _judged(dict.fromkeys(paths, "/c"), _document("/c"))
    assert set(many.values()) == {Verdict.ITSELF}


def test_views_of_one_page_are_no_pages() -> None:
    views = [f"/c?sort={n}&druck=1" for n in range(MANY_PAGES * 2)]
    assert set(_judged(dict.fromkeys(views, "/c"), _document("/c")).values()) == {Verdict.ELSEWHERE}
    pages = [f"/i.php?id={n}&druck=1" for n in range(2, MANY_PAGES + 2)]
    judged = _judged(
        {**dict.fromkeys(pages, "/i.php?id=1"), "/i.php?id=1&druck=1": "/i.php?id=1"}, _document("/i.php?id=1")
    )
    assert judged.pop("/i.php?id=1&druck=1") is Verdict.ELSEWHERE
    assert set(judged.values()) == {Verdict.ITSELF}


def test_a_page_that_was_taken_itself_does_not_wait_again() -> None:
    canonicals = Canonicals(lambda url: None)
    canonicals.hold(_named("/a", "/b"))
    canonicals.hold(_named("/b", "/a"))
    assert next(verdict for _, verdict in canonicals.judged(lambda url: False)) is Verdict.ITSELF
    assert not canonicals.hold(_named("/a", "/b"))


def test_other_outcomes_are_not_held() -> None:
    canonicals = Canonicals(lambda url: None)
    assert not canonicals.hold(_document("/a"))
    assert not canonicals.hold(_outcome("/a", PageAction.SKIPPED, MOVED, instead="/b"))
