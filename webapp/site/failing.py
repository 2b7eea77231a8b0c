"""A document with which a page fails: the page is made without it, and editors are told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from kb.errors import FundstelleError, StorageError
from kb.failures import logged, told, trace_of
from kb.model import Failure, Step
from webapp.site.services import SiteServices

_log = logging.getLogger(__name__)


def noting(services: SiteServices, doc_id: str) -> Callable[[FundstelleError], None]:
    """What ``kb.failures.contained`` is to do with a document on a page: log it, and keep it for the desk."""
    return partial(_note, services, doc_id)


def _note(services: SiteServices, doc_id: str, error: FundstelleError) -> None:
    logged(_log, error)
    if services.failures is None:
        return
    try:
        services.failures.note(Failure(doc_id, Step.PAGE, told(error, doc_id), doc_id, trace_of(error)))
    except StorageError as problem:  # a visitor's page does not fail because it cannot be told
        _log.error("%s", problem)
