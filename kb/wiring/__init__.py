"""The only place that knows concrete classes: every command and the website get their parts here."""

from __future__ import annotations

from kb.wiring.indexing import evaluate, evaluate_annotations, import_places, learn_topics, update_index
from kb.wiring.parts import (
    demo_settings,
    open_accounts,
    open_annotator,
    open_backend,
    open_corpus,
    open_corpus_for_writing,
    open_display_policy,
    open_failures,
    open_similar_places,
    open_source_news,
    open_sources,
    open_suggester,
    open_tombstones,
    open_topics,
    search_once,
)
from kb.wiring.reading import (
    check_links,
    find_duplicates,
    note_crawl_failures,
    open_crawl,
    open_extractor,
    open_fetcher,
    read_content,
    schedule,
)
from kb.wiring.site import open_annotator_later, open_site, wsgi

__all__ = [
    "check_links",
    "demo_settings",
    "evaluate",
    "evaluate_annotations",
    "find_duplicates",
    "import_places",
    "learn_topics",
    "note_crawl_failures",
    "open_accounts",
    "open_annotator",
    "open_annotator_later",
    "open_backend",
    "open_corpus",
    "open_corpus_for_writing",
    "open_crawl",
    "open_display_policy",
    "open_extractor",
    "open_failures",
    "open_fetcher",
    "open_similar_places",
    "open_site",
    "open_source_news",
    "open_sources",
    "open_suggester",
    "open_tombstones",
    "open_topics",
    "read_content",
    "schedule",
    "search_once",
    "update_index",
    "wsgi",
]
