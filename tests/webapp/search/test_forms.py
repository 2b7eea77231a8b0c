"""Addresses become queries and queries become addresses; nothing that is typed breaks the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kb.errors import InvalidQueryError
from kb.model import FACETS, SearchQuery, Sort, normalise_line
from webapp.search.forms import (
    MAX_ALL_VALUES,
    MAX_PAGE,
    MAX_QUERY_CHARS,
    MAX_VALUES,
    PAGE_SIZE,
    page_of,
    query_args,
    read_query,
    read_some_filters,
    toggled,
)

_lines = st.text(min_size=1, max_size=40).map(normalise_line).filter(bool)
_filters = st.dictionaries(
    st.sampled_from(FACETS), st.lists(_lines, min_size=1, max_size=4, unique=True).map(tuple)
)


def args(**values: str | list[str]) -> MultiDict[str, str]:
    return MultiDict(
        [(name, one) for name, all_ in values.items() for one in ([all_] if isinstance(all_, str) else all_)]
    )


def test_everything_that_an_address_can_say() -> None:
    query = read_query(
        args(
            q=" Übergänge  Schule ",
            topic=["uebergaenge", "quartier"],
            doc_type="praxisbeispiel",
            year="2018",
            place="Fürth",
            source="demo",
            sort="date",
            page="3",
        )
    )
    assert query == SearchQuery(
        text="Übergänge Schule",
        filters={
            "topic": ("uebergaenge", "quartier"),
            "doc_type": ("praxisbeispiel",),
            "year": ("2018",),
            "place": ("Fürth",),
            "source": ("demo",),
        },
        sort=Sort.DATE,
        limit=PAGE_SIZE,
        offset=2 * PAGE_SIZE,
    )


@given(_lines, _filters, st.sampled_from(Sort), st.integers(1, MAX_PAGE), st.booleans())
def test_an_address_is_read_as_it_was_written(
    text: str, filters: dict[str, tuple[str, ...]], sort: Sort, page: int, correct: bool
) -> None:
    query = SearchQuery(text, filters, sort, PAGE_SIZE, (page - 1) * PAGE_SIZE, correct=correct)
    if sort is Sort.PLACE:
        query = replace(query, like_place="Kreis Unna")
    written = MultiDict(
        [(name, value) for name, values in query_args(query, page=page).items() for value in values]
    )
    assert read_query(written) == query
    assert page_of(query) == page


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("", 1),
        ("0", 1),
        ("-3", 1),
        ("zwei", 1),
        ("1e9", 1),
        ("٣", 1),
        ("²", 1),
        (" 4 ", 4),
        ("0007", 7),
        ("9" * 5000, MAX_PAGE),
        ("99999999999999999999", MAX_PAGE),
        ("0" * 5000, 1),
    ],
)
def test_any_page_number(typed: str, page: int) -> None:
    assert page_of(read_query(args(q="x", page=typed))) == page


@pytest.mark.parametrize("sort", ["", "Date", "newest", "\x00", "relevance; DROP TABLE"])
def test_an_unknown_order_is_the_usual_one(sort: str) -> None:
    expected = Sort.DATE if sort == "Date" else Sort.RELEVANCE
    assert read_query(args(q="x", sort=sort)).sort is expected


@pytest.mark.parametrize(
    ("said", "correct"), [("1", False), (" 1 ", False), ("", True), ("0", True), ("ja", True)]
)
def test_only_a_plain_yes_searches_exactly(said: str, correct: bool) -> None:
    assert read_query(args(q="x", genau=said)).correct is correct


def test_without_words_there_is_nothing_to_correct() -> None:
    assert read_query(args(genau="1", topic="quartier")).correct


def test_without_words_the_newest_come_first() -> None:
    assert read_query(args(sort="relevance")).sort is Sort.DATE


def test_control_characters_are_no_words() -> None:
    assert read_query(args(q="\x00Über\x07gang\r\n Schule\x00")).text == "Übergang Schule"
    assert read_query(args(q="\x00\x01", topic=["\x00", " ", "quartier", "quartier"])) == replace(
        read_query(args(topic="quartier")), text=""
    )


def test_values_that_cannot_exist_are_dropped() -> None:
    query = read_query(args(place=["x" * 201, "Bremen", "Bremen"], year="2018", farbe="rot"))
    assert query.filters == {"place": ("Bremen",), "year": ("2018",)}


def test_more_filters_than_anybody_chooses_are_refused_in_german() -> None:
    years = [str(year) for year in range(1990, 1990 + MAX_VALUES + 1)]
    assert len(read_query(args(year=years[:-1])).filters["year"]) == MAX_VALUES
    assert read_query(args(year=["2018"] * 1000)).filters == {"year": ("2018",)}
    for asked in (args(year=years), args(**dict.fromkeys(FACETS, years[: MAX_ALL_VALUES // len(FACETS) + 1]))):
        with pytest.raises(InvalidQueryError, match=r"So viele Filter .* höchstens 20 Werte je Filter"):
            read_query(asked)
        some = read_some_filters(asked)
        assert set(some) == set(asked)
        assert sum(map(len, some.values())) <= MAX_ALL_VALUES


def test_the_longest_query_is_read_and_a_longer_one_refused_in_german() -> None:
    assert len(read_query(args(q="ü" * MAX_QUERY_CHARS)).text) == MAX_QUERY_CHARS
    with pytest.raises(InvalidQueryError, match=r"1001 Zeichen zu lang – höchstens 1000 Zeichen"):
        read_query(args(q="ü" * (MAX_QUERY_CHARS + 1)))


@given(_filters, st.sampled_from(FACETS), _lines)
def test_toggling_twice_changes_nothing_but_order(
    filters: dict[str, tuple[str, ...]], facet: str, value: str
) -> None:
    once = toggled(filters, facet, value)
    assert (value in once.get(facet, ())) is (value not in filters.get(facet, ()))
    twice = toggled(once, facet, value)
    assert {name: set(values) for name, values in twice.items()} == {
        name: set(values) for name, values in filters.items()
    }
