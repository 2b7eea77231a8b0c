"""The kinds of documents: their ids, by the names that rules use, and their German labels."""

from __future__ import annotations

REPORT = "veranstaltungsbericht"
EXAMPLE = "praxisbeispiel"
ANNOUNCEMENT = "ankuendigung"
OTHER = "sonstiges"

# In the order in which lists show them.
DOC_TYPES = {
    REPORT: "Veranstaltungsbericht",
    EXAMPLE: "Praxisbeispiel",
    "handreichung_konzept": "Handreichung / Konzept",
    ANNOUNCEMENT: "Ankündigung",
    OTHER: "Sonstiges",
}
