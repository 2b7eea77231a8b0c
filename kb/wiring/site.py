"""The website with the editors' desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kb
from kb.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError, SearchIndexError
from kb.ports import (
    Annotator,
    CorpusStore,
    SearchBackend,
    no_progress,
)
from kb.settings import Settings, load_settings
from kb.wiring.indexing import failure_of, update_index
from kb.wiring.parts import (
    labels,
    open_annotator,
    open_backend,
    open_corpus,
    open_display_policy,
    open_failures,
    open_similar_places,
    open_source_news,
    open_suggester,
    open_tombstones,
    open_topics,
)
from kb.wiring.reading import extract_options

if TYPE_CHECKING:
    from flask import Flask

    from webapp.site.services import DeskServices


_SECONDS_OF_A_PAGE = 2.0


def open_site(settings: Settings) -> Flask:
    """The website over corpus and index, with the editors' desk; takes up what a crash interrupted."""
    from webapp import SiteServices, create_app

    corpus, annotator = open_corpus(settings), open_annotator(settings)
    # A page does not wait as long as a command: what the index cannot follow at once is followed later.
    settings = settings.model_copy(update={"lock_timeout": min(settings.lock_timeout, _SECONDS_OF_A_PAGE)})
    backend = open_backend(settings, annotator)
    desk = _open_desk(settings, corpus, backend, annotator)
    desk.desk.recover()
    return create_app(
        SiteServices(
            corpus=corpus,
            backend=backend,
            annotator=annotator,
            labels=labels(settings),
            similar=open_similar_places(settings),
            display=open_display_policy(settings),
            version=kb.__version__,
            tombstones=open_tombstones(settings),
            failures=open_failures(settings),
            desk=desk,
        )
    )


def _open_desk(
    settings: Settings, corpus: CorpusStore, backend: SearchBackend, annotator: Annotator
) -> DeskServices:
    from crawler.extract.bounded.extractors import FreshExtractor
    from indexer.updating.update import update_document
    from kb.record import Database, SqlAccountStore, SqlVersionLog, secret_key
    from webapp.changes.desk import Desk
    from webapp.site.services import DeskServices

    failures = open_failures(settings)

    def index_document(doc_id: str) -> None:
        try:
            report = update_document(corpus, backend, annotator, doc_id)
        except (IndexMissingError, IndexOutdatedError, IndexDamagedError):
            report = update_index(settings, progress=no_progress)
        problem = next((one for one in report.problems if one.doc_id == doc_id and not one.indexed), None)
        if problem is None:
            failures.settle(doc_id)
            return
        failures.note(failure_of(problem))
        raise SearchIndexError(problem.reason, subject=doc_id)

    database = Database(settings.database_url, state_dir=settings.state_dir)
    versions, news = SqlVersionLog(database), open_source_news(settings)
    return DeskServices(
        accounts=SqlAccountStore(database),
        versions=versions,
        news=news,
        desk=Desk(corpus, versions, news, index_document),
        extractor=FreshExtractor(extract_options(settings)),
        annotator=annotator,
        suggester=open_suggester(settings),
        topics=tuple(open_topics(settings)),
        secret_key=secret_key(settings.state_dir),
        uploads=settings.state_dir / "uploads",
        max_upload_bytes=settings.max_file_bytes,
        proxies=settings.proxies,
        years=settings.years,
    )


def wsgi() -> Flask:
    """The WSGI entry point, set by the environment alone: ``gunicorn 'kb.wiring:wsgi()'``."""
    return open_site(load_settings())
