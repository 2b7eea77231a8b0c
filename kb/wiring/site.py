"""The website with the editors' desk."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import kb
from kb.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError
from kb.ports import (
    Annotator,
    CorpusStore,
    no_progress,
)
from kb.settings import Settings, load_settings
from kb.wiring.indexing import update_index
from kb.wiring.later import AnnotatorLater, SuggesterLater
from kb.wiring.parts import (
    labels,
    open_annotator,
    open_backend,
    open_corpus,
    open_display_policy,
    open_similar_places,
    open_source_news,
    open_suggester,
    open_tombstones,
    open_topics,
)
from kb.wiring.reading import extract_options

if TYPE_CHECKING:
    from flask import Flask

    from indexer.backends.whoosh_backend import WhooshBackend
    from webapp.site.services import DeskServices


def open_annotator_later(settings: Settings) -> AnnotatorLater:
    """The annotators of the site: no search needs them."""
    return AnnotatorLater(partial(open_annotator, settings))


def open_site(settings: Settings, annotator: AnnotatorLater | None = None) -> Flask:
    """The website over corpus and index, with the editors' desk; takes up what a crash interrupted.

    What every search needs is loaded when this returns, so that processes which are forked then share it.
    """
    from webapp import SiteServices, create_app

    corpus, annotator = open_corpus(settings), annotator or open_annotator_later(settings)
    backend = open_backend(settings)
    desk = _open_desk(settings, corpus, annotator)
    desk.desk.recover()
    backend.prepare()
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
            desk=desk,
        )
    )


def _open_desk(settings: Settings, corpus: CorpusStore, annotator: Annotator) -> DeskServices:
    from crawler.extract.bounded.extractors import FreshExtractor
    from indexer.updating.update import update_document
    from kb.record import Database, SqlAccountStore, SqlVersionLog, secret_key
    from webapp.changes.desk import Desk
    from webapp.site.services import DeskServices

    @cache
    def writing() -> WhooshBackend:
        """Whoever writes names the annotator's version; whoever searches sees what is written all the same."""
        return open_backend(settings, annotator)

    def index_document(doc_id: str) -> None:
        try:
            update_document(corpus, writing(), annotator, doc_id)
        except (IndexMissingError, IndexOutdatedError, IndexDamagedError):
            update_index(settings, progress=no_progress)

    database = Database(settings.database_url, state_dir=settings.state_dir)
    versions, news = SqlVersionLog(database), open_source_news(settings)
    return DeskServices(
        accounts=SqlAccountStore(database),
        versions=versions,
        news=news,
        desk=Desk(corpus, versions, news, index_document),
        extractor=FreshExtractor(extract_options(settings)),
        annotator=annotator,
        suggester=SuggesterLater(partial(open_suggester, settings)),
        topics=tuple(open_topics(settings)),
        secret_key=secret_key(settings.state_dir),
        uploads=settings.state_dir / "uploads",
        max_upload_bytes=settings.max_file_bytes,
        proxies=settings.proxies,
    )


def wsgi() -> Flask:
    """The WSGI entry point, set by the environment alone: ``gunicorn 'kb.wiring:wsgi()'``."""
    return open_site(load_settings())
