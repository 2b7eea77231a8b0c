"""Groups of documents with the same, or nearly the same, text, for editors to look at; nothing is changed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from crawler.likeness.twins import Twin, Twins
from kb.errors import DocumentNotFoundError, InvalidDocumentError
from kb.failures import contained, documents_of, logged, passed_over
from kb.model import Document, Status
from kb.ports import CorpusStore, Progress, no_progress

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a group, with what tells it from the others."""

    doc_id: str
    title: str
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Documents each of which is like another one of them.

    ``similarity`` (0 to 1) is that of the least alike pair that holds the group together; ``is_same`` says that
    all of these pairs are one text but for typesetting and dates of printing.
    """

    members: tuple[Member, ...]
    similarity: float
    is_same: bool

    def to_json(self) -> dict[str, object]:
        """Plain values for programs."""
        return {
            "similarity": round(self.similarity, 3),
            "same": self.is_same,
            "documents": [
                {"id": one.doc_id, "title": one.title, "source": one.source, "url": one.url}
                for one in self.members
            ],
        }

    def lines(self) -> list[str]:
        """For people: how alike, then one line a document."""
        percent = f"{int(self.similarity * 100)} %"
        head = "gleicher Text" if self.is_same else f"ähnlicher Text, mindestens {percent}"
        return [
            f"{head}:",
            *(f"  {one.doc_id} ({one.source}): {one.title}" for one in self.members),
        ]


def find_duplicates(corpus: CorpusStore, floor: float, progress: Progress = no_progress) -> tuple[Group, ...]:
    """Groups of documents that are at least ``floor`` (0 to 1) alike, the most alike first.

    Withdrawn documents and broken files are left out.

    Raises:
        StorageError: the corpus cannot be read.
    """
    texts = Twins(lambda doc_id: _stored(corpus, doc_id))
    members: dict[str, Member] = {}
    pairs: list[tuple[str, Twin]] = []
    for stored in documents_of(corpus, passed_over):
        document = stored.document
        if document.status is Status.WITHDRAWN:
            continue
        members[document.id] = Member(document.id, document.title, document.source, document.url)
        with contained(stored.location, partial(logged, _log)):
            pairs += [(document.id, twin) for twin in texts.alike(document, floor)]
            texts.add(document)
        progress(len(members), None, document.id)
    return tuple(sorted(_groups(members, pairs), key=lambda one: (-one.similarity, one.members[0].doc_id)))


def _groups(members: dict[str, Member], pairs: Iterable[tuple[str, Twin]]) -> list[Group]:
    """Pairs that share a document are one group."""
    group_of: dict[str, list[str]] = {}
    held_by: list[tuple[str, Twin]] = []
    for doc_id, twin in sorted(pairs, key=lambda pair: -pair[1].similarity):
        one, other = (group_of.setdefault(member, [member]) for member in (doc_id, twin.doc_id))
        if one is other:
            continue
        held_by.append((doc_id, twin))
        one += other
        for member in other:
            group_of[member] = one
    groups = {id(group): group for group in group_of.values()}
    links: dict[int, list[Twin]] = {}
    for doc_id, twin in held_by:
        links.setdefault(id(group_of[doc_id]), []).append(twin)
    return [
        Group(
            tuple(members[doc_id] for doc_id in sorted(group)),
            min(twin.similarity for twin in links[key]),
            all(twin.is_same for twin in links[key]),
        )
        for key, group in groups.items()
    ]


def _stored(corpus: CorpusStore, doc_id: str) -> Document | None:
    try:
        return corpus.get(doc_id).document
    except (InvalidDocumentError, DocumentNotFoundError):
        return None
