"""What the desk calls the states of a document and the changes to it."""

from __future__ import annotations

from kb.model import Change, Status

STATUS_LABELS = {
    Status.DRAFT: "Entwurf",
    Status.PENDING: "in Prüfung",
    Status.PUBLISHED: "veröffentlicht",
    Status.WITHDRAWN: "zurückgezogen",
}
CHANGE_LABELS = {
    Change.CREATED: "angelegt",
    Change.EDITED: "bearbeitet",
    Change.DECIDED: "entschieden",
    Change.PUBLISHED: "veröffentlicht",
    Change.UNPUBLISHED: "zum Entwurf gemacht",
    Change.WITHDRAWN: "zurückgezogen",
    Change.RESTORED: "wiederhergestellt",
    Change.SOURCE_TAKEN: "von der Quelle übernommen",
    Change.SOURCE_KEPT: "gegen die Quelle behalten",
}
