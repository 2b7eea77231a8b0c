"""What a search is: the question as a person asked it, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kb.model.annotations import Annotations
from kb.model.dates import PartialDate
from kb.model.document import Document


class Sort(StrEnum):
    """``relevance`` is best first, ``date`` newest first; ties are broken by id, ascending."""

    RELEVANCE = "relevance"
    DATE = "date"


# The facets of every answer, in the order in which pages show them.
FACETS = ("topic", "doc_type", "year", "place", "source")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a person typed, unparsed, plus filters, order and page.

    Several values of one filter mean *any of these*; different filters must all hold. An empty
    ``text`` means all documents. ``filters`` maps a facet name of ``FACETS`` to the wanted ids.
    ``limit`` 0 asks for totals and facets only.

    Raises:
        ValueError: for an unknown facet, a negative limit or offset.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.filters) - set(FACETS)
        if unknown:
            raise ValueError(f"unknown facets: {', '.join(sorted(unknown))}")
        if self.limit < 0 or self.offset < 0:
            raise ValueError("limit and offset must not be negative")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index keeps of one published document; ``revision`` is that of the corpus file."""

    id: str
    revision: str
    title: str
    text: str
    source: str
    doc_type: str
    url: str | None = None
    publisher: str | None = None
    date: PartialDate | None = None
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def year(self) -> str | None:
        """The key of the year facet."""
        return None if self.date is None or self.date.year is None else str(self.date.year)

    def facet_values(self, facet: str) -> tuple[str, ...]:
        """The ids under which this entry is counted in a facet of ``FACETS``."""
        match facet:
            case "topic":
                return self.topics
            case "place":
                return self.places
            case "year":
                return (self.year,) if self.year is not None else ()
            case "doc_type":
                return (self.doc_type,)
            case "source":
                return (self.source,)
        raise ValueError(f"unknown facet: {facet}")


def to_index_entry(document: Document, annotations: Annotations, revision: str) -> IndexEntry:
    """Join truth and conclusions: ``date`` is the event's start, else the publication date."""
    event = annotations.event.event.start if annotations.event is not None else None
    date = event if event is not None and event.year is not None else document.published or event
    return IndexEntry(
        id=document.id,
        revision=revision,
        title=document.title,
        text=document.text,
        source=document.source,
        doc_type=annotations.doc_type.id,
        url=document.url,
        publisher=document.publisher,
        date=date,
        topics=tuple(tag.id for tag in annotations.topics),
        places=tuple(dict.fromkeys(tag.name for tag in annotations.places)),
    )


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One hit. ``score`` is comparable within one answer; ``snippet`` is HTML: escaped text with ``<mark>``."""

    entry: IndexEntry
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer: all hits are counted, one page of them is given.

    ``facets`` maps every name of ``FACETS`` to counts over all hits (id → number), most frequent
    first, ties by id. ``took_ms`` is the engine's own time in milliseconds. ``corrected`` is the
    query text that was searched instead, if any.
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    corrected: str | None = None
