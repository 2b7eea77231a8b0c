"""Replaced texts of one run: one text on many pages is an accident, many new texts are a relaunch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.prose import report
from crawler.memory.held import HeldAnswer
from crawler.memory.pages import CrawlMemory
from crawler.page.suspects import MOST_WAITING, Suspects
from kb.model import Document
from tests.doubles import MemoryCorpus

BASE = "https://stadt.de/"
ONE = "Der Kobold sitzt im Schaltschrank und hat alle Kabel vertauscht, wir suchen ihn mit Lampen."


def _text(number: int) -> str:
    return "\n\n".join(report(number, seed=3).paragraphs)


class Run:
    """A corpus of different documents, and what one run lets wait."""

    def __init__(self, *texts: str) -> None:
        self.corpus, self.memory = MemoryCorpus(), CrawlMemory()
        for n, text in enumerate(texts):
            self.corpus.put(Document(f"d{n}", f"Titel {n}", text, url=f"{BASE}{n}"), expected=None)
        self.suspects = Suspects(self.memory.held, self.corpus)

    def wait(self, number: int, text: str, title: str = "Neu") -> None:
        doc_id = f"d{number}"
        answer = HeldAnswer(f"{BASE}{number}", (), None, text.encode(), title, text, doc_id)
        self.suspects.add(answer)

    def ends(self, others: int = 10) -> tuple[set[str], set[str]]:
        caught, free = self.suspects.judged(others, {})
        return {url.removeprefix(BASE) for url, _ in caught}, {url.removeprefix(BASE) for url in free}


def test_one_text_for_three_documents_is_an_accident_and_the_rest_is_let_go() -> None:
    run = Run(*map(_text, range(5)))
    for n in range(3):
        run.wait(n, f"{ONE} Vorgang {n}{n}7, {n}:30 Uhr.")
    run.wait(3, _text(100))
    run.wait(4, _text(101))
    assert run.ends() == ({"0", "1", "2"}, {"3", "4"})


def test_accident_is_known_before_the_end_and_later_pages_need_not_wait() -> None:
    run = Run(*map(_text, range(4)))
    for n in range(2):
        run.wait(n, ONE)
    assert run.suspects.accident_like("Neu", ONE) is None
    assert run.suspects.has_like("Neu", ONE)
    run.wait(2, ONE)
    group = run.suspects.accident_like("Neu", f"{ONE} Vorgang 12")
    assert group is not None
    assert run.suspects.accident_like("Neu", _text(9)) is None


@pytest.mark.parametrize(("others", "caught"), [(0, {"0", "1"}), (1, {"0", "1"}), (2, {"0", "1"}), (3, set())])
def test_two_documents_are_an_accident_only_where_there_is_little_else(others: int, caught: set[str]) -> None:
    run = Run(*map(_text, range(2)))
    run.wait(0, ONE)
    run.wait(1, ONE)
    assert run.ends(others)[0] == caught


def test_documents_that_were_one_text_may_become_another_one() -> None:
    run = Run(*[_text(0)] * 4)
    for n in range(4):
        run.wait(n, _text(50))
    assert run.ends() == (set(), {"0", "1", "2", "3"})


def test_forms_filled_in_differently_stay_forms() -> None:
    """Before and after, the pages share most of their words; a relaunch worded the form anew."""
    names = ["Auenbrück", "Birkenau", "Dornfeld", "Erlenbach"]
    run = Run(*(f"{_text(0)} Ansprechperson in {name}: Frau {name}er" for name in names))
    for n, name in enumerate(names):
        run.wait(n, f"{_text(60)} Kontakt für {name}: Büro {name} am Markt")
    assert run.ends() == (set(), {"0", "1", "2", "3"})


def test_page_that_documents_lead_to_counts_with_them() -> None:
    run = Run(*map(_text, range(4)))
    run.wait(0, ONE)
    caught, _ = run.suspects.judged(10, {f"//stadt.de/{0}": {"d1", "d2"}})
    assert [url for url, _ in caught] == [f"{BASE}0"]


def test_only_so_many_wait_and_the_newest_wait_longest() -> None:
    run = Run(*map(_text, range(MOST_WAITING)))
    for n in range(MOST_WAITING):
        assert not run.suspects.are_many
        run.wait(n, f"{_text(1000 + n)} {_text(3000 + n)}")
    assert run.suspects.are_many
    _, free = run.suspects.judged(None, {})
    assert 0 < len(free) < MOST_WAITING
    assert free[0] == f"{BASE}0"
    for url in free:
        answer = run.suspects.take(url)
        assert answer is not None
        assert run.memory.held.find(url) is None
    assert len(run.suspects) == MOST_WAITING - len(free)


def test_held_answer_comes_back_as_it_was_and_is_erased_with_its_document() -> None:
    memory = CrawlMemory()
    answer = HeldAnswer(f"{BASE}a", (f"{BASE}alt",), "text/html", b"\xff\x00", "T", "Übergänge \ud800", "d1")
    memory.held.put(answer)
    assert memory.held.find(f"{BASE}a/") == answer
    memory.held.put(replace(answer, url=f"{BASE}b"))
    memory.erase(["//stadt.de/a"], "d1")
    assert memory.held.find(f"{BASE}a") is None
    assert memory.held.find(f"{BASE}b") is None
