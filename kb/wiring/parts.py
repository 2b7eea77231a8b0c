"""What every command needs: corpus, sources, annotators, search engine, and what editors and people decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kb.corpus.atomic import storage_error
from kb.corpus.shipped import ensure_corpus, shipped_corpus
from kb.errors import ConfigurationError
from kb.model import DOC_TYPES, Display, SearchQuery, SearchResults
from kb.ports import (
    AccountStore,
    Annotator,
    DisplayPolicy,
    FailureLog,
    SimilarPlaces,
    SourceNewsStore,
    Tombstones,
    TopicSuggester,
    Visibility,
)
from kb.private import OTHERS, private_folder
from kb.settings import Settings
from kb.wiring.later import LabelsLater

if TYPE_CHECKING:
    from crawler.sources.catalogue import SourceCatalogue
    from indexer.backends.whoosh_backend import WhooshBackend
    from kb.corpus import DirectoryCorpus
    from kb.record.soundness import Examined
    from kb.topics import Topic


def make_private(folder: Path, refused: int = OTHERS) -> None:
    """Make a folder for us alone, or narrow what an older version left open.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        private_folder(folder, refused=refused)
    except OSError as error:
        raise storage_error(error, folder) from error


def open_corpus(settings: Settings) -> DirectoryCorpus:
    """The corpus for reading.

    Raises:
        ConfigurationError: there is no such folder.
    """
    from kb.corpus import DirectoryCorpus

    if not settings.corpus.is_dir():
        raise ConfigurationError(
            "es gibt hier keinen Korpus",
            subject=str(settings.corpus),
            remedy="mit `kb init` anlegen, mit `kb import` füllen oder --corpus angeben",
        )
    return DirectoryCorpus(
        settings.corpus,
        lock_timeout=settings.lock_timeout,
        years=settings.years,
        max_bytes=settings.max_file_bytes,
    )


def open_corpus_for_writing(settings: Settings) -> DirectoryCorpus:
    """The corpus; a missing or empty folder becomes one, with the shipped topics and sources.

    Raises:
        StorageError: the folder cannot be made.
    """
    ensure_corpus(settings.corpus)
    return open_corpus(settings)


def open_topics(settings: Settings) -> Mapping[str, Topic]:
    """The topics of the corpus by id.

    Raises:
        ConfigurationError: a topic file cannot be understood.
    """
    from kb.topics import load_topics

    return load_topics(settings.corpus / "topics")


def open_sources(settings: Settings) -> SourceCatalogue:
    """The sources of the corpus; broken files are listed beside the good ones."""
    from crawler.sources.catalogue import load_sources

    return load_sources(settings.corpus / "sources")


def open_display_policy(settings: Settings, now: Callable[[], float] = time.monotonic) -> DisplayPolicy:
    """What visitors may see, by the source files as they are at each moment; a broken file shows excerpts."""
    from crawler.sources.catalogue import load_sources
    from kb.rights import DisplayBySource

    folder = settings.corpus / "sources"

    def read() -> dict[str, Display]:
        if not folder.is_dir():
            return {}
        good = load_sources(folder).sources
        names = {path.stem for path in folder.glob("*.toml")}
        return {name: good[name].display if name in good else Display.EXCERPT for name in names}

    return DisplayBySource(folder, read, now)


def open_annotator(settings: Settings) -> Annotator:
    """The annotators with the corpus's topics and places.

    Raises:
        ConfigurationError: a topic or place file cannot be understood.
    """
    from indexer.annotate import open_annotator

    return open_annotator(
        settings.corpus / "topics", settings.corpus / "places.tsv", most_chars=settings.annotated_chars
    )


def open_suggester(settings: Settings) -> TopicSuggester:
    """What ``kb learn`` learnt; suggests nothing before."""
    from indexer.annotate.topics.suggester import FileSuggester

    return FileSuggester(settings.learned_file)


def open_similar_places(settings: Settings) -> SimilarPlaces:
    """Which places are like another one, by the corpus's places; a missing file knows none.

    Raises:
        ConfigurationError: the places file cannot be understood.
    """
    from indexer.annotate.places.rows import read_places
    from indexer.annotate.places.similar import PlaceRanking

    path = settings.corpus / "places.tsv"
    return PlaceRanking(read_places(path) if path.exists() else ())


def open_backend(settings: Settings, annotator: Annotator | None = None) -> WhooshBackend:
    """The search engine over the index in ``var/cache/index``; what the corpus hides is in no answer.

    Whoever writes, or asks whether to rebuild, names the annotator: its version is part of the index's.

    Raises:
        ConfigurationError: synonyms or states cannot be understood.
    """
    from kb.corpus.visibility import CorpusVisibility

    return _backend(
        settings, annotator, CorpusVisibility(settings.corpus) if settings.corpus.is_dir() else None
    )


def open_bare_backend(settings: Settings) -> WhooshBackend:
    """The search engine over documents that are in no corpus. Raises as ``open_backend``."""
    return _backend(settings, None, None)


def _backend(settings: Settings, annotator: Annotator | None, visibility: Visibility | None) -> WhooshBackend:
    from indexer.backends.whoosh_backend import WhooshBackend
    from indexer.german import GermanAnalyzer, load_synonyms
    from indexer.query.states import load_states
    from indexer.ranking.priors import Priors

    analyzer = GermanAnalyzer()
    states = settings.corpus / "states.tsv"
    return WhooshBackend(
        settings.index_dir,
        analyzer,
        synonyms=load_synonyms(settings.corpus / "synonyms.txt", analyzer),
        labels=known_labels(settings),
        # A corpus that is older than this file does not have to go without.
        states=load_states(states if states.exists() else shipped_corpus() / "states.tsv", analyzer),
        priors=Priors(recency=settings.prefer_recent, doc_types=settings.prefer_kinds),
        annotations_version=annotator.version if annotator is not None else "",
        lock_timeout=settings.lock_timeout,
        visibility=visibility,
    )


def search_once(settings: Settings, query: SearchQuery) -> SearchResults:
    """Ask the index one question and end: what would pay only by many questions is not loaded.

    Raises:
        InvalidQueryError: the query asks for too much.
        IndexMissingError, IndexOutdatedError, IndexDamagedError: each names the remedy.
    """
    return open_backend(settings).search_once(query)


def open_accounts(settings: Settings) -> AccountStore:
    """The accounts in the record's database, whose tables are brought up to date.

    Raises:
        RecordError: the database cannot be opened.
    """
    from kb.record import Database, SqlAccountStore

    return SqlAccountStore(Database(settings.database_url, state_dir=settings.state_dir))


def examine_record(settings: Settings) -> Examined:
    """Whether the record's database is sound; it is neither made nor changed.

    Raises:
        ConfigurationError: ``KB_DATABASE_URL`` is no address of a database.
        RecordError: it cannot be reached.
    """
    from kb.record.soundness import examine_record

    return examine_record(settings.database_url, settings.state_dir)


def examine_crawler_files(settings: Settings) -> Iterator[Examined]:
    """Whether the files are sound in which crawls and the archive of pages remember."""
    from kb.record.soundness import examine_file

    for folder in ("crawler", "archive"):
        for file in sorted((settings.state_dir / folder).rglob("*.sqlite")):
            yield examine_file(file)


def open_source_news(settings: Settings) -> SourceNewsStore:
    """What sources say anew of documents on which editors decided."""
    from kb.record import FolderSourceNews

    return FolderSourceNews(settings.state_dir / "source-news", lock_timeout=settings.lock_timeout)


def open_failures(settings: Settings) -> FailureLog:
    """Which documents failed."""
    from kb.failure_file import FailureFile

    return FailureFile(settings.failures_file, lock_timeout=settings.lock_timeout)


def open_tombstones(settings: Settings) -> Tombstones:
    """What people had deleted for good."""
    from kb.corpus import TombstoneFile

    return TombstoneFile(settings.corpus, lock_timeout=settings.lock_timeout)


def labels(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Facet → id → German label, for the website.

    Raises:
        ConfigurationError: a topic file is broken.
    """
    return {facet: read() for facet, read in _label_readers(settings).items()}


def known_labels(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Labels for the search engine, each facet's read when first asked for.

    The engine answers without them too: a broken topic file stops no search. It does stop the index from being
    written, since the annotator cannot be opened.
    """
    return {facet: LabelsLater(read) for facet, read in _label_readers(settings).items()}


def _label_readers(settings: Settings) -> Mapping[str, Callable[[], Mapping[str, str]]]:
    return {
        "topic": lambda: {topic.id: topic.label_de for topic in open_topics(settings).values()},
        "doc_type": lambda: DOC_TYPES,
        "source": lambda: {source.id: source.label for source in open_sources(settings).sources.values()},
    }


def demo_settings(settings: Settings) -> Settings:
    """The settings of the demonstration: a corpus and state of its own below ``var/demo``."""
    home = settings.var / "demo"
    return replace(settings, corpus=home / "corpus", var=home / "var", allow_loopback=True, crawl_delay=0.0)
