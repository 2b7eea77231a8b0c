"""What the corpus does not publish any more is in no answer, though the index still holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from indexer.backends.hidden import _FEW
from indexer.backends.memory import MemoryBackend
from indexer.backends.whoosh_backend import WhooshBackend
from indexer.german import GermanAnalyzer
from kb.model import IndexEntry, PartialDate, SearchQuery, Sort
from kb.ports import SearchBackend

ANALYZER = GermanAnalyzer()


class Shelf:
    """A ``Visibility`` in a set; counts what it is asked, and for which places."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.asked: list[str] = []
        self.places: dict[str, str] = {}

    def hidden(self, ids: Iterable[str], located: Callable[[str], str] = lambda doc_id: "") -> set[str]:
        ids = list(ids)
        self.asked += ids
        self.places |= {doc_id: place for doc_id in ids if (place := located(doc_id))}
        return self.away.intersection(ids)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(params=["memory", "whoosh"])
def backend(request: pytest.FixtureRequest, tmp_path: Path, shelf: Shelf) -> SearchBackend:
    if request.param == "memory":
        return MemoryBackend(ANALYZER, visibility=shelf)
    return WhooshBackend(tmp_path, ANALYZER, visibility=shelf)


def entry(number: int, **fields: object) -> IndexEntry:
    values: dict[str, object] = {
        "id": f"d{number:03}",
        "revision": f"r{number}",
        "title": f"Nachbarschaftsfest {number}",
        "text": "Das Nachbarschaftsfest im Quartier. " * 3,
        "source": "hof",
        "doc_type": "praxisbeispiel",
        "date": PartialDate(2000 + number % 20),
        "location": f"documents/hof/d{number:03}.md",
    }
    return IndexEntry(**(values | fields))  # type: ignore[arg-type]


def fill(backend: SearchBackend, number: int = 30) -> None:
    with backend.writer(rebuild=True) as writer:
        for one in range(number):
            writer.put(entry(one))


def test_a_hidden_document_is_in_no_hit_count_facet_or_page(backend: SearchBackend, shelf: Shelf) -> None:
    fill(backend)
    before = backend.search(SearchQuery("Quartier"))
    first = before.hits[0].entry
    assert before.total == 30
    shelf.away.add(first.id)
    for sort in Sort:
        results = backend.search(SearchQuery("Quartier", sort=sort, limit=100))
        assert first.id not in [hit.entry.id for hit in results.hits]
        assert (results.total, len(results.hits)) == (29, 29)
        assert results.facets["source"] == {"hof": 29}
    page = backend.search(SearchQuery("Quartier"))
    assert len(page.hits) == 10
    assert backend.search(SearchQuery("Quartier", limit=0)).total == 29
    shelf.away.clear()
    assert backend.search(SearchQuery("Quartier")).total == 30


def test_whole_pages_of_hidden_documents_are_passed_over(backend: SearchBackend, shelf: Shelf) -> None:
    fill(backend, 200)
    shelf.away |= {f"d{number:03}" for number in range(190)}
    results = backend.search(SearchQuery("Quartier"))
    assert [hit.entry.id for hit in results.hits] == [f"d{number}" for number in range(190, 200)]
    assert results.total == 10
    shelf.away |= {f"d{number:03}" for number in range(200)}
    assert backend.search(SearchQuery("Quartier")).hits == ()
    assert len(shelf.away) > _FEW


def test_further_documents_too(backend: SearchBackend, shelf: Shelf) -> None:
    with backend.writer(rebuild=True) as writer:
        writer.put(entry(0, text="Quartier und Berufswahl"))
        writer.put(entry(1, title="Anderes", text="Berufswahl"))
    query = SearchQuery("Quartier Berufswahl")
    assert backend.search(query).further == 1
    shelf.away.add("d001")
    results = backend.search(query)
    assert (results.total, results.further, len(results.hits)) == (1, 0, 1)


def test_similar_documents_and_completions(backend: SearchBackend, shelf: Shelf) -> None:
    fill(backend, 4)
    similar = [hit.entry.id for hit in backend.similar("d000")]
    assert len(similar) == 3
    shelf.away.add(similar[0])
    assert [hit.entry.id for hit in backend.similar("d000")] == similar[1:]
    titles = [one.id for one in backend.suggest("Nachbarschaftsfest") if one.kind == "title"]
    assert similar[0] not in titles
    assert isinstance(backend, MemoryBackend) or len(titles) == 3


def test_a_new_generation_is_believed_again(backend: SearchBackend, shelf: Shelf) -> None:
    fill(backend, 3)
    shelf.away.add("d001")
    assert backend.search(SearchQuery()).total == 2
    with backend.writer() as writer:
        writer.remove("d001")
    shelf.away.clear()
    with backend.writer() as writer:
        writer.put(entry(1))
    assert backend.search(SearchQuery()).total == 3


def test_nobody_asks_for_more_than_is_shown(tmp_path: Path, shelf: Shelf) -> None:
    backend = WhooshBackend(tmp_path, ANALYZER, visibility=shelf)
    fill(backend)
    backend.search(SearchQuery("Quartier", limit=7))
    assert len(shelf.asked) == 7
    assert shelf.places == {doc_id: f"documents/hof/{doc_id}.md" for doc_id in shelf.asked}
