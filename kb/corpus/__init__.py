"""The truth: documents as files, written atomically, with a revision for every writer to name."""

from kb.corpus.directory import DirectoryCorpus
from kb.corpus.front_matter import has_front_matter, parse_document
from kb.corpus.rendering import render_document
from kb.corpus.shipped import ensure_corpus, shipped_corpus
from kb.corpus.tombstones import TombstoneFile

__all__ = [
    "DirectoryCorpus",
    "TombstoneFile",
    "ensure_corpus",
    "has_front_matter",
    "parse_document",
    "render_document",
    "shipped_corpus",
]
