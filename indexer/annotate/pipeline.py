"""The annotators in order: from a document to its annotations.

    document ─ read (tokens, layout) ─┬─ topics    rules of corpus/topics
                                      ├─ dates ─┬─ doc_type   phrases, tense, structure, dates
                                      │         └─ event      the date that fits the kind
                                      ├─ places   names of corpus/places.tsv, with their roles
                                      └─ card     quoted fields of a practice example
             ─ apply_decisions ─ Annotations

Each step is a pure function of the document and the rules; ``version`` is a hash of all the rules.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from indexer.annotate.card import CardReader, FoundFields
from indexer.annotate.data.files import data_bytes
from indexer.annotate.decisions import apply_decisions
from indexer.annotate.events.choice import Option
from indexer.annotate.events.find import EventFinder, FoundDates
from indexer.annotate.kind.classify import DocTypeClassifier
from indexer.annotate.kind.features import Observed
from indexer.annotate.phrases.matching import PatternIndex
from indexer.annotate.places.find import PlaceFinder
from indexer.annotate.places.gazetteer import Gazetteer
from indexer.annotate.places.roles import with_roles
from indexer.annotate.places.rows import Place, read_places
from indexer.annotate.places.tree import PlaceTree
from indexer.annotate.text.clean import flags
from indexer.annotate.text.foreign import foreign_language
from indexer.annotate.text.language import LIBRARIES, german
from indexer.annotate.text.reading import read
from indexer.annotate.topics.rules import TopicMatcher
from kb.model import ONLY_BEGINNING, Annotations, Document, EventTag, PlaceTag
from kb.topics import Topic, load_topics

# Raise with every change of code that can change an annotation.
CODE_VERSION = 28
# What is read of a text where nobody says otherwise: longer than all but a few books.
MOST_CHARS = 500_000
_log = logging.getLogger(__name__)


class DocumentAnnotator:
    """Implements ``kb.ports.Annotator`` with rules; building it takes some 0.5 s with 12,000 places."""

    def __init__(
        self,
        topics: Mapping[str, Topic],
        places: Iterable[Place] = (),
        *,
        places_hash: str = "",
        most_chars: int = MOST_CHARS,
    ) -> None:
        """``places_hash`` stands for the places' content where the caller has it; else they are hashed here.

        ``most_chars`` is how much of a text is read, from its beginning.

        Raises:
            ConfigurationError: a pattern of a topic cannot be understood.
        """
        rows = tuple(places)
        self._topics = frozenset(topics)
        self._language = german()
        patterns = PatternIndex()
        self._matcher = TopicMatcher(topics, patterns)
        self._doc_types = DocTypeClassifier(patterns)
        self._events = EventFinder(patterns)
        gazetteer = Gazetteer(rows, self._language)
        self._places = PlaceFinder(gazetteer) if rows else None
        self._card = CardReader(patterns)
        self._known_places = _known(rows, gazetteer.tree)
        self._most_chars = most_chars
        self._version = _version(topics, places_hash or _hash(repr(rows).encode()), most_chars)

    @property
    def version(self) -> str:
        """Hash of the topics, the places, the cue files, the libraries and the code."""
        return self._version

    def annotate(self, document: Document) -> Annotations:
        """All conclusions on a document, editors' decisions applied; other languages get decisions only.

        Of a text beyond ``most_chars`` only the beginning is read; the log and a flag say so.
        """
        found = self._german(document) if is_german(document.language) else _foreign(document)
        return apply_decisions(found, document.decisions, topics=self._topics, known_places=self._known_places)

    def _german(self, document: Document) -> Annotations:
        if len(document.text) > self._most_chars:
            _log.warning(
                "%s: nur die ersten %d von %d Zeichen werden gelesen",
                document.id,
                self._most_chars,
                len(document.text),
            )
            beginning = replace(document, text=_beginning(document.text, self._most_chars))
            found = self._german(beginning)
            return replace(found, flags=(*found.flags, ONLY_BEGINNING))
        reading = read(document, self._language)
        language = foreign_language(reading.words)
        if language is not None:
            return replace(_foreign(document), flags=(f"sprache-{language}",))
        dates = self._events.dates(reading)
        fields = self._card.read(reading)
        doc_type = self._doc_types.classify(reading, _observed(dates, fields))
        decided = document.decisions.doc_type
        kind = decided.value if decided else doc_type.id if doc_type is not None else None
        event = dates.event(kind)
        places = self._places.tags(reading) if self._places else ()
        return Annotations(
            doc_type=doc_type,
            topics=self._matcher.tags(reading),
            places=with_roles(places, reading, kind, event),
            event=event,
            card=fields.card(kind),
            flags=flags(document.text, reading.words),
        )

    def event_options(self, document: Document, doc_type: str | None) -> list[Option]:
        """Every date that could be the event's, with what is seen of it; for ``tools/fit_events.py``."""
        return self._events.dates(read(document, self._language)).options(doc_type)

    def doc_type_features(self, document: Document) -> dict[str, float]:
        """What the kind is concluded from, by name; for learning its weights (``tools/fit_doctype.py``)."""
        reading = read(document, self._language)
        observed = _observed(self._events.dates(reading), self._card.read(reading))
        return {feature.name: feature.value for feature in self._doc_types.features(reading, observed)}


def open_annotator(topics_dir: Path, places_file: Path, *, most_chars: int = MOST_CHARS) -> DocumentAnnotator:
    """The annotator for a corpus; a missing places file means no places. ``most_chars`` of a text are read.

    Raises:
        ConfigurationError: a topic or the places file cannot be understood; names file and remedy.
    """
    topics = load_topics(topics_dir)
    if not places_file.exists():
        return DocumentAnnotator(topics, most_chars=most_chars)
    places = read_places(places_file)
    places_hash = _hash(places_file.read_bytes())
    return DocumentAnnotator(topics, places, places_hash=places_hash, most_chars=most_chars)


def is_german(language: str) -> bool:
    """``de``, ``de-AT``, ``DE-simple``."""
    return language.split("-")[0].lower() == "de"


def _observed(dates: FoundDates, fields: FoundFields) -> Observed:
    # „Im November“ says when anything was, and nothing of the kind of a text.
    said = [candidate for candidate in dates.candidates if not candidate.mention.bare]
    return Observed(said, dates.relative, len(fields.all))


def _foreign(document: Document) -> Annotations:
    """Only what the source states as data is language-free."""
    event = EventTag(replace(document.event, place=None)) if document.event else None
    return Annotations(None, event=event)


def _known(places: Iterable[Place], tree: PlaceTree) -> Mapping[str, PlaceTag]:
    known: dict[str, PlaceTag] = {}
    for place in places:
        if place.kind != "part":
            tag = PlaceTag(place.name, place.ags, place.state, areas=tree.around(place))
            known.setdefault(place.name, tag)
    return known


def _beginning(text: str, most: int) -> str:
    """At most so much of a text, to the end of a paragraph, line or word where one ends late enough."""
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, most // 2, most)
        if end >= 0:
            return text[:end].rstrip()
    return text[:most]


def _version(topics: Mapping[str, Topic], places_hash: str, most_chars: int) -> str:
    rules = "\0".join(repr(topics[topic]) for topic in sorted(topics))
    parts = (str(CODE_VERSION), str(most_chars), LIBRARIES, rules, places_hash, _hash(data_bytes()))
    return _hash("\1".join(parts).encode())[:16]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
