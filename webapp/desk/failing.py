"""Documents that make a step of the program fail, for whoever can mend them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from kb.model import Failure, Step
from webapp.desk.blueprint import blueprint
from webapp.site.services import current_services

_ON_START_PAGE = 20
STEP_LABELS = {
    Step.SOURCE: "antwortet nicht wie sonst",
    Step.INDEX: "fehlt in der Suche",
    Step.PAGE: "Seite unvollständig",
    Step.CRAWL: "beim Abruf übergangen",
}


@dataclass(frozen=True, slots=True)
class FailingRow:
    """One row: what fails, where to mend it (if it can be read at all), and what is said of it."""

    failure: Failure
    url: str | None

    @property
    def step(self) -> str:
        """What does not work."""
        return STEP_LABELS[self.failure.step]


@dataclass(frozen=True, slots=True)
class Failing:
    """The first rows, and how many more there are."""

    rows: tuple[FailingRow, ...]
    others: int

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.rows) + self.others


def failing() -> Failing:
    """What is known to fail."""
    failures = current_services().failures
    if failures is None:
        return Failing((), 0)
    known = [one for one in failures.all() if one.step is not Step.SOURCE]
    rows = tuple(FailingRow(one, _review_of(one)) for one in known[:_ON_START_PAGE])
    return Failing(rows, len(known) - len(rows) + failures.left_out())


def troubled_sources() -> list[Failure]:
    """Sources that did not answer as they used to when they were last visited."""
    failures = current_services().failures
    known = failures.all() if failures is not None else ()
    return [one for one in known if one.step is Step.SOURCE]


def failures_of(doc_id: str) -> list[FailingRow]:
    """What fails with one document."""
    failures = current_services().failures
    known = failures.all() if failures is not None else ()
    return [FailingRow(one, None) for one in known if one.doc_id == doc_id]


def _review_of(failure: Failure) -> str | None:
    return url_for("editor.review", doc_id=failure.doc_id) if failure.doc_id else None


@blueprint.app_context_processor  # a form that is gone on with is shown by the login
def _for_templates() -> dict[str, object]:
    return {"failing_documents": failing, "troubled_sources": troubled_sources}
