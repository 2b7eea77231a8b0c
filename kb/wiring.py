"""The one place that knows concrete classes: settings in, working parts out.

Swapping a backend, a store or an extractor touches one function here. Everything is imported inside
the functions, so that a command pays only for the rooms it enters.
"""

from __future__ import annotations

import getpass
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import kb
from kb.corpus import DirectoryCorpus, TombstoneFile, ensure_corpus, shipped_corpus
from kb.errors import ConfigurationError, IndexDamagedError, IndexMissingError, IndexOutdatedError
from kb.model import DOC_TYPES, Display, RawContent
from kb.ports import (
    AccountStore,
    Annotator,
    CorpusStore,
    DisplayPolicy,
    Extractor,
    Progress,
    SearchBackend,
    SimilarPlaces,
    SourceNewsStore,
    Tombstones,
    TopicSuggester,
    no_progress,
)
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from flask import Flask

    from crawler.fetch import Fetcher
    from crawler.link_check import LinkReport
    from crawler.process import CrawlJob
    from crawler.schedule import Scheduled
    from crawler.sources import Source, SourceCatalogue
    from indexer.annotate.learning import TopicReport
    from indexer.annotate.register import Completion
    from indexer.annotation_evaluation import AnnotationReport
    from indexer.backends.whoosh_backend import WhooshBackend
    from indexer.build import IndexReport
    from indexer.evaluation import EvalReport
    from kb.topics import Topic
    from webapp.services import DeskServices


def open_corpus(settings: Settings) -> DirectoryCorpus:
    """The corpus for reading.

    Raises:
        ConfigurationError: there is no such folder.
    """
    if not settings.corpus.is_dir():
        raise ConfigurationError(
            "es gibt hier keinen Korpus",
            subject=str(settings.corpus),
            remedy="mit `kb init` anlegen, mit `kb import` füllen oder --corpus angeben",
        )
    return DirectoryCorpus(settings.corpus, lock_timeout=settings.lock_timeout)


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
    from crawler.sources import load_sources

    return load_sources(settings.corpus / "sources")


def open_display_policy(settings: Settings, now: Callable[[], float] = time.monotonic) -> DisplayPolicy:
    """What visitors may see, by the source files as they are at each moment; a broken file shows excerpts."""
    from crawler.sources import load_sources
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

    return open_annotator(settings.corpus / "topics", settings.corpus / "places.tsv")


def open_suggester(settings: Settings) -> TopicSuggester:
    """What ``kb learn`` learnt; suggests nothing before."""
    from indexer.annotate.suggester import FileSuggester

    return FileSuggester(settings.learned_file)


def open_similar_places(settings: Settings) -> SimilarPlaces:
    """Which places are like another one, by the corpus's places; a missing file knows none.

    Raises:
        ConfigurationError: the places file cannot be understood.
    """
    from indexer.annotate.gazetteer import read_places
    from indexer.annotate.similar import PlaceRanking

    path = settings.corpus / "places.tsv"
    return PlaceRanking(read_places(path) if path.exists() else ())


def learn_topics(settings: Settings) -> tuple[TopicReport, ...]:
    """Learn topics from the editors' decisions in the corpus and keep what was learnt for the desk.

    Raises:
        ConfigurationError: there is no corpus, or a topic cannot be understood.
        StorageError: the result cannot be written.
    """
    from indexer.annotate.suggester import learn_from

    corpus, topics = open_corpus(settings), open_topics(settings)
    return learn_from(corpus, open_annotator(settings), topics, settings.learned_file)


def open_backend(settings: Settings, annotator: Annotator | None = None) -> WhooshBackend:
    """The search engine over the index in ``var/cache/index``.

    Whoever writes, or asks whether to rebuild, names the annotator: its version is part of the index's.

    Raises:
        ConfigurationError: the synonyms cannot be understood.
    """
    from indexer.backends.whoosh_backend import WhooshBackend
    from indexer.german import GermanAnalyzer, load_synonyms
    from indexer.ranking.priors import Priors

    analyzer = GermanAnalyzer()
    return WhooshBackend(
        settings.index_dir,
        analyzer,
        synonyms=load_synonyms(settings.corpus / "synonyms.txt", analyzer),
        labels=_known_labels(settings),
        priors=Priors(recency=settings.prefer_recent, doc_types=settings.prefer_kinds),
        annotations_version=annotator.version if annotator is not None else "",
        lock_timeout=settings.lock_timeout,
    )


def make_extractor(settings: Settings, source: Source | None = None) -> Extractor:
    """The extractor with the limits of the settings and, for one source, its selectors."""
    from crawler.extract import ContentExtractor, ExtractOptions

    options = ExtractOptions(max_text_chars=settings.max_text_chars, max_file_bytes=settings.max_file_bytes)
    return ContentExtractor(options if source is None else options.for_source(source))


def open_crawl(settings: Settings, sources: Iterable[Source]) -> CrawlJob:
    """What ``crawler.crawl.run_crawl`` needs; everything in it can travel to the crawling process."""
    from crawler.process import CrawlJob

    return CrawlJob(
        sources=tuple(sources),
        open_corpus=partial(open_corpus, settings),
        make_extractor=partial(make_extractor, settings),
        open_news=partial(open_source_news, settings),
        open_tombstones=partial(open_tombstones, settings),
        archive_dir=settings.state_dir / "archive" if settings.crawl_archive else None,
        contact=settings.contact,
        allow_loopback=settings.allow_loopback,
        delay=settings.crawl_delay,
        max_pages=settings.crawl_max_pages,
        timeout=settings.crawl_timeout,
        max_bytes=settings.max_file_bytes,
        max_total_bytes=settings.crawl_max_total_bytes,
        max_seconds=settings.crawl_max_seconds,
        log_file=settings.state_dir / "crawl.log",
        state_dir=settings.state_dir / "crawler",
    )


def open_fetcher(settings: Settings) -> Fetcher:
    """What fetches a few pages for a person, under the crawler's policy."""
    from crawler.fetch import Fetcher, FetchOptions

    return Fetcher(
        FetchOptions(
            contact=settings.contact,
            allow_loopback=settings.allow_loopback,
            timeout=settings.crawl_timeout,
            max_bytes=settings.max_file_bytes,
            pause=settings.crawl_delay,
        )
    )


def schedule(settings: Settings, names: Sequence[str]) -> Scheduled:
    """How this installation, with these folders and settings, crawls by itself; no secrets in it."""
    from crawler.schedule import Scheduled

    program = Path(sys.argv[0]).resolve()
    is_module = program.name == "__main__.py" or not program.is_file()
    return Scheduled(
        command=(*((sys.executable, "-m", "kb") if is_module else (str(program),)), "crawl", *names),
        folder=Path.cwd(),
        environment={
            "KB_CORPUS": str(settings.corpus.resolve()),
            "KB_VAR": str(settings.var.resolve()),
            **({"KB_CONTACT": settings.contact} if settings.contact else {}),
        },
        user=getpass.getuser(),
    )


def check_links(settings: Settings, limit: int, progress: Progress) -> LinkReport:
    """Ask for the addresses in the corpus, and keep what was found in ``var/state/reports``.

    Raises:
        ConfigurationError: no corpus.
        StorageError: the report cannot be written.
    """
    from crawler.link_check import check_links, links_of_corpus, save_link_report

    links = links_of_corpus(open_corpus(settings))
    report = check_links(links, partial(open_fetcher, settings), limit, progress)
    save_link_report(settings.state_dir / "reports", report)
    return report


def read_content(settings: Settings, name: str) -> RawContent:
    """The bytes of a file, or of a web page under the crawler's policy.

    Raises:
        FetchError: the page cannot or must not be fetched.
        InputError: the file cannot be read, or is too large.
    """
    if name.startswith(("http://", "https://")):
        return open_fetcher(settings).fetch(name)
    from crawler.local_files import read_file

    return RawContent(read_file(Path(name), settings.max_file_bytes), name=name)


def update_index(settings: Settings, *, rebuild: bool = False, progress: Progress) -> IndexReport:
    """Bring the index up to the corpus.

    Raises:
        ConfigurationError: no corpus, or broken topics.
        IndexLockedError: another process is writing.
        StorageError: the index cannot be written.
    """
    from indexer.build import IndexOptions, update_index

    annotator = open_annotator(settings)
    backend = open_backend(settings, annotator)
    return update_index(
        open_corpus(settings),
        backend,
        annotator,
        # What was learned from the corpus is learned anew when the corpus has become another one.
        options=IndexOptions(
            rebuild=rebuild or backend.has_drifted(), known_topics=frozenset(open_topics(settings))
        ),
        progress=progress,
    )


def evaluate(settings: Settings, folder: Path, queries: Path | None, k: int) -> EvalReport:
    """Measure the search on a set, in a temporary index, with the corpus's synonyms (or the shipped ones).

    Raises:
        ConfigurationError: a file of the set is missing or wrong.
    """
    from indexer.evaluation import evaluate

    corpus = settings.corpus if settings.corpus.is_dir() else shipped_corpus()
    with TemporaryDirectory(prefix="fundstelle-eval-") as temporary:
        chosen = settings.model_copy(update={"corpus": corpus, "var": Path(temporary)})
        return evaluate(folder, open_backend(chosen), queries, k=k)


def import_places(register_file: Path, places_file: Path) -> Completion:
    """Complete the places of a corpus from the official municipal register.

    Raises:
        ConfigurationError: the places file is wrong.
        UnreadableInputError: the register is wrong.
    """
    from indexer.annotate.register import import_register

    return import_register(register_file, places_file)


def evaluate_annotations(settings: Settings, folder: Path) -> AnnotationReport:
    """Measure the annotators on a labelled folder, with the corpus's topics and places (or the shipped ones).

    Raises:
        ConfigurationError: a topic or place file cannot be understood.
        UnreadableInputError: a file of the folder is missing or wrong.
    """
    from indexer.annotation_evaluation import evaluate_annotations

    corpus = settings.corpus if settings.corpus.is_dir() else shipped_corpus()
    annotator = open_annotator(settings.model_copy(update={"corpus": corpus}))
    return evaluate_annotations(folder, annotator.annotate)


def open_accounts(settings: Settings) -> AccountStore:
    """The accounts in the record's database, whose tables are brought up to date.

    Raises:
        RecordError: the database cannot be opened.
    """
    from kb.record import Database, SqlAccountStore

    return SqlAccountStore(Database(settings.database_url, state_dir=settings.state_dir))


def open_source_news(settings: Settings) -> SourceNewsStore:
    """What sources say anew of documents on which editors decided."""
    from kb.record import FolderSourceNews

    return FolderSourceNews(settings.state_dir / "source-news", lock_timeout=settings.lock_timeout)


def open_tombstones(settings: Settings) -> Tombstones:
    """What people had deleted for good."""
    return TombstoneFile(settings.corpus, lock_timeout=settings.lock_timeout)


def open_site(settings: Settings) -> Flask:
    """The website over corpus and index, with the editors' desk; takes up what a crash interrupted."""
    from webapp import SiteServices, create_app

    corpus, annotator = open_corpus(settings), open_annotator(settings)
    backend = open_backend(settings, annotator)
    desk = _open_desk(settings, corpus, backend, annotator)
    desk.desk.recover()
    return create_app(
        SiteServices(
            corpus=corpus,
            backend=backend,
            annotator=annotator,
            labels=_labels(settings),
            similar=open_similar_places(settings),
            display=open_display_policy(settings),
            version=kb.__version__,
            tombstones=open_tombstones(settings),
            desk=desk,
        )
    )


def _open_desk(
    settings: Settings, corpus: CorpusStore, backend: SearchBackend, annotator: Annotator
) -> DeskServices:
    from indexer.build import update_document
    from kb.record import Database, SqlAccountStore, SqlVersionLog, secret_key
    from webapp.desk import Desk
    from webapp.services import DeskServices

    def index_document(doc_id: str) -> None:
        try:
            update_document(corpus, backend, annotator, doc_id)
        except (IndexMissingError, IndexOutdatedError, IndexDamagedError):
            update_index(settings, progress=no_progress)

    database = Database(settings.database_url, state_dir=settings.state_dir)
    versions, news = SqlVersionLog(database), open_source_news(settings)
    return DeskServices(
        accounts=SqlAccountStore(database),
        versions=versions,
        news=news,
        desk=Desk(corpus, versions, news, index_document),
        extractor=_bounded_extractor(settings),
        annotator=annotator,
        suggester=open_suggester(settings),
        topics=tuple(open_topics(settings)),
        secret_key=secret_key(settings.state_dir),
        uploads=settings.state_dir / "uploads",
        max_upload_bytes=settings.max_file_bytes,
        proxies=settings.proxies,
    )


def _bounded_extractor(settings: Settings) -> Extractor:
    """Extraction for files from strangers: in a process of its own that may die without harm."""
    from crawler.extract import ExtractOptions
    from crawler.extract.worker import BoundedExtractor

    return BoundedExtractor(
        ExtractOptions(max_text_chars=settings.max_text_chars, max_file_bytes=settings.max_file_bytes)
    )


def wsgi() -> Flask:
    """The WSGI entry point, set by the environment alone: ``gunicorn 'kb.wiring:wsgi()'``."""
    return open_site(load_settings())


def _labels(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    return {
        "topic": {topic.id: topic.label_de for topic in open_topics(settings).values()},
        "doc_type": DOC_TYPES,
        "source": {source.id: source.label for source in open_sources(settings).sources.values()},
    }


def _known_labels(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Labels for the search engine, which answers without them too: a broken topic file stops no search.

    It does stop the index from being written, since the annotator cannot be opened.
    """
    try:
        return _labels(settings) if settings.corpus.is_dir() else {}
    except ConfigurationError:
        return {}


def demo_settings(settings: Settings) -> Settings:
    """The settings of the demonstration: a corpus and state of its own below ``var/demo``."""
    home = settings.var / "demo"
    return settings.model_copy(
        update={"corpus": home / "corpus", "var": home / "var", "allow_loopback": True, "crawl_delay": 0.0}
    )
