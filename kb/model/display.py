"""What visitors are shown of a document, made by a ``DisplayPolicy`` and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.document import Document


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as visitors may see it: ``document.text`` is only the beginning where ``is_excerpt``.

    ``is_internal``: it is for people of the house, with everything that they know of it.
    """

    document: Document
    is_excerpt: bool = False
    is_internal: bool = False
