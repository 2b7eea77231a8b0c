"""The annotators over the shipped topics and places, built once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.annotate import DocumentAnnotator
from indexer.annotate.text.language import german
from indexer.annotate.text.reading import Reading, read
from kb.model import Document, PartialDate, normalise_text
from tests.annotators import shipped

CORPUS = Path(__file__).parents[3] / "corpus"

MakeDocument = Callable[..., Document]


def document(
    text: str, *, title: str = "Ohne Titel", published: str | None = None, language: str = "de"
) -> Document:
    """A document as an import would make it."""
    return Document(
        id="probe",
        title=title,
        text=normalise_text(text),
        published=PartialDate.parse(published) if published else None,
        language=language,
    )


def reading(text: str, title: str = "Ohne Titel") -> Reading:
    """A document as the annotators see it."""
    return read(document(text, title=title), german())


@pytest.fixture(scope="session")
def annotator() -> DocumentAnnotator:
    return shipped()
