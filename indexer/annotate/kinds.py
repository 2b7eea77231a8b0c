"""The kinds of documents that the rules speak of; all of them stand in ``kb.model.DOC_TYPES``."""

from __future__ import annotations

REPORT = "veranstaltungsbericht"
ANNOUNCEMENT = "ankuendigung"
EXAMPLE = "praxisbeispiel"
OTHER = "sonstiges"
