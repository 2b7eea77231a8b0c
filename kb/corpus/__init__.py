"""The truth: documents as files, written atomically, with a revision for every writer to name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.corpus.directory import DirectoryCorpus
    from kb.corpus.front_matter import build_document, has_front_matter, parse_document, split_front_matter
    from kb.corpus.rendering import render_document
    from kb.corpus.shipped import ensure_corpus, shipped_corpus
    from kb.corpus.tombstones import TombstoneFile

__all__ = [
    "DirectoryCorpus",
    "TombstoneFile",
    "build_document",
    "ensure_corpus",
    "has_front_matter",
    "parse_document",
    "render_document",
    "shipped_corpus",
    "split_front_matter",
]

_PLACES = {
    "DirectoryCorpus": "directory",
    "TombstoneFile": "tombstones",
    "build_document": "front_matter",
    "ensure_corpus": "shipped",
    "has_front_matter": "front_matter",
    "parse_document": "front_matter",
    "render_document": "rendering",
    "shipped_corpus": "shipped",
    "split_front_matter": "front_matter",
}


def __getattr__(name: str) -> object:
    """Load a file of this room on first use: an index needs the writing of files, but no YAML."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
