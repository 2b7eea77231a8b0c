"""A small site on real German texts, with an engine and an annotator that behave like the real ones."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

from kb.errors import InvalidQueryError
from kb.model import (
    FACETS,
    Annotations,
    DocTypeTag,
    Document,
    Event,
    EventTag,
    Evidence,
    IndexEntry,
    Notice,
    NoticeKind,
    PartialDate,
    PlaceTag,
    SearchHit,
    SearchQuery,
    SearchResults,
    Sort,
    Status,
    Suggestion,
    Tier,
    TopicTag,
    to_index_entry,
)
from kb.ports import Annotator, IndexWriter, SearchBackend
from tests.doubles import MemoryCorpus
from webapp.site.services import SiteServices

LABELS = {
    "topic": {"uebergaenge": "Übergang Schule–Beruf", "quartier": "Quartier", "migration": "Migration"},
    "source": {"demo": "Demonstration", "import": "Einzelne Dokumente"},
}
_TOPIC_WORDS = {
    "uebergaenge": ("Jugendberufsagentur", "Berufswahl", "Ausbildung"),
    "quartier": ("Quartier", "Stadtteil", "Nachbarschaft"),
    "migration": ("Zuwanderung", "Neuzugewanderte", "Migration"),
}
_PLACES = ("Bremen", "Dortmund", "Fürth", "Gelsenkirchen")

JAHRESFORUM = Document(
    id="jahresforum-dortmund",
    title="Jahresforum „Schul- und Berufswahl“: Was Übergänge gelingen lässt",
    text=(
        "# Jahresforum „Schul- und Berufswahl“: Was Übergänge gelingen lässt\n\n"
        "In Dortmund trafen sich Koordinator*innen aus zwölf Städten. Die Jugendberufsagentur stellte vor, "
        "wie Beratung im Quartier ankommt.\n\n### Ablauf\n\n- Begrüßung\n- **Werkstatt** zur Berufswahl\n\n"
        "##### Ausblick\n\nMehr steht in der [Dokumentation](/doku/2018.pdf) "
        "und bei [uns](mailto:info@example.org).\n\n"
        "![Teilnehmende im Gespräch](/bild.jpg)"
    ),
    source="demo",
    url="https://www.example.org/berichte/jahresforum?jahr=2018",
    publisher="Transferagentur Muster",
    authors=("Ayşe Yıldız", "Jürgen Groß"),
    published=PartialDate(2018, 12, 4),
    modified=PartialDate(2019, 1),
    event=Event(PartialDate(2018, 11, 29), PartialDate(2018, 11, 30)),
    licence="CC BY 4.0",
    fetched_at=datetime(2024, 5, 1, 10, 30, tzinfo=UTC),
)
STADTTEILMUETTER = Document(
    id="stadtteilmuetter/fuerth",
    title="Stadtteilmütter in Fürth: Nachbarschaft als Brücke",
    text="Stadtteilmütter begleiten Familien nach der Zuwanderung. In Fürth gehen sie von Tür zu Tür.",
    source="demo",
    published=PartialDate(2021, 3),
)
NO_YEAR = Document(
    id="50 % mehr?#ausbildung",
    title="Mehr Ausbildung & <b>weniger</b> Warteschleifen",
    text="Am 26. Juni ging es in Bremen um Ausbildung. Wer 1 < 2 schreibt, meint das auch.",
    url="javascript:alert(1)",
    event=Event(PartialDate(None, 6, 26)),
)
DRAFT = replace(STADTTEILMUETTER, id="entwurf", title="Entwurf über Gelsenkirchen", status=Status.DRAFT)
PENDING = replace(DRAFT, id="in-pruefung", status=Status.PENDING)
WITHDRAWN = replace(DRAFT, id="zurueckgezogen", status=Status.WITHDRAWN)


def many(number: int) -> tuple[Document, ...]:
    """So many short reports, one a day of 2020, from districts whose names are all different."""
    return tuple(
        Document(
            id=f"bericht-{day:03}",
            title=f"Werkstattbericht {day}: Bildungskonferenz",
            text=f"Bildungskonferenz Nummer {day} im Quartier {day}.",
            source="demo",
            published=PartialDate(2020, day // 28 + 1, day % 28 + 1),
        )
        for day in range(number)
    )


class WordAnnotator:
    """Concludes from words that stand in the text, and quotes them."""

    version = "1"

    def annotate(self, document: Document) -> Annotations:
        topics = (
            TopicTag(topic, 1.0, evidence)
            for topic, words in _TOPIC_WORDS.items()
            if (evidence := tuple(_spans(document, words)))
        )
        places = (
            PlaceTag(place, evidence=evidence)
            for place in _PLACES
            if (evidence := tuple(_spans(document, (place,))))
        )
        kind = "veranstaltungsbericht" if "trafen sich" in document.text else "praxisbeispiel"
        return Annotations(
            DocTypeTag(kind, tuple(_spans(document, ("trafen sich",)))),
            tuple(topics),
            tuple(places),
            EventTag(document.event) if document.event else None,
        )


def _spans(document: Document, words: Iterable[str]) -> Iterator[Evidence]:
    for word in words:
        if word in document.title:
            yield Evidence(0, 0, word, word.lower())
        for match in re.finditer(re.escape(word), document.text):
            yield Evidence(match.start(), match.end(), match[0], word.lower())


class WordEngine:
    """A ``SearchBackend`` that looks for every word as a substring; an open quotation mark is an error.

    Documents with some of the words are further ones.
    """

    def __init__(self, entries: Iterable[IndexEntry] = (), *, broken: Exception | None = None) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._broken = broken

    def search(self, query: SearchQuery) -> SearchResults:
        if self._broken is not None:
            raise self._broken
        if query.text.count('"') % 2:
            raise InvalidQueryError("ein Anführungszeichen ist offen", remedy="das zweite ergänzen")
        typed = query.text.replace('"', " ").split()
        words = query.text.casefold().replace('"', " ").split()
        found = [entry for entry in self._entries.values() if _matches(entry, words, query)]
        partly = [
            entry
            for entry in self._entries.values()
            if entry not in found and any(_matches(entry, [word], query) for word in words)
        ]
        listed = [*_ordered(found, query), *(_ordered(partly, query) if query.sort is not Sort.DATE else ())]
        return SearchResults(
            total=len(found),
            hits=tuple(
                SearchHit(entry, 1.0, _snippet(entry.text, words))
                if entry in found
                else SearchHit(
                    entry,
                    0.5,
                    _snippet(entry.text, words),
                    tier=Tier.FURTHER,
                    missing=tuple(word for word in typed if not _matches(entry, [word.casefold()], query)),
                )
                for entry in listed[query.offset : query.offset + query.limit]
            ),
            facets={facet: self._counts(words, query, facet) for facet in FACETS},
            took_ms=0.4,
            notices=(Notice(NoticeKind.RELAXED),) if partly and not found else (),
            further=len(partly),
        )

    def _counts(self, words: list[str], query: SearchQuery, facet: str) -> dict[str, int]:
        """Over what the other filters leave, as the port promises."""
        others = {name: values for name, values in query.filters.items() if name != facet}
        query = replace(query, filters=others)
        return _counts([one for one in self._entries.values() if _matches(one, words, query)], facet)

    def similar(self, doc_id: str, limit: int = 5) -> tuple[SearchHit, ...]:
        """The other documents of the same source."""
        if self._broken is not None:
            raise self._broken
        entry = self.entry(doc_id)
        others = [
            one for one in self._entries.values() if entry and one.source == entry.source and one != entry
        ]
        return tuple(SearchHit(one, 1.0, _snippet(one.text, [])) for one in others[:limit])

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Titles that begin so."""
        if self._broken is not None:
            raise self._broken
        titles = [(entry.title, entry.id) for entry in self._entries.values()]
        found = [Suggestion(title, "title", doc_id) for title, doc_id in titles if title.startswith(text)]
        return tuple(found[:limit] if text else [])

    def entry(self, doc_id: str) -> IndexEntry | None:
        if self._broken is not None:
            raise self._broken
        return self._entries.get(doc_id)

    def revisions(self) -> Mapping[str, str]:
        return {entry.id: entry.revision for entry in self._entries.values()}

    def writer(self, *, rebuild: bool = False, renew: bool = False) -> AbstractContextManager[IndexWriter]:
        raise NotImplementedError("the site only reads")

    def needs_rebuild(self) -> str | None:
        return None


def _ordered(entries: list[IndexEntry], query: SearchQuery) -> list[IndexEntry]:
    ordered = sorted(entries, key=lambda entry: entry.id)
    if query.sort is Sort.DATE:
        ordered.sort(key=lambda entry: entry.date.sort_key if entry.date else (0, 0, 0), reverse=True)
    if query.sort is Sort.PLACE:
        wanted = query.filters.get("place", ())
        ordered.sort(key=lambda entry: min(map(wanted.index, set(wanted) & set(entry.places)), default=99))
    return ordered


def _matches(entry: IndexEntry, words: Iterable[str], query: SearchQuery) -> bool:
    text = f"{entry.title} {entry.text}".casefold()
    return all(word in text for word in words) and all(
        set(entry.facet_values(facet)) & set(wanted) for facet, wanted in query.filters.items()
    )


def _snippet(text: str, words: list[str]) -> str:
    # Marks are set on the escaped text, so that "amp" or "lt" may be marked inside an entity: worse than real.
    escaped = html.escape(" ".join(text.split())[:200])
    if not words:
        return escaped
    pattern = "|".join(re.escape(html.escape(word)) for word in words)
    return re.sub(f"({pattern})", r"<mark>\1</mark>", escaped, flags=re.IGNORECASE)


def _counts(entries: Iterable[IndexEntry], facet: str) -> dict[str, int]:
    counts = Counter(value for entry in entries for value in entry.facet_values(facet))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def site_services(
    *documents: Document, backend: SearchBackend | None = None, annotator: Annotator | None = None
) -> SiteServices:
    """A site over these documents; only published ones are indexed."""
    corpus, annotator, entries = MemoryCorpus(), annotator or WordAnnotator(), []
    for document in documents:
        stored = corpus.put(document, expected=None)
        if document.status is Status.PUBLISHED:
            entries.append(to_index_entry(document, annotator.annotate(document), stored.revision))
    engine = backend if backend is not None else WordEngine(entries)
    return SiteServices(corpus, engine, LABELS, "0.1.0")
