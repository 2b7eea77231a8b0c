"""What follows from a document, and which of its words say so? Rules are data.

``open_annotator`` is the way in; the flow of one document stands in ``indexer.annotate.pipeline``.
"""

from __future__ import annotations

from indexer.annotate.pipeline import DocumentAnnotator, open_annotator

__all__ = ["DocumentAnnotator", "open_annotator"]
