"""The start page of the desk: what was worked on lately."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from kb.failures import contained, passed_over
from kb.model import Version
from webapp.accounts.sessions import desk_services
from webapp.desk.blueprint import blueprint
from webapp.site.services import current_services

_RECENT = 30


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """What was worked on lately, by anybody."""
    return render_template(
        "editor/desk.html", recent=[_row(one) for one in desk_services().versions.recent(_RECENT)]
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A document in a list; ``status`` is empty where it is gone."""

    version: Version
    title: str
    status: str


def _row(version: Version) -> _Row:
    with contained(version.document_id, passed_over):
        document = current_services().corpus.get(version.document_id).document
        return _Row(version, document.title, document.status)
    return _Row(version, version.document_id, "")
