"""What a search is: the question as a person asked it, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kb.model.annotations import Annotations
from kb.model.dates import PartialDate
from kb.model.document import Document


class Sort(StrEnum):
    """``relevance`` is best first, ``date`` newest first; ties are broken by id, ascending.

    ``place`` follows the order in which the place filter names places (a document counts by the first that it
    has), and within a place ``relevance``, or ``date`` where nothing is ranked.
    """

    RELEVANCE = "relevance"
    DATE = "date"
    PLACE = "place"


# The facets of every answer, in the order in which pages show them.
FACETS = ("topic", "doc_type", "year", "place", "source")
# The value, the last of a facet, of documents that have none: nothing was concluded, or nothing is known.
UNDECIDED = "unbestimmt"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a person typed, unparsed, plus filters, order and page.

    Several values of one filter mean *any of these*; different filters must all hold. An empty
    ``text`` means all documents. ``filters`` maps a facet name of ``FACETS`` to the wanted ids.
    ``limit`` 0 asks for totals and facets only. With ``correct`` unknown words are corrected; with
    ``explain`` hits have snippets and reasons, which takes longer than finding them; with ``count`` facets
    are counted. ``like_place`` names a place for which others like it shall do; engines leave it to
    ``LikePlaces``, which turns it into a filter.

    Raises:
        ValueError: for an unknown facet, a negative limit or offset.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    correct: bool = True
    explain: bool = True
    count: bool = True
    like_place: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.filters) - set(FACETS)
        if unknown:
            raise ValueError(f"unknown facets: {', '.join(sorted(unknown))}")
        if self.limit < 0 or self.offset < 0:
            raise ValueError("limit and offset must not be negative")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index keeps of one published document; ``revision`` is that of the corpus file.

    ``states`` are those in which its places lie, ``areas`` these and the districts, as places of their own, by
    the names that the places file gives them: what is of a municipality is of its district. ``location`` is
    where the corpus kept it then, for looking it up; it may have moved. ``annotations`` are all conclusions
    with their evidence, for the document's own page; entries of hits come without.
    """

    id: str
    revision: str
    title: str
    text: str
    source: str
    doc_type: str | None
    url: str | None = None
    publisher: str | None = None
    date: PartialDate | None = None
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    other_urls: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    location: str = ""
    annotations: Annotations | None = None

    @property
    def year(self) -> str | None:
        """The key of the year facet."""
        return None if self.date is None or self.date.year is None else str(self.date.year)

    def facet_values(self, facet: str) -> tuple[str, ...]:
        """The ids under which this entry is counted in a facet of ``FACETS``, or ``UNDECIDED``."""
        match facet:
            case "topic":
                values = self.topics
            case "place":
                values = tuple(dict.fromkeys((*self.places, *self.areas)))
            case "year":
                values = (self.year,) if self.year is not None else ()
            case "doc_type":
                values = (self.doc_type,) if self.doc_type is not None else ()
            case "source":
                values = (self.source,)
            case _:
                raise ValueError(f"unknown facet: {facet}")
        return values or (UNDECIDED,)


def to_index_entry(
    document: Document, annotations: Annotations, revision: str, location: str = ""
) -> IndexEntry:
    """Join truth and conclusions: ``date`` is the event's start, else the publication date."""
    event = annotations.event.event.start if annotations.event is not None else None
    date = event if event is not None and event.year is not None else document.published or event
    return IndexEntry(
        id=document.id,
        revision=revision,
        title=document.title,
        text=document.text,
        source=document.source,
        doc_type=annotations.doc_type.id if annotations.doc_type is not None else None,
        url=document.url,
        publisher=document.publisher,
        date=date,
        topics=tuple(tag.id for tag in annotations.topics),
        places=tuple(dict.fromkeys(tag.name for tag in annotations.places)),
        authors=document.authors,
        other_urls=document.other_urls,
        states=tuple(dict.fromkeys(tag.state for tag in annotations.places if tag.state)),
        areas=tuple(dict.fromkeys(area for tag in annotations.places for area in tag.areas)),
        location=location,
        annotations=annotations,
    )


class Match(StrEnum):
    """How a word of the query stands in a document."""

    WORD = "word"
    PART = "part"
    SYNONYM = "synonym"
    SIMILAR = "similar"
    PREFIX = "prefix"
    PHRASE = "phrase"


class Where(StrEnum):
    """Where in a document."""

    TITLE = "title"
    TEXT = "text"
    TOPIC = "topic"
    AUTHOR = "author"
    PUBLISHER = "publisher"
    STATE = "state"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document is a hit: ``form`` stands in it because of ``word``, which was typed.

    ``share`` is the part of the hit's score that would be missing without it, 0 to 1. ``corrected`` is
    what was typed where ``word`` is its correction.
    """

    word: str
    form: str
    match: Match
    where: Where
    share: float
    corrected: str | None = None


class Tier(StrEnum):
    """``hit``: what was asked for. ``further``: holds only a part of the words, and stands below all hits."""

    HIT = "hit"
    FURTHER = "further"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One document of an answer. ``score`` is comparable within one answer; ``snippet`` is HTML: escaped text
    with ``<mark>``.

    ``reasons`` are in the order of the query's words, the strongest of each word only. ``missing`` are the
    words that were typed, or what they were corrected to, and that a further document does not hold.
    """

    entry: IndexEntry
    score: float
    snippet: str
    reasons: tuple[Reason, ...] = ()
    tier: Tier = Tier.HIT
    missing: tuple[str, ...] = ()


class NoticeKind(StrEnum):
    """What an engine did with a query that a person should know of."""

    RELAXED = "relaxed"
    STAR_DROPPED = "star_dropped"
    SHORTENED = "shortened"
    TOO_DEEP = "too_deep"
    TOO_MANY_WORDS = "too_many_words"
    UNKNOWN_VALUE = "unknown_value"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say about an answer; ``subject`` is what it is about, such as the word typed.

    Of a value that does not exist, ``facet`` is its facet, and ``choices`` are labels of some that do, the
    nearest first.
    """

    kind: NoticeKind
    subject: str = ""
    facet: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer: all hits are counted, one page of them is given, and after them of ``further`` documents.

    ``further`` counts documents that hold only a part of the words; pages run through the hits and then through
    these, but for the order by date, which has hits alone. ``total`` and ``facets`` are of hits. ``facets``,
    where they were to be counted, maps every name of ``FACETS`` to counts (id → number), most frequent first,
    ties by id, ``UNDECIDED`` last: over the hits, but for a facet that is filtered by, over what the other
    filters alone leave, so that the alternatives can be seen. ``took_ms`` is the engine's own time in
    milliseconds. ``corrected`` is the query text that was searched instead, if any.
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    corrected: str | None = None
    notices: tuple[Notice, ...] = ()
    further: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed; ``kind`` is ``term``, ``title``, ``topic`` or ``place``.

    ``id`` is that of the document, topic or place, None for a term.
    """

    text: str
    kind: str
    id: str | None = None
