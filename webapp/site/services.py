"""What the site is given: ports and data, filled by wiring and read by every blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from kb.model import DOC_TYPES, UNDECIDED, YearSpan
from kb.ports import (
    AccountStore,
    Annotator,
    CorpusStore,
    DisplayPolicy,
    Extractor,
    FailureLog,
    SearchBackend,
    SessionStore,
    SimilarPlaces,
    SourceNewsStore,
    Tombstones,
    TopicSuggester,
    VersionLog,
)
from kb.rights import DisplayByRights
from webapp.changes.desk import Desk

_EXTENSION = "fundstelle"
# How a browser on this machine asks.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Counters:
    """Where `limits` counts for all workers: the address of a storage, and what it is made with.

    The default counts in the memory of one process, which is for tests.
    """

    uri: str = "memory://"
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeskServices:
    """What editors need; a site without it is for searching only, and has no page to log in.

    ``secret_key`` signs sessions. ``topics`` are the ids that may be decided on. ``uploads`` is a folder
    outside any served path. ``max_text_bytes`` is what a form with the longest text takes. ``proxies`` is how
    many servers of our own stand before this one. ``suggester`` proposes topics learnt from decisions, beside
    the annotator's. ``counters`` is where wrong passwords are counted. ``years`` are those in which a date that
    an editor types may lie.
    """

    accounts: AccountStore
    sessions: SessionStore
    versions: VersionLog
    news: SourceNewsStore
    desk: Desk
    extractor: Extractor
    annotator: Annotator
    topics: tuple[str, ...]
    secret_key: bytes
    uploads: Path
    max_upload_bytes: int = 50_000_000
    max_text_bytes: int = 12_000_000
    proxies: int = 0
    suggester: TopicSuggester | None = None
    counters: Counters = field(default_factory=Counters)
    years: YearSpan = field(default_factory=YearSpan)


@dataclass(frozen=True, slots=True)
class SiteServices:
    """Everything that the site needs from the other rooms; all of it must be safe to use from several threads.

    ``labels`` maps a facet name (``topic``, ``source``, ``doc_type``) to German labels by id; what has
    no label is shown by its id. ``similar`` tells places like a given one, where it is known.
    ``display`` says how much of a text visitors see: every outlet asks ``webapp.accounts.shown``. ``hosts`` are
    the names that this site answers to, without ports. For ``hsts_seconds`` browsers shall ask by TLS alone.
    ``failures`` is told with which documents a page fails.
    """

    corpus: CorpusStore
    backend: SearchBackend
    labels: Mapping[str, Mapping[str, str]]
    version: str
    desk: DeskServices | None = None
    similar: SimilarPlaces | None = None
    tombstones: Tombstones | None = None
    hosts: tuple[str, ...] = LOCAL_HOSTS
    hsts_seconds: int = 0
    failures: FailureLog | None = None
    display: DisplayPolicy = field(default_factory=DisplayByRights)

    def label(self, facet: str, value: str) -> str:
        """The German name of a facet's value."""
        if value == UNDECIDED:
            return "nicht bestimmt"
        known = self.labels.get(facet, {})
        if facet == "doc_type" and value not in known:
            return DOC_TYPES.get(value, value)
        return known.get(value, value)


def install(app: Flask, services: SiteServices) -> None:
    """Hand the services to an application, once."""
    app.extensions[_EXTENSION] = services


def current_services() -> SiteServices:
    """The services of the application that answers the current request."""
    return cast(SiteServices, current_app.extensions[_EXTENSION])
