"""Annotators are pure functions of their files, and slow to build: each is built once a process."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from indexer.annotate import DocumentAnnotator, open_annotator
from indexer.annotate.pipeline import MOST_CHARS
from kb.corpus import shipped_corpus

_built: dict[str, DocumentAnnotator] = {}


def open_once(topics_dir: Path, places_file: Path, *, most_chars: int = MOST_CHARS) -> DocumentAnnotator:
    """``open_annotator``, or what it gave for files with the same content.

    Raises:
        ConfigurationError: as ``open_annotator`` does.
    """
    paths = [*sorted(topics_dir.glob("*.toml")), *([places_file] if places_file.exists() else ())]
    key = repr([(path.name, sha256(path.read_bytes()).hexdigest()) for path in paths] + [most_chars])
    if key not in _built:
        _built[key] = open_annotator(topics_dir, places_file, most_chars=most_chars)
    return _built[key]


@cache
def shipped() -> DocumentAnnotator:
    """The annotators over the shipped topics and places."""
    return open_once(shipped_corpus() / "topics", shipped_corpus() / "places.tsv")
