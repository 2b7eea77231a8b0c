"""What follows from a document, and which of its words say so? Rules are data.

``open_annotator`` is the way in; the flow of one document stands in ``indexer.annotate.pipeline``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.annotate.pipeline import DocumentAnnotator, open_annotator

__all__ = ["DocumentAnnotator", "open_annotator"]


def __getattr__(name: str) -> object:
    """Load the annotators on first use: who only reads places does not pay for spaCy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from indexer.annotate import pipeline

    return getattr(pipeline, name)
