"""The website with the editors' desk."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import kb
from kb.errors import (
    ConfigurationError,
    IndexDamagedError,
    IndexMissingError,
    IndexOutdatedError,
    SearchIndexError,
)
from kb.ports import (
    Annotator,
    CorpusStore,
    no_progress,
)
from kb.settings import Settings, load_settings
from kb.wiring.indexing import failure_of, update_index
from kb.wiring.later import AnnotatorLater, SuggesterLater
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

    from indexer.backends.whoosh_backend import WhooshBackend
    from webapp.site.services import Counters, DeskServices


_ALL_INTERFACES = ("", "0.0.0.0", "::")
# An umlaut in a form that is sent: two bytes, three characters each.
_BYTES_PER_CHAR = 6
_SECONDS_OF_A_PAGE = 2.0


def open_annotator_later(settings: Settings) -> AnnotatorLater:
    """The annotators of the site: no search needs them."""
    return AnnotatorLater(partial(open_annotator, settings))


def open_site(settings: Settings, annotator: AnnotatorLater | None = None) -> Flask:
    """The website over corpus and index, with the editors' desk; takes up what a crash interrupted.

    What every search needs is loaded when this returns, so that processes which are forked then share it.
    """
    from webapp import SiteServices, create_app

    corpus, annotator = open_corpus(settings), annotator or open_annotator_later(settings)
    # A page does not wait as long as a command: what the index cannot follow at once is followed later.
    settings = replace(settings, lock_timeout=min(settings.lock_timeout, _SECONDS_OF_A_PAGE))
    backend = open_backend(settings)
    desk = _open_desk(settings, corpus, annotator)
    desk.desk.recover()
    backend.prepare()
    return create_app(
        SiteServices(
            corpus=corpus,
            backend=backend,
            labels=labels(settings),
            similar=open_similar_places(settings),
            display=open_display_policy(settings),
            version=kb.__version__,
            tombstones=open_tombstones(settings),
            hosts=known_hosts(settings),
            hsts_seconds=settings.hsts_seconds,
            failures=open_failures(settings),
            desk=desk,
        )
    )


def known_hosts(settings: Settings) -> tuple[str, ...]:
    """The names that the site answers to: this machine's own, and what the settings name.

    Raises:
        ConfigurationError: the public address is none.
    """
    from webapp.site.services import LOCAL_HOSTS

    named = [name.strip() for name in settings.hosts.split(",")]
    if settings.public_url:
        named.append(_host_of_public_url(settings.public_url))
    if settings.host not in _ALL_INTERFACES:
        named.append(f"[{settings.host}]" if ":" in settings.host else settings.host)
    return (*LOCAL_HOSTS, *(name for name in named if name))


def _host_of_public_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.hostname
    except ValueError:
        pass
    raise ConfigurationError(
        "das ist keine Adresse einer Website",
        subject="KB_PUBLIC_URL",
        remedy="zum Beispiel https://suche.example.de",
    )


def _open_desk(settings: Settings, corpus: CorpusStore, annotator: Annotator) -> DeskServices:
    from crawler.extract.bounded.extractors import FreshExtractor
    from indexer.updating.update import update_document
    from kb.record import Database, SqlAccountStore, SqlSessionStore, SqlVersionLog, secret_key
    from kb.record.counters import SCHEME
    from webapp.changes.desk import Desk
    from webapp.site.services import Counters, DeskServices

    @cache
    def writing() -> WhooshBackend:
        """Whoever writes names the annotator's version; whoever searches sees what is written all the same."""
        return open_backend(settings, annotator)

    failures = open_failures(settings)

    def index_document(doc_id: str) -> None:
        try:
            report = update_document(corpus, writing(), annotator, doc_id)
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
        sessions=SqlSessionStore(database),
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
        max_text_bytes=settings.max_text_chars * _BYTES_PER_CHAR,
        proxies=settings.proxies,
        counters=_counters(settings, Counters(f"{SCHEME}://", {"database": database})),
        years=settings.years,
    )


def _counters(settings: Settings, in_record: Counters) -> Counters:
    """Where wrong passwords are counted; a server named in the settings is asked for when it is needed first.

    Raises:
        ConfigurationError: the address means nothing, or a module is missing.
    """
    from limits.errors import ConfigurationError as LimitsError
    from limits.storage import storage_from_string

    from webapp.site.services import Counters

    if not settings.counters_url:
        return in_record
    try:
        storage_from_string(settings.counters_url)
    except (LimitsError, ValueError) as error:
        raise ConfigurationError(
            f"damit lässt sich nicht zählen ({error})",
            subject="KB_COUNTERS_URL",
            remedy="valkey://host:6379 oder redis://host:6379 angeben; pip install 'fundstelle[valkey,redis]'",
        ) from error
    return Counters(settings.counters_url)


def wsgi() -> Flask:
    """The WSGI entry point, set by the environment alone: ``gunicorn 'kb.wiring:wsgi()'``."""
    return open_site(load_settings())
